import type { PublicKey } from '@solana/web3.js';
import type { IntentRow, Plan } from '../store/outbox.ts';
import type { Signing, Status } from './chain.ts';

/** What an intent needs next. */
export type Preparation =
  | { is: 'transaction'; signing: Signing; plan: Plan | null }
  /** Something else has to happen first. */
  | { is: 'early'; why: string }
  /** It cannot be done as it is; `Work.release` says what becomes of it. */
  | { is: 'void'; why: string };

/** An intent that the chain shows to have happened. */
export interface Seen {
  intent: IntentRow;
  /** The account that shows it. */
  account: Buffer | null;
  /** The transaction that did it; it may be another's, or unknown. */
  signature: string | null;
}

/** How one kind of intent is done on chain. The chain's own word decides whether it was. */
export interface Work {
  /** The account that shows whether it has happened. */
  account(intent: IntentRow): Promise<PublicKey>;
  /** Whether that account, as it is, shows it. */
  happened(intent: IntentRow, account: Buffer | null): Promise<boolean>;
  /** What is to be signed. */
  prepare(intent: IntentRow, account: Buffer | null): Promise<Preparation>;
  /** Takes over what the chain shows. Where it throws, what it has not taken over is told to it again. */
  show(seen: readonly Seen[]): Promise<void>;
  /** The refusals of the program that does it, by code. */
  readonly errors: ReadonlyMap<number, { name: string }>;
  /** Refusals after which doing the same again is of no use. */
  readonly voids: ReadonlySet<string>;
  /** Refusals that end by themselves, or by what their owner does. */
  readonly delays: ReadonlySet<string>;
  /** What becomes of an intent that cannot be done as it is. */
  release(intent: IntentRow, why: string): Promise<void>;
  /** What it was has happened for good; may be told more than once. */
  final?(intent: IntentRow): Promise<void>;
}

/** An intent in a round, with what the chain says of it. */
export interface Case {
  intent: IntentRow;
  work: Work;
  account: Buffer | null;
  status: Status;
}

export interface Happened {
  work: Work;
  seen: Seen;
}

export interface Sending {
  intent: IntentRow;
  raw: Uint8Array;
}

/** A program's own refusal within an error of the RPC or a transaction's status, by its name. */
export function refusalIn(text: string, errors: Work['errors']): string | null {
  const found = /custom program error: (0x[0-9a-f]+)|"Custom":(\d+)/i.exec(text);
  if (!found) return null;
  const code = Number(found[1] ?? found[2]);
  return errors.get(code)?.name ?? String(code);
}
