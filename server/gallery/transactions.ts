import type { PublicKey, VersionedTransactionResponse } from '@solana/web3.js';
import bs58 from 'bs58';
import { NO_DEEDS } from '#shared/growth/index.ts';
import { decodeDeed } from '#shared/proof/canonical.ts';
import { EVOLUTION_ID, EVOLUTION_IDL, evolutionCoder } from '../../programs/client/idl.ts';

/** A version as its own transaction tells it. */
export interface Birth {
  asset: string;
  version: number;
  /** Given at the mint only. */
  name: string | null;
  deeds: number[];
  picture: Uint8Array;
  uri: string;
  signature: string;
  slot: number;
  time: number | null;
  proof: { zone: string; epoch: number; index: number; leaf: Uint8Array; path: Uint8Array } | null;
}

/** What a transaction did to the evolution program's accounts. */
export interface Deeds {
  births: Birth[];
  /** Assets and configs that its instructions name. */
  assets: string[];
  configs: string[];
  /** Every account it names. */
  keys: string[];
}

interface MintData {
  name: string;
  uri: string;
  picture: number[];
}

interface EvolveData {
  index: number;
  picture: number[];
  leaf: Uint8Array;
  path: Uint8Array;
  uri: Uint8Array;
}

const PROGRAM = EVOLUTION_ID.toBase58();
/** Reads a transaction that succeeded; the program's instructions count wherever they stand, called by others too. */
export function readTransaction(tx: VersionedTransactionResponse, signature: string): Deeds {
  const { message } = tx.transaction;
  const found = message.getAccountKeys({ accountKeysFromLookups: tx.meta?.loadedAddresses ?? undefined });
  const keys = found
    .keySegments()
    .flat()
    .map((key: PublicKey) => key.toBase58());
  const inner = tx.meta?.innerInstructions ?? [];
  const instructions = message.compiledInstructions.flatMap((outer, i) => [
    { program: outer.programIdIndex, accounts: outer.accountKeyIndexes, data: outer.data },
    ...inner
      .filter(({ index }) => index === i)
      .flatMap((one) => one.instructions)
      .map((ix) => ({ program: ix.programIdIndex, accounts: ix.accounts, data: bs58.decode(ix.data) })),
  ]);
  const deeds: Deeds = { births: [], assets: [], configs: [], keys };
  for (const { program, accounts, data } of instructions) {
    if (keys[program] !== PROGRAM) continue;
    const decoded = evolutionCoder.instruction.decode(Buffer.from(data));
    if (!decoded) continue;
    const names = EVOLUTION_IDL.instructions.find(({ name }) => name === decoded.name)?.accounts ?? [];
    const account = (name: string): string | undefined =>
      keys[accounts[names.findIndex((one) => one.name === name)]];
    const [asset, config] = [account('asset'), account('config')];
    if (asset) deeds.assets.push(asset);
    if (config) deeds.configs.push(config);
    const at = { asset: asset ?? '', signature, slot: tx.slot, time: tx.blockTime ?? null };
    if (decoded.name === 'mint' || decoded.name === 'hatch')
      deeds.births.push({ ...at, ...minted(decoded.data as MintData) });
    if (decoded.name === 'evolve')
      deeds.births.push({ ...at, ...evolved(decoded.data as EvolveData, account('zone_account') ?? '') });
  }
  return deeds;
}

function minted({ name, uri, picture }: MintData) {
  return {
    version: 0,
    name,
    deeds: [...NO_DEEDS],
    picture: Uint8Array.from(picture),
    uri,
    proof: null,
  };
}

/** The program has checked the leaf: it is a deed's, and of this asset. */
function evolved({ index, picture, leaf, path, uri }: EvolveData, zone: string) {
  const deed = decodeDeed(Uint8Array.from(leaf));
  return {
    version: Number(deed.version) + 1,
    name: null,
    deeds: [...deed.counters],
    picture: Uint8Array.from(picture),
    uri: Buffer.from(uri).toString('utf8'),
    proof: { zone, epoch: deed.epoch, index, leaf: Uint8Array.from(leaf), path: Uint8Array.from(path) },
  };
}
