import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

/** A run directory that another trainer holds; the message names its process. */
export class LockError extends Error {
  override readonly name = 'LockError';
}

/** When a process began (clock ticks since boot), or '' where the system does not tell; a pid alone is used again. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return '';
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
 * Takes the directory for this process, by a file `lock` that holds pid and start. A lock whose process is gone is
 * taken over. @returns what gives it back. @throws LockError when a living trainer holds it.
 */
export function lockDirectory(directory: string): () => void {
  const file = path.join(directory, 'lock');
  for (let attempt = 0; ; attempt++) {
    try {
      const descriptor = openSync(file, 'wx');
      writeSync(descriptor, `${process.pid} ${startOf(process.pid)}`);
      closeSync(descriptor);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const [pid, start] = readFileSync(file, 'utf8').split(' ');
    const held = Number(pid) > 0 && isAlive(Number(pid)) && (start || '') === startOf(Number(pid));
    if (held || attempt > 0) throw new LockError(`${directory}: process ${pid} is training here`);
    rmSync(file, { force: true });
  }
}
