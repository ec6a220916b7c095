/** A small real ledger for the program tests: LiteSVM in this process, spoken to with web3.js. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Address, address, lamports as toLamports } from '@solana/kit';
import { Keypair, PublicKey, Transaction, type TransactionInstruction } from '@solana/web3.js';
import { FailedTransactionMetadata, LiteSVM } from 'litesvm';
import { MPL_CORE_ID } from '../client/core.ts';
import { EVOLUTION_ID } from '../client/idl.ts';

export type CoreKind = 'stand-in' | 'real binary';

const built = (name: string): string =>
  fileURLToPath(new URL(`../../assets/programs/${name}`, import.meta.url));
const realCore = process.env.METAPLEX_CORE_SO;

/** Which programs can stand at Core's address here: always ours, the real one where its file is named. */
export const CORES: CoreKind[] =
  realCore && existsSync(realCore) ? ['stand-in', 'real binary'] : ['stand-in'];

/** What a transaction did: `error` is null, a program's own code, or the runtime's name for it. */
export interface Outcome {
  error: null | number | string;
  cu: number;
  logs: string[];
  /** The last return data, empty where there is none. */
  returned: Uint8Array;
}

export interface Stored {
  owner: PublicKey;
  lamports: bigint;
  data: Uint8Array;
}

const SLOT_HASHES = new PublicKey('SysvarS1otHashes111111111111111111111111111');
const SYSVAR = new PublicKey('Sysvar1111111111111111111111111111111111111');
const MOST_HASHES = 512;

/** The hash that the tests give a slot. */
export const hashOf = (slot: bigint): Uint8Array => new Uint8Array(32).fill(Number(slot % 251n) + 1);

const toAddress = (key: PublicKey): Address => address(key.toBase58());

export class Svm {
  readonly svm = new LiteSVM();
  readonly payer: Keypair;

  constructor(core: CoreKind) {
    const file = core === 'stand-in' ? built('core_standin.so') : realCore!;
    this.svm.addProgram(toAddress(MPL_CORE_ID), readFileSync(file));
    this.svm.addProgram(toAddress(EVOLUTION_ID), readFileSync(built('evolution.so')));
    this.payer = this.funded();
  }

  /** A new key with 10 SOL. */
  funded(): Keypair {
    return this.fund(Keypair.generate());
  }

  fund(keypair: Keypair): Keypair {
    this.svm.airdrop(toAddress(keypair.publicKey), toLamports(10_000_000_000n));
    return keypair;
  }

  /** Sends one transaction, paid by the first signer (this ledger's payer unless others are given). */
  send(instructions: TransactionInstruction[], signers: Keypair[] = [], payer = this.payer): Outcome {
    this.svm.expireBlockhash();
    const transaction = new Transaction({
      feePayer: payer.publicKey,
      blockhash: this.svm.latestBlockhash(),
      lastValidBlockHeight: 0,
    }).add(...instructions);
    const all = [payer, ...signers];
    const unique = all.filter((one, i) => all.findIndex((two) => two.publicKey.equals(one.publicKey)) === i);
    transaction.sign(...unique);
    const signatures = Object.fromEntries(
      transaction.signatures.map(({ publicKey, signature }) => [publicKey.toBase58(), signature]),
    );
    const result = this.svm.sendTransaction({
      messageBytes: transaction.serializeMessage(),
      signatures,
    } as unknown as Parameters<LiteSVM['sendTransaction']>[0]);
    const failed = result instanceof FailedTransactionMetadata;
    const meta = failed ? result.meta() : result;
    return {
      error: failed ? reason(result) : null,
      cu: Number(meta.computeUnitsConsumed()),
      logs: meta.logs(),
      returned: meta.returnData().data(),
    };
  }

  account(key: PublicKey): Stored | null {
    const found = this.svm.getAccount(toAddress(key));
    if (!found.exists) return null;
    return {
      owner: new PublicKey(found.programAddress),
      lamports: found.lamports,
      data: Uint8Array.from(found.data),
    };
  }

  get slot(): bigint {
    return this.svm.getClock().slot;
  }

  /** Goes to a slot; those before it have hashes, `kept` at most. */
  setSlot(slot: bigint, kept = MOST_HASHES): void {
    this.svm.warpToSlot(slot);
    const data = new Uint8Array(8 + MOST_HASHES * 40);
    const view = new DataView(data.buffer);
    const count = Number(slot < BigInt(kept) ? slot : BigInt(kept));
    view.setBigUint64(0, BigInt(count), true);
    for (let i = 0; i < count; i++) {
      const past = slot - 1n - BigInt(i);
      view.setBigUint64(8 + i * 40, past, true);
      data.set(hashOf(past), 16 + i * 40);
    }
    this.forge(SLOT_HASHES, { owner: SYSVAR, lamports: 1n, data });
  }

  /** Overwrites an account, as no transaction could: for tests with forged accounts. */
  forge(key: PublicKey, stored: Stored): void {
    this.svm.setAccount({
      address: toAddress(key),
      programAddress: toAddress(stored.owner),
      lamports: toLamports(stored.lamports),
      data: stored.data,
      executable: false,
      space: BigInt(stored.data.length),
    });
  }
}

/** A program's code where it gave one, else how the runtime names the failure. */
function reason(failed: FailedTransactionMetadata): number | string {
  const text = failed.err().toString();
  const custom = /Custom(?:\((\d+)\)| \{ code: (\d+) \})/.exec(text);
  if (custom) return Number(custom[1] ?? custom[2]);
  const named = failed.toString();
  const code = /Custom\((\d+)\)/.exec(named);
  if (code) return Number(code[1]);
  return /InstructionError\(\d+, (\w+)/.exec(named)?.[1] ?? named;
}
