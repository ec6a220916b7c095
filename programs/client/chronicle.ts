/** The chronicle program: a zone's epochs, its operator's bond, and challenges. */
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import json from '#assets/programs/chronicle.json' with { type: 'json' };
import { decisionArgs, type PublishedDecision } from './brains.ts';
import { ProgramClient, u32Bytes, u64 } from './program.ts';

const chronicle = new ProgramClient<{
  SEED_ZONE: Uint8Array;
  SEED_RECALL: Uint8Array;
  MIN_BOND: bigint;
  CHALLENGE_DEPOSIT: bigint;
  CHALLENGE_SECONDS: bigint;
  WITHDRAW_SECONDS: bigint;
  LATE_SECONDS: bigint;
  RING_EPOCHS: number;
  MAX_MARKED: number;
}>(json);

export const CHRONICLE_ID = chronicle.id;
export const CHRONICLE_ERRORS = chronicle.errors;
/** Seeds and limits; lamports and seconds as bigint. */
export const CHRONICLE = chronicle.constants;

/** The zone that `authority` opens under this number (u32). */
export function zoneAddress(authority: PublicKey, zone: number): PublicKey {
  return chronicle.find(CHRONICLE.SEED_ZONE, authority.toBytes(), u32Bytes(zone));
}

/** The recall of a zone's old epochs that `payer` holds. */
export function recallAddress(zone: PublicKey, payer: PublicKey): PublicKey {
  return chronicle.find(CHRONICLE.SEED_RECALL, zone.toBytes(), payer.toBytes());
}

/** Opens the zone at `zoneAddress(authority, zone)`; the authority signs and pays rent and bond (lamports). */
export function registerIx(args: {
  authority: PublicKey;
  zone: number;
  worldSeed: number;
  operator: PublicKey;
  bond: bigint;
}): TransactionInstruction {
  const { authority, zone, operator } = args;
  return chronicle.instruction(
    'register',
    { authority, zone_account: zoneAddress(authority, zone) },
    { zone, world_seed: args.worldSeed, operator, bond: u64(args.bond) },
  );
}

interface ByAuthority {
  authority: PublicKey;
  /** The zone's account. */
  zone: PublicKey;
}

/** Names the key that publishes; the authority signs. */
export function setOperatorIx(args: ByAuthority & { operator: PublicKey }): TransactionInstruction {
  const { authority, zone, operator } = args;
  return chronicle.instruction('set_operator', { authority, zone_account: zone }, { operator });
}

/** Adds lamports to the bond; whoever pays signs. */
export function topUpIx(args: {
  payer: PublicKey;
  zone: PublicKey;
  lamports: bigint;
}): TransactionInstruction {
  const { payer, zone } = args;
  return chronicle.instruction('top_up', { payer, zone_account: zone }, { lamports: u64(args.lamports) });
}

/** Publishes an epoch's header (164 bytes, as `encodeEpoch` wrote it); the operator signs. */
export function publishIx(args: {
  operator: PublicKey;
  zone: PublicKey;
  header: Uint8Array;
}): TransactionInstruction {
  const { operator, zone } = args;
  return chronicle.instruction(
    'publish',
    { operator, zone_account: zone },
    { header: Buffer.from(args.header) },
  );
}

/** Ends publishing and starts the time to the withdrawal; the authority signs. */
export function leaveIx({ authority, zone }: ByAuthority): TransactionInstruction {
  return chronicle.instruction('leave', { authority, zone_account: zone }, {});
}

/** Takes a leave back; the authority signs. */
export function stayIx({ authority, zone }: ByAuthority): TransactionInstruction {
  return chronicle.instruction('stay', { authority, zone_account: zone }, {});
}

/** Pays the bond out; the authority signs. */
export function withdrawIx({ authority, zone }: ByAuthority): TransactionInstruction {
  return chronicle.instruction('withdraw', { authority, zone_account: zone }, {});
}

/** Challenges a published decision; the challenger signs, and pays the deposit if it was right. */
export function challengeIx(
  args: { challenger: PublicKey; zone: PublicKey; brain: PublicKey } & PublishedDecision,
): TransactionInstruction {
  const { challenger, zone, brain } = args;
  return chronicle.instruction('challenge', { challenger, zone_account: zone, brain }, decisionArgs(args));
}

/** What `challenge` returned. */
export function readChallenge(returned: Uint8Array): { won: boolean; action: number; published: number } {
  if (returned.length !== 3) throw new RangeError(`challenge: must be 3 bytes, is ${returned.length}`);
  return { won: returned[0] === 1, action: returned[1], published: returned[2] };
}

