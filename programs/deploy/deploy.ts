/**
 * Brings one program onto a cluster. Every round looks at what the cluster holds and does the next thing that
 * is missing, so that it can be killed at any point and called again: the buffer's key is on disk before the
 * buffer is on chain, and what a buffer holds already is not written a second time.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Keypair, PACKET_DATA_SIZE, PublicKey } from '@solana/web3.js';
import { secretFile } from '../../server/store/cipher.ts';
import {
  BUFFER_HEADER,
  closeBufferIx,
  createBufferIxs,
  decodeLoaderState,
  deployIxs,
  extendIx,
  finaliseIx,
  holdsProgram,
  LOADER_ID,
  PROGRAM_BYTES,
  PROGRAM_DATA_HEADER,
  type ProgramDataState,
  upgradeIx,
  writeIx,
} from './loader.ts';
import type { Sender, Sending } from './sender.ts';

const WRITE_UNITS = 10_000;
const LOADER_UNITS = 100_000;
/** Rounds without anything new on chain before it gives up. */
const PATIENCE = 8;

export interface Target {
  name: string;
  so: Uint8Array;
  address: PublicKey;
  /** The program's own key; needed only where nothing lies at its address yet. */
  key: Keypair | null;
  /** May upgrade. */
  authority: Keypair;
}

/** What a cluster holds at a program's address. */
export type Standing = { at: 'nothing' } | { at: 'program'; data: ProgramDataState; dataLamports: number };

export interface Plan {
  standing: Standing;
  action: 'none' | 'deploy' | 'upgrade';
  /** Lamports: stays on chain; comes back at the end; gone. */
  rent: number;
  held: number;
  fees: number;
  /** Lamports of those that an earlier run has put into the buffer already. */
  paid: number;
}

/** Lamports to SOL, for people. */
export const sol = (lamports: number): string => `${(lamports / 1e9).toFixed(6)} SOL`;

export class Deployment {
  private readonly sender: Sender;
  private readonly target: Target;
  /** Directory of the buffers' keys, one directory a cluster. */
  private readonly home: string;
  private readonly log: (line: string) => void;
  private readonly chunk: number;

  constructor(sender: Sender, target: Target, home: string, log: (line: string) => void) {
    this.sender = sender;
    this.target = target;
    this.home = home;
    this.log = log;
    const { publicKey } = target.authority;
    const empty = writeIx(publicKey, publicKey, 0, new Uint8Array());
    empty.keys[0].pubkey = PublicKey.unique();
    const sending = { instructions: [empty], signers: [target.authority] };
    const size = sender.build(sending, WRITE_UNITS, PublicKey.default.toBase58(), 0).serialize().length;
    // the data's length takes a second byte
    this.chunk = PACKET_DATA_SIZE - size - 1;
  }

  /** @throws Error naming what stands at the address and cannot be replaced */
  async standing(): Promise<Standing> {
    const { connection } = this.sender;
    const { address, name } = this.target;
    const account = await connection.getAccountInfo(address, 'confirmed');
    if (!account) return { at: 'nothing' };
    const state = account.owner.equals(LOADER_ID) ? decodeLoaderState(account.data) : null;
    if (state?.kind !== 'program')
      throw new Error(`${name}: ${address} is no upgradeable program (owner ${account.owner})`);
    const found = await connection.getAccountInfo(state.programData, 'confirmed');
    const data = found && decodeLoaderState(found.data);
    if (data?.kind !== 'programData') throw new Error(`${name}: ${address} was closed and is gone for ever`);
    return { at: 'program', data, dataLamports: found?.lamports ?? 0 };
  }

