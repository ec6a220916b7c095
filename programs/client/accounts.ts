/** The evolution program's accounts, decoded as the IDL lays them out. */
import type { BN } from '@coral-xyz/anchor';
import type { PublicKey } from '@solana/web3.js';
import type { GrowthRule } from '#shared/growth/index.ts';
import { evolutionCoder } from './idl.ts';

export interface Config {
  authority: PublicKey;
  collection: PublicKey;
  /** The key that attests deeds; null when revoked. */
  zone: PublicKey | null;
  minted: number;
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
  collection: PublicKey;
  zone: PublicKey;
  minted: number;
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
    collection: raw.collection,
    zone: someone(raw.zone),
    minted: raw.minted,
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
    deeds: raw.deeds,
    stage: raw.stage,
    branch: raw.branch,
  };
}
