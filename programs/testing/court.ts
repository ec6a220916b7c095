/** A ledger with a brain, a zone and its epochs: where the tests of brains and chronicle begin. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hexToBytes } from '@noble/hashes/utils';
import { address } from '@solana/kit';
import { Keypair, type PublicKey, type TransactionInstruction } from '@solana/web3.js';
import {
  brainId,
  decide,
  decodeBrain,
  encodeBrain,
  forward,
  type Network,
  networkOutputs,
} from '#shared/brain/index.ts';
import {
  type DecisionLeaf,
  type EpochHeader,
  encodeDecision,
  encodeEpoch,
  epochHash,
  MerkleTree,
  NO_PREVIOUS,
} from '#shared/proof/index.ts';
import {
  BRAINS_ERRORS,
  BRAINS_ID,
  type BrainState,
  brainAddress,
  brainSpace,
  decodeBrainAccount,
  type PublishedDecision,
  type Upload,
  uploadBrain,
} from '../client/brains.ts';
import {
  CHRONICLE,
  CHRONICLE_ERRORS,
  CHRONICLE_ID,
  challengeIx,
  decodeZone,
  publishIx,
  registerIx,
  type ZoneState,
  zoneAddress,
} from '../client/chronicle.ts';
import { type Outcome, type Stored, Svm } from './svm.ts';
import { vectorNetwork } from './vectors.ts';

const built = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`../../assets/programs/${name}`, import.meta.url)));

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

/** The name of a program's refusal, or whatever else ended the transaction; null: nothing did. */
const named =
  (errors: typeof BRAINS_ERRORS) =>
  ({ error }: Outcome): string | number | null =>
    typeof error === 'number' ? (errors.get(error)?.name ?? error) : error;
export const brainsRefusal = named(BRAINS_ERRORS);
export const chronicleRefusal = named(CHRONICLE_ERRORS);

/** A brain file around a network. */
export function brainFile(
  network: Network,
  provenance: Parameters<typeof encodeBrain>[0]['provenance'] = {},
) {
  return encodeBrain({ role: 'raider', name: 'Test', observation: 'world-v1', network, provenance });
}

/** An epoch as an operator keeps it: its header and the tree under it. */
export interface Epoch {
  header: EpochHeader;
  tree: MerkleTree;
  leaves: Uint8Array[];
}

export class Court {
  readonly svm: Svm;
  readonly authority = Keypair.generate();
  readonly operator = Keypair.generate();
  /** Always the same, so that a brain's account is too. */
  readonly author = Keypair.fromSeed(bytes(3));
  readonly challenger = Keypair.generate();
  readonly stranger = Keypair.generate();
  readonly number = 7;
  readonly worldSeed = 0x5eed;
  readonly zone: PublicKey = zoneAddress(this.authority.publicKey, this.number);
  readonly network: Network = vectorNetwork('standard');
  readonly file: Uint8Array = brainFile(this.network);
  readonly brain: PublicKey = this.brainAt(this.file);
  /** What was published, in order. */
  readonly epochs: Epoch[] = [];

  constructor(svm = new Svm('stand-in')) {
    this.svm = svm;
    for (const one of [this.authority, this.author, this.challenger, this.stranger]) svm.fund(one);
    this.svm.svm.addProgram(address(BRAINS_ID.toBase58()), built('brains.so'));
    this.svm.svm.addProgram(address(CHRONICLE_ID.toBase58()), built('chronicle.so'));
    this.setTime(1_800_000_000);
  }

  static #sealed: Stored | undefined;