interface ByPayer {
  payer: PublicKey;
  zone: PublicKey;
}

/** Headers in one transaction, at most: 5 take 820 of the 1,000 bytes that Anchor's encoder takes. */
export const RECALL_HEADERS = 5;

/** Proves epochs before the ring: headers newest first, the first one still in the ring. */
export function recallIx(args: ByPayer & { headers: readonly Uint8Array[] }): TransactionInstruction {
  const { payer, zone } = args;
  return chronicle.instruction(
    'recall',
    { payer, zone_account: zone, recall: recallAddress(zone, payer) },
    { headers: Buffer.concat(args.headers) },
  );
}

/** Goes on from where the payer's recall stands. */
export function recallOnIx(args: ByPayer & { headers: readonly Uint8Array[] }): TransactionInstruction {
  const { payer, zone } = args;
  return chronicle.instruction(
    'recall_on',
    { payer, zone_account: zone, recall: recallAddress(zone, payer) },
    { headers: Buffer.concat(args.headers) },
  );
}

/** Closes the payer's recall. */
export function forgetIx({ payer, zone }: ByPayer): TransactionInstruction {
  return chronicle.instruction('forget', { payer, recall: recallAddress(zone, payer) }, {});
}

export interface EpochEntry {
  epoch: number;
  root: Uint8Array;
  hash: Uint8Array;
  /** When it was published, Unix seconds. */
  time: number;
  leaves: number;
  firstTick: number;
  /** 1..600. */
  ticks: number;
}

export interface ZoneState {
  authority: PublicKey;
  operator: PublicKey;
  /** Lamports. */
  bond: bigint;
  /** When the last epoch was published, Unix seconds. */
  lastTime: number;
  /** When the authority asked for the bond, Unix seconds; null: it did not. */
  leavingSince: number | null;
  /** Hash of the last header: the next one's `previous` (the first one's may be any). */
  lastHash: Uint8Array;
  /** The world's hash after the last epoch. */
  lastWorld: Uint8Array;
  zone: number;
  worldSeed: number;
  /** The first one published, null before. */
  firstEpoch: number | null;
  nextEpoch: number;
  nextTick: number;
  published: number;
  missed: number;
  late: number;
  /** Epochs proven wrong. */
  marked: number[];
  /** Does the operator stand behind what it publishes? */
  stands: boolean;
  /** What the ring holds, oldest first. */
  epochs: EpochEntry[];
}

interface Wide {
  toString(): string;
}

interface RawZone {
  authority: PublicKey;
  operator: PublicKey;
  bond: Wide;
  last_time: Wide;
  leaving_since: Wide;
  last_hash: number[];
  last_world: number[];
  zone: number;
  world_seed: number;
  first_epoch: number;
  next_epoch: number;
  next_tick: number;
  published: number;
  missed: number;
  late: number;
  marks: number;
  marked: number[];
  ring: {
    root: number[];
    hash: number[];
    time: Wide;
    epoch: number;
    leaves: number;
    first_tick: number;
    ticks: number;
  }[];
}

/** Throws when the bytes are no zone's. */
export function decodeZone(data: Uint8Array): ZoneState {
  const raw = chronicle.decode<RawZone>('Zone', data);
  const leavingSince = Number(raw.leaving_since.toString());
  const bond = BigInt(raw.bond.toString());
  const epochs = raw.ring
    .filter(({ ticks }) => ticks > 0)
    .map(({ epoch, root, hash, time, leaves, first_tick, ticks }) => ({
      epoch,
      root: Uint8Array.from(root),
      hash: Uint8Array.from(hash),
      time: Number(time.toString()),
      leaves,
      firstTick: first_tick,
      ticks,
    }))
    .sort((a, b) => a.epoch - b.epoch);
  return {
    authority: raw.authority,
    operator: raw.operator,
    bond,
    lastTime: Number(raw.last_time.toString()),
    leavingSince: leavingSince === 0 ? null : leavingSince,
    lastHash: Uint8Array.from(raw.last_hash),
    lastWorld: Uint8Array.from(raw.last_world),
    zone: raw.zone,
    worldSeed: raw.world_seed,
    firstEpoch: raw.published === 0 ? null : raw.first_epoch,
    nextEpoch: raw.next_epoch,
    nextTick: raw.next_tick,
    published: raw.published,
    missed: raw.missed,
    late: raw.late,
    marked: raw.marked.slice(0, raw.marks),
    stands: bond >= CHRONICLE.MIN_BOND && leavingSince === 0 && raw.marks < CHRONICLE.MAX_MARKED,
    epochs,
  };
}
