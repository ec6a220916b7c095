/** The ledger that the fuzzer plays on: all programs, a few people, and what every account was before. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { address, lamports } from '@solana/kit';
import {
  ComputeBudgetProgram,
  Keypair,
  type Message,
  PublicKey,
  SystemProgram,
  Transaction,
  type TransactionInstruction,
} from '@solana/web3.js';
import { FailedTransactionMetadata } from 'litesvm';
import { BRAINS_ID } from '../client/brains.ts';
import { CHRONICLE_ID } from '../client/chronicle.ts';
import type { PublishedDeed } from '../client/index.ts';
import { type CoreKind, type Stored, Svm } from '../testing/svm.ts';
import { Random } from './random.ts';

const MAX_UNITS = 1_400_000;
const SIGNATURE_LAMPORTS = 5_000n;
const RICH = 10_000_000_000_000n;
const INCINERATOR = new PublicKey('1nc1nerator11111111111111111111111111111111');
const MAX_BYTES = 1232;

/** One random step: what to send, and whose signatures there are. */
export interface Move {
  instructions: TransactionInstruction[];
  signers: Keypair[];
  /** Called when it went through unchanged. */
  done?: () => void;
}

/** A deed leaf that an operator has published, and what it lets a symbiont become. */
export interface Deed {
  zone: PublicKey;
  collection: PublicKey;
  asset: PublicKey;
  uri: string;
  picture: Uint8Array;
  published: PublishedDeed;
}

export interface Result {
  /** null; a program's own code; the runtime's name. */
  error: null | number | string;
  logs: string[];
  fee: bigint;
  payer: PublicKey;
  /** Base58 of everyone who signed. */
  signed: ReadonlySet<string>;
  /** Every account that may have changed, before and after. */
  touched: { key: PublicKey; before: Stored | null; after: Stored | null }[];
}

/** A key that depends on nothing but this number. */
const person = (seed: number): Keypair => Keypair.fromSeed(new Uint8Array(32).fill(seed));

export class Ground {
  readonly random: Random;
  readonly ledger: Svm;
  readonly core: CoreKind;
  readonly people: Keypair[] = Array.from({ length: 6 }, (_, i) => person(100 + i));
  /** Accounts that instructions may be led to by mistake or malice. */
  readonly pool: PublicKey[];
  /** The latest published deeds. */
  readonly deeds: Deed[] = [];
  readonly #known = new Map<string, Stored | null>();
  #nonce = 0;

  constructor(seed: number, core: CoreKind) {
    this.random = new Random(seed);
    this.ledger = new Svm(core);
    this.core = core;
    const built = (name: string): Uint8Array =>
      readFileSync(fileURLToPath(new URL(`../../assets/programs/${name}.so`, import.meta.url)));
    const { svm } = this.ledger;
    svm.addProgram(address(BRAINS_ID.toBase58()), built('brains'));
    svm.addProgram(address(CHRONICLE_ID.toBase58()), built('chronicle'));
    // who signed is decided here: the message says it, and no forged one is ever made
    svm.withSigverify(false).withBlockhashCheck(false).withTransactionHistory(0n);
    for (const { publicKey } of this.people) svm.airdrop(address(publicKey.toBase58()), lamports(RICH));
    this.pool = [...this.people.map(({ publicKey }) => publicKey), SystemProgram.programId, INCINERATOR];
    this.wait(1_800_000_000 - this.time);
  }

  /** Unix seconds. */
  get time(): number {
    return Number(this.ledger.svm.getClock().unixTimestamp);
  }

  wait(seconds: number): void {
    const clock = this.ledger.svm.getClock();
    clock.unixTimestamp += BigInt(seconds);
    this.ledger.svm.setClock(clock);
    // slots go by, but not so many that no brood would ever be drawn
    this.ledger.setSlot(this.ledger.slot + BigInt(1 + Math.min(seconds, 100)));
  }

  meet(key: PublicKey): void {
    if (this.pool.length < 200 && !this.pool.some((one) => one.equals(key))) this.pool.push(key);
  }

  account(key: PublicKey): Stored | null {
    const name = key.toBase58();
    let known = this.#known.get(name);
    if (known === undefined) {
      known = this.ledger.account(key);
      this.#known.set(name, known);
    }
    return known;
  }

  rent(bytes: number): bigint {
    return this.ledger.svm.minimumBalanceForRentExemption(BigInt(bytes));
  }

  /** Sends a transaction of these people's; null: it would be larger than a packet. */
  send(instructions: TransactionInstruction[], signers: readonly Keypair[]): Result | null {
    const transaction = new Transaction();
    transaction.feePayer = signers[0].publicKey;
    transaction.recentBlockhash = PublicKey.default.toBase58();
    // another compute limit each time, so that no two are the same transaction
    const units = MAX_UNITS - (this.#nonce++ % 1_000);
    transaction.add(ComputeBudgetProgram.setComputeUnitLimit({ units }), ...instructions);
    const message = transaction.compileMessage();
    const count = message.header.numRequiredSignatures;
    if (sizeOf(message) + 1 + 64 * count > MAX_BYTES) return null;
    const messageBytes = message.serialize();
    const names = message.accountKeys.map((key) => key.toBase58());
    const writable = message.accountKeys.filter((_, i) => message.isAccountWritable(i));
    const before = writable.map((key) => this.account(key));
    const signature = new Uint8Array(64);
    new DataView(signature.buffer).setUint32(0, this.#nonce);
    const result = this.ledger.svm.sendTransaction({
      messageBytes,
      signatures: Object.fromEntries(names.slice(0, count).map((name) => [name, signature])),
    } as unknown as Parameters<typeof this.ledger.svm.sendTransaction>[0]);
    for (const key of writable) this.#known.delete(key.toBase58());
    const failed = result instanceof FailedTransactionMetadata;
    return {
      error: failed ? refusal(result) : null,
      logs: (failed ? result.meta() : result).logs(),
      fee: SIGNATURE_LAMPORTS * BigInt(count),
      payer: signers[0].publicKey,
      signed: new Set(names.slice(0, count)),
      touched: writable.map((key, i) => ({ key, before: before[i], after: this.account(key) })),
    };
  }
}

/** Bytes of a message, or a few more; web3.js throws out of itself when they do not fit. */
function sizeOf({ accountKeys, compiledInstructions }: Message): number {
  const inner = compiledInstructions.map((one) => 4 + one.accountKeyIndexes.length + one.data.length);
  return inner.reduce((sum, bytes) => sum + bytes, 37 + 32 * accountKeys.length);
}

function refusal(failed: FailedTransactionMetadata): number | string {
  const text = failed.toString();
  const code = /Custom\((\d+)\)/.exec(text);
  if (code) return Number(code[1]);
  return /InstructionError\(\d+, (\w+)/.exec(text)?.[1] ?? /err: (\w+)/.exec(text)?.[1] ?? text.slice(0, 100);
}
