import type { Connection } from '@solana/web3.js';
import { writeAtomically } from '#ml/files.ts';
import { MPL_CORE_ID } from '../../programs/client/core.ts';
import { recogniseCore } from './knownCores.ts';
import { readStandingProgram } from './standing.ts';

const ELF_HEADER = 64;
/** Core is below 1 MB; an upgradeable program is below 10 MiB. */
const MAX_BYTES = 10 * 1024 * 1024;
const EM_BPF = 247;
const EM_SBPF = 263;

export interface ClonedCore {
  bytes: number;
  sha256: string;
  /** Which one it is, where its hash is known. */
  known: string | null;
  authority: string | null;
}

/**
 * Fetches Metaplex Core's binary from a cluster into a file, whole or not at all.
 * @throws Error saying what lies there instead
 */
export async function cloneCore(connection: Connection, out: string): Promise<ClonedCore> {
  const program = await readStandingProgram(connection, MPL_CORE_ID);
  const so = program.bytes.subarray(0, elfLength(program.bytes));
  writeAtomically(out, so);
  return { bytes: so.length, ...recogniseCore(so), authority: program.authority?.toBase58() ?? null };
}

/**
 * Where a 64-bit ELF file for the SVM ends: after its section table and every section, whichever is last. What
 * follows in a program's account must be zeros.
 * @throws RangeError naming what is wrong
 */
export function elfLength(bytes: Uint8Array): number {
  const fail = (why: string): never => {
    throw new RangeError(`core: ${bytes.length} bytes that are no program: ${why}`);
  };
  if (bytes.length < ELF_HEADER || bytes.length > MAX_BYTES)
    fail(`must be from ${ELF_HEADER} to ${MAX_BYTES} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1)
    fail('no 64-bit little-endian ELF');
  const machine = view.getUint16(18, true);
  if (machine !== EM_BPF && machine !== EM_SBPF) fail(`machine ${machine}, must be ${EM_BPF} or ${EM_SBPF}`);
  const table = Number(view.getBigUint64(40, true));
  const [size, count] = [view.getUint16(58, true), view.getUint16(60, true)];
  let end = table + size * count;
  if (size < 64 || end > bytes.length) fail('its section table lies outside');
  for (let at = table; at < table + size * count; at += size) {
    const empty = view.getUint32(at + 4, true) === 8;
    const last = Number(view.getBigUint64(at + 24, true)) + Number(view.getBigUint64(at + 32, true));
    if (!empty) end = Math.max(end, last);
  }
  if (end > bytes.length) fail('a section lies outside');
  if (!bytes.subarray(end).every((byte) => byte === 0)) fail('other bytes follow its last section');
  return end;
}
