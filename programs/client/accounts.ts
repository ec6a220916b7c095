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
}

/** All zeros stand for nobody. */
const someone = (key: PublicKey): PublicKey | null => (key.toBytes().some((byte) => byte > 0) ? key : null);

/** Throws when the bytes are no config's. */
export function decodeConfig(data: Uint8Array): Config {
  const raw = evolutionCoder.accounts.decode<RawConfig>('Config', Buffer.from(data));
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
    rule: { steps: steps.slice(0, step_count), branchStage: branch_stage, branches },
  };
}

/** Throws when the bytes are no symbiont's. */
export function decodeSymbiont(data: Uint8Array): SymbiontState {
  const raw = evolutionCoder.accounts.decode<RawSymbiont>('Symbiont', Buffer.from(data));
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
  };
}
