/** The evolution program's accounts, decoded as the IDL lays them out. */
import type { BN } from '@coral-xyz/anchor';
import type { PublicKey } from '@solana/web3.js';
import type { GrowthRule } from '#shared/growth/index.ts';
import { evolutionCoder } from './idl.ts';

export interface Config {
  authority: PublicKey;
  /** Who may take over as authority; null: nobody. */
  proposed: PublicKey | null;
  collection: PublicKey;
  /** The account of the chronicle's zone whose deeds count; null: none. */
  zone: PublicKey | null;
  /** Who may mint besides the authority; null: nobody. */
  minter: PublicKey | null;
  minted: number;
  /** Evolutions of one symbiont a day, at most; 0: no limit. */
  dailyCap: number;
  paused: boolean;
  /** How many there will ever be, bred ones among them; 0: no limit. */
  supply: number;
  /** Lamports that a mint costs whoever is not the authority; 0: nothing. */
  price: bigint;
  /** Whom the price is paid to; null: nobody, and there is no price. */
  treasury: PublicKey | null;
  /** SHA-256 of the art model that draws it; null: the world's own. */
  model: Uint8Array | null;
  rule: GrowthRule;
}

export interface SymbiontState {
  asset: PublicKey;
  config: PublicKey;
  /** Who gave standing consent; null for none. It counts only while they own the asset. */
  consent: PublicKey | null;
  genome: Uint8Array;
  picture: Uint8Array;
  version: bigint;
  /** The day of its last evolution under a daily cap, counted from 1970, and how many there were on it. */
  day: number;
  today: number;
  /** The eight counters. */
  deeds: number[];
  stage: number;
  branch: number;
  /** The assets that it was bred from; null: it was minted. */
  parents: [PublicKey, PublicKey] | null;
  /** Unix seconds from which on it may have a child again. */
  rested: bigint;
  /** How many children it has. */
  bred: number;
  /** One more than the later of its parents'; 0 where it has none. */
  generation: number;
}

/** A brood of two symbionts, of who offers (first) and who accepts. */
export interface BreedingState {
  config: PublicKey;
  assets: [PublicKey, PublicKey];
  /** Who owned them when they agreed; null: not accepted yet. */
  owners: [PublicKey, PublicKey | null];
  payers: [PublicKey, PublicKey | null];
  commits: [Uint8Array, Uint8Array];
  /** null until it is revealed. */
  secrets: [Uint8Array | null, Uint8Array | null];
  /** null until it is drawn. */
  slotHash: Uint8Array | null;
  /** Lamports of each side. */
  deposit: bigint;
  /** Unix seconds until which it may be accepted or, once it is, secrets may be revealed. */
  until: bigint;
  /** In which it was accepted. */
  slot: bigint;
  state: 'offered' | 'accepted' | 'drawn';
  /** Whose the child will be: 0 who offered, 1 who accepted. */
  heir: 0 | 1;
  consents: [boolean, boolean];
}

interface RawRule {
  step_count: number;
  branch_stage: number;
  steps: { thresholds: number[]; weights: number[]; minimum: number }[];
  branches: number[][];
}

interface RawConfig {
  authority: PublicKey;
  proposed: PublicKey;
  collection: PublicKey;
  zone: PublicKey;
  minter: PublicKey;
  minted: number;
  daily_cap: number;
  paused: boolean;
  supply: number;
  price: BN;
  treasury: PublicKey;
  model: number[];
  rule: RawRule;
}

interface RawSymbiont {
  asset: PublicKey;
  config: PublicKey;
  consent: PublicKey;
  genome: number[];
  picture: number[];
  version: BN;
  day: number;
  today: number;
  deeds: number[];
  stage: number;
  branch: number;
  parents: [PublicKey, PublicKey];
  rested: BN;
  bred: number;
  generation: number;
}

interface RawBreeding {
  config: PublicKey;
  assets: [PublicKey, PublicKey];
  owners: [PublicKey, PublicKey];
  payers: [PublicKey, PublicKey];
  commits: [number[], number[]];
  secrets: [number[], number[]];
  slot_hash: number[];
  deposit: BN;
  until: BN;
  slot: BN;
  state: number;
  heir: number;
  revealed: [boolean, boolean];
  consents: [boolean, boolean];
}

const STATES = ['offered', 'accepted', 'drawn'] as const;

/** All zeros stand for nobody. */
const someone = (key: PublicKey): PublicKey | null => (key.toBytes().some((byte) => byte > 0) ? key : null);

/** Anchor would read past the end of what an earlier version of the program has made. */
function decode<T>(name: string, data: Uint8Array): T {
  const bytes = evolutionCoder.accounts.size(name);
  if (data.length < bytes)
    throw new RangeError(
      `${name.toLowerCase()}: ${data.length} bytes, must be ${bytes}: it is none, or of an earlier version of the program`,
    );
  return evolutionCoder.accounts.decode<T>(name, Buffer.from(data));
}

/** Throws when the bytes are no config's. */
export function decodeConfig(data: Uint8Array): Config {
  const raw = decode<RawConfig>('Config', data);
  const { step_count, branch_stage, steps, branches } = raw.rule;
  return {
    authority: raw.authority,
    proposed: someone(raw.proposed),
    collection: raw.collection,
    zone: someone(raw.zone),
    minter: someone(raw.minter),
    minted: raw.minted,
    dailyCap: raw.daily_cap,
    paused: raw.paused,
    supply: raw.supply,
    price: BigInt(raw.price.toString()),
    treasury: someone(raw.treasury),
    model: raw.model.some((byte) => byte > 0) ? Uint8Array.from(raw.model) : null,
    rule: { steps: steps.slice(0, step_count), branchStage: branch_stage, branches },
  };
}

/** Throws when the bytes are no symbiont's. */
export function decodeSymbiont(data: Uint8Array): SymbiontState {
  const raw = decode<RawSymbiont>('Symbiont', data);
  return {
    asset: raw.asset,
    config: raw.config,
    consent: someone(raw.consent),
    genome: Uint8Array.from(raw.genome),
    picture: Uint8Array.from(raw.picture),
    version: BigInt(raw.version.toString()),
    day: raw.day,
    today: raw.today,
    deeds: raw.deeds,
    stage: raw.stage,
    branch: raw.branch,
    parents: someone(raw.parents[0]) && raw.parents,
    rested: BigInt(raw.rested.toString()),
    bred: raw.bred,
    generation: raw.generation,
  };
}

/** Throws when the bytes are no brood's. */
export function decodeBreeding(data: Uint8Array): BreedingState {
  const raw = decode<RawBreeding>('Breeding', data);
  const { revealed, secrets, commits } = raw;
  const secret = (side: 0 | 1): Uint8Array | null => (revealed[side] ? Uint8Array.from(secrets[side]) : null);
  return {
    config: raw.config,
    assets: raw.assets,
    owners: [raw.owners[0], someone(raw.owners[1])],
    payers: [raw.payers[0], someone(raw.payers[1])],
    commits: [Uint8Array.from(commits[0]), Uint8Array.from(commits[1])],
    secrets: [secret(0), secret(1)],
    slotHash: raw.state === 2 ? Uint8Array.from(raw.slot_hash) : null,
    deposit: BigInt(raw.deposit.toString()),
    until: BigInt(raw.until.toString()),
    slot: BigInt(raw.slot.toString()),
    state: STATES[raw.state],
    heir: raw.heir === 0 ? 0 : 1,
    consents: raw.consents,
  };
}
