import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeAccount, encodeAccount } from './record.ts';
import type { AccountState } from './vm.ts';

/** What a snapshot says of itself. */
export interface SnapshotHead {
  /** The last record whose effects it holds. */
  seq: number;
  slot: number;
  accounts: number;
  /** SHA-256 of every program's bytes by address, to notice an upgrade. */
  programs: { [address: string]: string };
}

export interface Snapshot {
  head: SnapshotHead;
  accounts: [string, AccountState][];
}

const MAGIC = Buffer.from('symsnap1');
/** What is made ready at once, so that a step holds the event loop for about a millisecond. */
const CHUNK_BYTES = 64 * 1024;
const CHUNK_ACCOUNTS = 128;

const nameOf = (seq: number): string => `snapshot-${String(seq).padStart(12, '0')}.bin`;

/**
 * Writes all accounts to a new file, tells the disk, and only then gives it its name: a reader finds a whole
 * snapshot or none. Between chunks the event loop runs on; `onStep` hears how long each chunk held it (ms).
 * Throws the system's error and leaves no file behind; older snapshots stay until a newer one stands.
 */
export async function writeSnapshot(
  dir: string,
  head: Omit<SnapshotHead, 'accounts'>,
  accounts: [string, AccountState][],
  onStep: (ms: number) => void = () => {},
): Promise<void> {
  const path = join(dir, nameOf(head.seq));
  const file = await open(`${path}.tmp`, 'w', 0o600);
  try {
    const hash = createHash('sha256');
    const text = Buffer.from(JSON.stringify({ ...head, accounts: accounts.length }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    let chunk: Buffer[] = [MAGIC, length, text];
    let size = 0;
    let began = performance.now();
    const flush = async (): Promise<void> => {
      const bytes = Buffer.concat(chunk);
      chunk = [];
      size = 0;
      hash.update(bytes);
      onStep(performance.now() - began);
      await file.writeFile(bytes);
      began = performance.now();
    };
    for (const [address, state] of accounts) {
      const bytes = encodeAccount(address, state);
      chunk.push(bytes);
      size += bytes.length;
      if (size >= CHUNK_BYTES || chunk.length >= CHUNK_ACCOUNTS) await flush();
    }
    await flush();
    await file.writeFile(hash.digest());
    await file.sync();
    await file.close();
    await rename(`${path}.tmp`, path);
    const folder = await open(dir, 'r');
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    await file.close().catch(() => {});
    await unlink(`${path}.tmp`).catch(() => {});
    throw error;
  }
  for (const seq of list(dir)) if (seq < head.seq) await unlink(join(dir, nameOf(seq))).catch(() => {});
}

/** The newest whole snapshot of a directory, or null; damaged ones are named to `log` and passed over. */
export function readSnapshot(dir: string, log: (line: string) => void): Snapshot | null {
  for (const name of readdirSync(dir)) if (/^snapshot-.*\.tmp$/.test(name)) unlinkSync(join(dir, name));
  for (const seq of list(dir).reverse()) {
    const bytes = readFileSync(join(dir, nameOf(seq)));
    const body = bytes.subarray(0, Math.max(0, bytes.length - 32));
    const sum = createHash('sha256').update(body).digest();
    if (body.length < 12 || !body.subarray(0, 8).equals(MAGIC) || !sum.equals(bytes.subarray(body.length))) {
      log(`ledger: snapshot ${seq} is damaged and passed over`);
      continue;
    }
    let at = 12 + body.readUInt32LE(8);
    const head = JSON.parse(body.toString('utf8', 12, at)) as SnapshotHead;
    const accounts: Snapshot['accounts'] = [];
    for (let i = 0; i < head.accounts; i++) {
      const read = decodeAccount(body, at);
      accounts.push([read.address, read.state]);
      at = read.end;
    }
    return { head, accounts };
  }
  return null;
}

function list(dir: string): number[] {
  return readdirSync(dir)
    .filter((n) => /^snapshot-\d{12}\.bin$/.test(n))
    .map((n) => Number(n.slice(9, 21)))
    .sort((a, b) => a - b);
}