  /** What there is to do, and what it costs. @throws Error where it cannot be done */
  async plan(): Promise<Plan> {
    const standing = await this.standing();
    const { name, so, key, address, authority } = this.target;
    const rentOf = (bytes: number) => this.sender.connection.getMinimumBalanceForRentExemption(bytes);
    if (standing.at === 'program' && holdsProgram(standing.data.bytes, so))
      return { standing, action: 'none', rent: 0, held: 0, fees: 0, paid: 0 };
    const signers = authority.publicKey.equals(this.sender.payer.publicKey) ? 1 : 2;
    const writes = this.missing(new Uint8Array(so.length)).length;
    const fees = writes * this.sender.fee(signers, WRITE_UNITS) + 3 * this.sender.fee(3, LOADER_UNITS);
    const held = await rentOf(BUFFER_HEADER + so.length);
    const paid = await this.paid();
    if (standing.at === 'nothing') {
      if (!key)
        throw new Error(
          `${name}: nothing lies at ${address}; its key is needed to put it there: --program ${name}=FILE`,
        );
      const rent = (await rentOf(PROGRAM_BYTES)) + (await rentOf(PROGRAM_DATA_HEADER + so.length));
      return { standing, action: 'deploy', rent, held, fees, paid };
    }
    const { data, dataLamports } = standing;
    if (!data.authority) throw new Error(`${name}: ${address} is final and holds other bytes`);
    if (!data.authority.equals(authority.publicKey))
      throw new Error(`${name}: only ${data.authority} can upgrade it, not ${authority.publicKey}`);
    const room = await rentOf(PROGRAM_DATA_HEADER + Math.max(so.length, data.bytes.length));
    return { standing, action: 'upgrade', rent: Math.max(0, room - dataLamports), held, fees, paid };
  }

  /** Does what is missing until the cluster holds exactly this program. @throws Error with what stands in the way */
  async run(): Promise<void> {
    let before = '';
    for (let still = 0; still < PATIENCE; ) {
      const step = await this.next();
      if (step === 'done') break;
      still = step === before ? still + 1 : 0;
      before = step;
      if (still === PATIENCE - 1)
        throw new Error(`${this.target.name}: stuck at "${step}"; run it again to go on`);
    }
    rmSync(this.keyPath(), { force: true });
  }

  /** Takes the upgrade authority away for ever. */
  async finalise(): Promise<void> {
    const standing = await this.standing();
    if (standing.at === 'program' && standing.data.authority === null) return;
    const { address, authority } = this.target;
    await this.step([finaliseIx(address, authority.publicKey)], [authority]);
  }

  /** One round: looks, does one thing, and names what it saw. */
  private async next(): Promise<string> {
    const plan = await this.plan();
    const { so, name, key, address, authority } = this.target;
    if (plan.action === 'none') return 'done';
    const payer = this.sender.payer.publicKey;
    const { connection } = this.sender;
    const buffer = await this.bufferKey();
    const account = await connection.getAccountInfo(buffer.publicKey, 'confirmed');
    if (!account) {
      const create = createBufferIxs({
        payer,
        buffer: buffer.publicKey,
        authority: authority.publicKey,
        bytes: so.length,
        lamports: plan.held,
      });
      await this.step(create, [buffer]);
      return 'buffer';
    }
    const state = decodeLoaderState(account.data);
    if (state?.kind !== 'buffer' || !state.authority?.equals(authority.publicKey))
      throw new Error(
        `${name}: buffer ${buffer.publicKey} belongs to another authority: give the same --authority`,
      );
    const missing = this.missing(state.bytes);
    if (missing.length > 0) {
      await this.write(buffer.publicKey, missing);
      return `${missing.length} pieces`;
    }
    const of = { payer, program: address, authority: authority.publicKey };
    if (plan.standing.at === 'nothing') {
      const lamports = await connection.getMinimumBalanceForRentExemption(PROGRAM_BYTES);
      const deploy = deployIxs({ ...of, buffer: buffer.publicKey, room: so.length, lamports });
      this.log(`${name}: deploying at ${address}`);
      await this.step(deploy, [key!, authority]);
      return 'deploy';
    }
    const more = so.length - plan.standing.data.bytes.length;
    if (more > 0) {
      await this.extend(more);
      return 'extend';
    }
    this.log(`${name}: upgrading ${address}`);
    await this.step([upgradeIx({ ...of, buffer: buffer.publicKey, spill: payer })], [authority]);
    return 'upgrade';
  }

