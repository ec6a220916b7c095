/** Where the evolution program's accounts lie, by the seeds that its IDL carries. */
import { PublicKey } from '@solana/web3.js';
import { CONSTANTS, EVOLUTION_ID } from './idl.ts';

const find = (...seeds: Uint8Array[]): PublicKey => PublicKey.findProgramAddressSync(seeds, EVOLUTION_ID)[0];
/** A collection's config is in every instruction, and finding it takes some time. */
const configs = new WeakMap<PublicKey, PublicKey>();

/** The Core collection that `creator` makes under this index (u32), whether it exists yet or not. */
export function collectionAddress(creator: PublicKey, index: number): PublicKey {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, index, true);
  return find(CONSTANTS.SEED_COLLECTION, creator.toBytes(), bytes);
}

/** The config of a collection: its update authority. */
export function configAddress(collection: PublicKey): PublicKey {
  let config = configs.get(collection);
  if (!config) {
    config = find(CONSTANTS.SEED_CONFIG, collection.toBytes());
    configs.set(collection, config);
  }
  return config;
}

/** The Core asset of this genome (32 bytes) in a collection. */
export function assetAddress(collection: PublicKey, genome: Uint8Array): PublicKey {
  return find(CONSTANTS.SEED_ASSET, collection.toBytes(), genome);
}

/** The program's own state of a symbiont. */
export function symbiontAddress(asset: PublicKey): PublicKey {
  return find(CONSTANTS.SEED_SYMBIONT, asset.toBytes());
}

/** The brood of two symbionts: who offers, and who accepts. It is there as long as it is not over. */
export function breedingAddress(a: PublicKey, b: PublicKey): PublicKey {
  return find(CONSTANTS.SEED_BREEDING, a.toBytes(), b.toBytes());
}
