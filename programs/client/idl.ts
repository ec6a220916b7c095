/**
 * The evolution program's IDL (assets/programs/evolution.json, written by its build): its address,
 * seeds, limits and error names are read from it, so that none of them is typed a second time.
 */
import type { Idl } from '@coral-xyz/anchor';
import * as anchorModule from '@coral-xyz/anchor';
import { PublicKey } from '@solana/web3.js';
import json from '#assets/programs/evolution.json' with { type: 'json' };

/** Node puts some names of this CommonJS module under `default` only; a bundler sees them all. */
const anchor =
  'BN' in anchorModule ? anchorModule : (anchorModule as { default: typeof anchorModule }).default;

/** Seeds and limits, as the program's constants are named. */
interface Constants {
  SEED_CONFIG: Uint8Array;
  SEED_COLLECTION: Uint8Array;
  SEED_ASSET: Uint8Array;
  SEED_SYMBIONT: Uint8Array;
  SEED_BREEDING: Uint8Array;
  MAX_NAME: number;
  MAX_URI: number;
  MAX_PRICE: number;
  MAX_BASIS_POINTS: number;
  MAX_SHARES: number;
  /** Lamports of each side. */
  MIN_DEPOSIT: number;
  MAX_DEPOSIT: number;
  MIN_OFFER_SECONDS: number;
  MAX_OFFER_SECONDS: number;
  REVEAL_SECONDS: number;
  HATCH_SECONDS: number;
  REST_SECONDS: number;
  /** The least stage of a parent. */
  BREEDING_STAGE: number;
  MAX_STEPS: number;
  MAX_DEED: number;
}

export const EVOLUTION_IDL = json as unknown as Idl;
export const EVOLUTION_ID = new PublicKey(json.address);
export const evolutionCoder = new anchor.BorshCoder(EVOLUTION_IDL);

/** Name and sentence of each of the program's refusals, by code. */
export const EVOLUTION_ERRORS: ReadonlyMap<number, { name: string; message: string }> = new Map(
  json.errors.map(({ code, name, msg }) => [code, { name, message: msg }]),
);

export const CONSTANTS = Object.fromEntries(
  json.constants.map(({ name, type, value }) => [
    name,
    type === 'bytes' ? Uint8Array.from(JSON.parse(value) as number[]) : Number(value),
  ]),
) as unknown as Constants;
