import { type Connection, PublicKey } from '@solana/web3.js';
import { decodeLoaderState, LOADER_ID } from '../../programs/deploy/loader.ts';

const FIXED_LOADERS = new Set([
  'BPFLoader2111111111111111111111111111111111',
  'BPFLoader1111111111111111111111111111111111',
]);

/** A program as it stands on a cluster. */
export interface StandingProgram {
  address: PublicKey;
  /** Who may upgrade it; null: nobody. */
  authority: PublicKey | null;
  /** All the room it has; the upgradeable loader's may end with zeros. */
  bytes: Uint8Array;
}

/** Reads the program at an address, whatever loader it has. @throws Error saying what lies there instead */
export async function readStandingProgram(
  connection: Connection,
  address: PublicKey,
): Promise<StandingProgram> {
  const account = await connection.getAccountInfo(address, 'confirmed');
  if (!account) throw new Error(`nothing lies at ${address}`);
  if (!account.executable) throw new Error(`${address} is not executable`);
  if (FIXED_LOADERS.has(account.owner.toBase58())) return { address, authority: null, bytes: account.data };
  const state = account.owner.equals(LOADER_ID) ? decodeLoaderState(account.data) : null;
  if (state?.kind !== 'program')
    throw new Error(`${address} is of a loader that is not known here (${account.owner})`);
  const held = await connection.getAccountInfo(state.programData, 'confirmed');
  const data = held?.owner.equals(LOADER_ID) ? decodeLoaderState(held.data) : null;
  if (data?.kind !== 'programData') throw new Error(`${address} was closed: its bytes are gone`);
  // an embedded ledger's own programs name the zero key
  const nobody = data.authority === null || data.authority.equals(PublicKey.default);
  return { address, authority: nobody ? null : data.authority, bytes: data.bytes };
}