  private async step(instructions: Sending['instructions'], signers: Keypair[]): Promise<void> {
    await this.sender.one({ instructions, signers }, LOADER_UNITS);
  }

  private async extend(bytes: number): Promise<void> {
    const { address, authority, name } = this.target;
    const args = {
      payer: this.sender.payer.publicKey,
      program: address,
      authority: authority.publicKey,
      bytes,
    };
    this.log(`${name}: ${bytes} bytes more room`);
    try {
      await this.step([extendIx({ ...args, checked: true })], [authority]);
    } catch (error) {
      if (!/InvalidInstructionData|invalid instruction data/.test(String(error))) throw error;
      await this.step([extendIx({ ...args, checked: false })], []);
    }
  }

  /** Offsets of the pieces that the buffer does not hold yet. It begins as zeros, so zeros need no writing. */
  private missing(held: Uint8Array): number[] {
    const { so } = this.target;
    const out: number[] = [];
    for (let at = 0; at < so.length; at += this.chunk) {
      const piece = so.subarray(at, at + this.chunk);
      if (Buffer.compare(piece, held.subarray(at, at + piece.length)) !== 0) out.push(at);
    }
    return out;
  }

  private async write(buffer: PublicKey, offsets: number[]): Promise<void> {
    const { so, authority, name } = this.target;
    const total = Math.ceil(so.length / this.chunk);
    const sendings = offsets.map((at) => ({
      instructions: [writeIx(buffer, authority.publicKey, at, so.subarray(at, at + this.chunk))],
      signers: [authority],
    }));
    let told = -1;
    const fates = await this.sender.many(sendings, WRITE_UNITS, (settled) => {
      const tenth = Math.floor((10 * (total - offsets.length + settled)) / total);
      if (tenth !== told) this.log(`${name}: ${tenth * 10} % written`);
      told = tenth;
    });
    const refused = fates.find((fate) => typeof fate === 'object');
    if (refused) throw new Error(`${name}: a piece was refused: ${refused.error}`);
  }

  private async paid(): Promise<number> {
    const stored = this.stored();
    if (!stored?.ours) return 0;
    return (await this.sender.connection.getAccountInfo(stored.key.publicKey, 'confirmed'))?.lamports ?? 0;
  }

  private keyPath(): string {
    return join(this.home, `${this.target.address}.buffer`);
  }

  /** The key of a buffer that was begun, and whether it was for this very build. @throws Error when damaged */
  private stored(): { key: Keypair; ours: boolean } | null {
    const path = this.keyPath();
    if (!existsSync(path)) return null;
    const stored = Uint8Array.from(readFileSync(path));
    if (stored.length !== 96)
      throw new Error(`${this.target.name}: ${path} is ${stored.length} bytes, must be 96`);
    const ours = Buffer.compare(stored.subarray(0, 32), this.digest()) === 0;
    return { key: Keypair.fromSecretKey(stored.subarray(32)), ours };
  }

  private digest(): Buffer {
    return createHash('sha256').update(this.target.so).digest();
  }

  /**
   * The buffer's key, on disk before anything is on chain: the hash of what it is for and the key (32 + 64
   * bytes), readable by its owner alone. A buffer that was begun for another build is closed first, and its
   * lamports come back.
   */
  private async bufferKey(): Promise<Keypair> {
    const stored = this.stored();
    if (stored?.ours) return stored.key;
    if (stored) {
      await this.closeBuffer(stored.key.publicKey);
      rmSync(this.keyPath());
    }
    const make = () => Buffer.concat([this.digest(), Keypair.generate().secretKey]);
    return Keypair.fromSecretKey(secretFile(this.keyPath(), make).subarray(32));
  }

  private async closeBuffer(buffer: PublicKey): Promise<void> {
    const account = await this.sender.connection.getAccountInfo(buffer, 'confirmed');
    if (!account) return;
    const { authority, name } = this.target;
    this.log(`${name}: closing the buffer of an earlier build, ${sol(account.lamports)} come back`);
    const close = closeBufferIx(buffer, this.sender.payer.publicKey, authority.publicKey);
    await this.step([close], [authority]);
  }
}