  /** With the standard brain sealed, the zone registered, and one honest epoch. */
  static sitting(): Court {
    const court = new Court();
    // sealed by the program once; the account's bytes are the same every time
    if (Court.#sealed) court.svm.forge(court.brain, Court.#sealed);
    else court.must(court.upload());
    Court.#sealed ??= court.svm.account(court.brain)!;
    court.must(court.register());
    court.must(court.publish(court.epoch()));
    return court;
  }

  must(outcome: Outcome): Outcome {
    if (outcome.error !== null) throw new Error(`${outcome.error}\n${outcome.logs.join('\n')}`);
    return outcome;
  }

  /** Unix seconds. */
  get time(): number {
    return Number(this.svm.svm.getClock().unixTimestamp);
  }

  setTime(seconds: number): void {
    const clock = this.svm.svm.getClock();
    clock.unixTimestamp = BigInt(seconds);
    this.svm.svm.setClock(clock);
  }

  send(instruction: TransactionInstruction | TransactionInstruction[], ...signers: Keypair[]): Outcome {
    return this.svm.send([instruction].flat(), signers);
  }

  brainAt(file: Uint8Array, author = this.author.publicKey): PublicKey {
    return brainAddress(author, brainId(file));
  }

  uploadArgs(file: Uint8Array): Upload {
    const lamports = Number(this.svm.svm.minimumBalanceForRentExemption(BigInt(brainSpace(file))));
    const [payer, author] = [this.svm.payer.publicKey, this.author.publicKey];
    return { payer, author, file, lamports, licence: 'CC-BY-4.0' };
  }

  /** Sends an upload's transactions until one fails, and returns the last one's outcome. */
  upload(file = this.file, steps = Number.POSITIVE_INFINITY): Outcome {
    let outcome: Outcome | undefined;
    for (const transaction of uploadBrain(this.uploadArgs(file)).slice(0, steps)) {
      outcome = this.svm.send(transaction, [this.author]);
      if (outcome.error !== null) break;
    }
    return outcome!;
  }

  register(over: Partial<Parameters<typeof registerIx>[0]> = {}, signer = this.authority): Outcome {
    const args = {
      authority: signer.publicKey,
      zone: this.number,
      worldSeed: this.worldSeed,
      operator: this.operator.publicKey,
      bond: CHRONICLE.MIN_BOND,
      ...over,
    };
    return this.send(registerIx(args), signer);
  }

  readBrain(brain = this.brain): BrainState {
    return decodeBrainAccount(this.svm.account(brain)!.data);
  }

  readZone(): ZoneState {
    return decodeZone(this.svm.account(this.zone)!.data);
  }

  /** Every byte and lamport that a refusal must leave as they are. */
  everything(...more: PublicKey[]): (string | null)[] {
    return [this.brain, this.zone, this.authority.publicKey, this.challenger.publicKey, ...more].map(
      (key) => {
        const stored = this.svm.account(key);
        return stored && `${stored.lamports} ${Buffer.from(stored.data).toString('hex')}`;
      },
    );
  }

  lamports(key: PublicKey): bigint {
    return this.svm.account(key)?.lamports ?? 0n;
  }

  /** A decision of the standard brain, as an honest operator notes it. */
  decision(over: Partial<DecisionLeaf> = {}, file = this.file): DecisionLeaf {
    const { network } = decodeBrain(file);
    const leaf = {
      zone: this.number,
      epoch: this.epochs.length,
      tick: this.epochs.length * 600 + 4,
      npc: 3,
      brain: hexToBytes(brainId(file)),
      worldSeed: this.worldSeed,
      mask: 0xfff,
      observations: Uint8Array.from({ length: 64 }, (_, i) => (i * 37) % 128),
      action: 0,
      ...over,
    };
    if (over.action !== undefined) return leaf;
    const logits = new Int32Array(networkOutputs(network));
    forward(network, leaf.observations, logits);
    return { ...leaf, action: decide(logits, leaf.mask, leaf.worldSeed, leaf.tick, leaf.npc) };
  }

  /** The zone's next epoch over these leaves. */
  epoch(leaves: Uint8Array[] = [encodeDecision(this.decision())], over: Partial<EpochHeader> = {}): Epoch {
    const last = this.epochs.at(-1);
    const tree = new MerkleTree();
    for (const leaf of leaves) tree.add(leaf);
    const number = over.epoch ?? this.epochs.length;
    const header = {
      zone: this.number,
      epoch: number,
      firstTick: number * 600,
      lastTick: number * 600 + 599,
      decisions: leaves.length,
      deeds: 0,
      inputs: 0,
      worldHashBefore: last?.header.worldHashAfter ?? bytes(1),
      worldHashAfter: bytes((number % 250) + 2),
      root: tree.root(),
      previous: last ? epochHash(last.header) : NO_PREVIOUS,
      ...over,
    };
    return { header, tree, leaves };
  }

  publishIx(epoch: Epoch, operator = this.operator): TransactionInstruction {
    return publishIx({ operator: operator.publicKey, zone: this.zone, header: encodeEpoch(epoch.header) });
  }

  /** Publishes, and keeps the epoch if that went well. */
  publish(epoch: Epoch, operator = this.operator): Outcome {
    const outcome = this.send(this.publishIx(epoch, operator), operator);
    if (outcome.error === null) this.epochs.push(epoch);
    return outcome;
  }

  /** Publishes honest epochs at their usual pace. */
  publishMany(count: number): void {
    for (let i = 0; i < count; i++) {
      this.setTime(this.time + 30);
      this.must(this.publish(this.epoch()));
    }
  }

  /** A leaf of an epoch with its path. */
  published(epoch: Epoch, index = 0): PublishedDecision {
    return { index, leaf: epoch.leaves[index], path: epoch.tree.path(index) };
  }

  challenge(
    decision: PublishedDecision,
    over: Partial<{ zone: PublicKey; brain: PublicKey }> = {},
    challenger = this.challenger,
  ): Outcome {
    const { zone, brain } = this;
    const args = { challenger: challenger.publicKey, zone, brain, ...over, ...decision };
    return this.send(challengeIx(args), challenger);
  }
}
