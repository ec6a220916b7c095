import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';

/** When a process began, in the kernel's ticks: a number may be given again, number and beginning are not. */
function beginningOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces; the 22nd field is the 20th after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Takes a lock file for this process and returns what frees it. The lock of a process that died, by `kill -9` or
 * otherwise, is taken over. Throws when a living process holds it.
 */
export function takeLock(path: string): () => void {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const fd = openSync(path, 'wx', 0o600);
      writeSync(fd, JSON.stringify({ pid: process.pid, began: beginningOf(process.pid) }));
      closeSync(fd);
      held.add(path);
      return () => {
        held.delete(path);
        unlinkSync(path);
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (holderLives(path))
        throw new Error('another process holds the ledger directory (its file `lock` names it)');
      unlinkSync(path);
    }
  }
  throw new Error('the ledger directory is being taken by another process');
}

const held = new Set<string>();

function holderLives(path: string): boolean {
  if (held.has(path)) return true;
  try {
    const { pid, began } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number; began: string | null };
    if (pid === process.pid || !Number.isInteger(pid) || !isAlive(pid)) return false;
    const now = beginningOf(pid);
    return began === null || now === null || began === now;
  } catch {
    return false;
  }
}
