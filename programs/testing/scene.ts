/**
 * A ledger with a zone, one collection that believes it and, if wanted, one symbiont in it: where the
 * evolution tests begin.
 */
import { Keypair, type PublicKey } from '@solana/web3.js';
import { DEFAULT_RULE, type GrowthRule } from '#shared/growth/index.ts';
import { appearance, encodeDeed, leafHash, nodeHash } from '#shared/proof/index.ts';
import {
  assetAddress,
  type Config,
  collectionAddress,
  configAddress,
  createCollectionIx,
  decodeAsset,
  decodeConfig,
  decodeSymbiont,
  evolveIx,
  mintIx,
  type PublishedDeed,
  type SymbiontState,
  symbiontAddress,
} from '../client/index.ts';
import { Court, type Epoch } from './court.ts';
import { type CoreKind, type Outcome, Svm } from './svm.ts';

/** A URI of the length that all have, for a metadata hash of this one digit. */
export const uriOf = (digit: string): string => `http://127.0.0.1:2567/metadata/${digit.repeat(64)}.json`;

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

/** What a symbiont did and what it becomes by it. */
export interface Growing {
  deeds: number[];
  version: bigint;
  uri: string;
  /** 32 bytes. */
  picture: Uint8Array;
}

const GROWING: Growing = {
  deeds: [12, 4, 1, 0, 0, 0, 20, 3],
  version: 0n,
  uri: uriOf('1'),
  picture: bytes(10),
};

type EvolveArgs = Parameters<typeof evolveIx>[0];

export class Scene {
  readonly svm: Svm;
  /** Holds the zone and publishes its epochs. */
  readonly court: Court;
  readonly creator = Keypair.generate();
  readonly minter = Keypair.generate();
  readonly owner = Keypair.generate();
  readonly stranger: Keypair;
  readonly collection: PublicKey = collectionAddress(this.creator.publicKey, 0);
  readonly config: PublicKey = configAddress(this.collection);
  readonly genome = bytes(7);
  readonly asset: PublicKey = assetAddress(this.collection, this.genome);
  readonly symbiont: PublicKey = symbiontAddress(this.asset);

  constructor(core: CoreKind) {
    this.svm = new Svm(core);
    this.court = new Court(this.svm);
    this.court.must(this.court.register());
    this.stranger = this.svm.funded();
  }

  get payer(): PublicKey {
    return this.svm.payer.publicKey;
  }

  createCollection(
    over: Partial<Parameters<typeof createCollectionIx>[0]> = {},
    signers = [this.creator],
  ): Outcome {
    return this.svm.send([this.createCollectionIx(over)], signers);
  }

  createCollectionIx(over: Partial<Parameters<typeof createCollectionIx>[0]> = {}) {
    return createCollectionIx({
      payer: this.payer,
      creator: this.creator.publicKey,
      index: 0,
      name: 'Symbionts',
      uri: uriOf('c'),
      zone: this.court.zone,
      minter: this.minter.publicKey,
      dailyCap: 0,
      rule: DEFAULT_RULE,
      ...over,
    });
  }

  mint(over: Partial<Parameters<typeof mintIx>[0]> = {}, signers = [this.minter, this.owner]): Outcome {
    return this.svm.send([this.mintIx(over)], signers);
  }

  mintIx(over: Partial<Parameters<typeof mintIx>[0]> = {}) {
    return mintIx({
      payer: this.payer,
      minter: this.minter.publicKey,
      owner: this.owner.publicKey,
      collection: this.collection,
      genome: this.genome,
      name: 'Mo',
      uri: uriOf('0'),
      picture: bytes(9),
      consent: true,
      ...over,
    });
  }

  /** The deed leaf that an honest operator writes at the end of the running epoch. */
  leaf(over: Partial<Growing & { zoneId: number; epoch: number; asset: PublicKey }> = {}): Uint8Array {
    const { deeds, version, uri, picture } = { ...GROWING, ...over };
    const { number, epochs } = this.court;
    return encodeDeed({
      zone: over.zoneId ?? number,
      epoch: over.epoch ?? epochs.length,
      asset: (over.asset ?? this.asset).toBytes(),
      version,
      counters: deeds,
      appearance: appearance(picture, uri),
    });
  }

  /** Publishes these leaves as the zone's next epoch, half a minute later. */
  publish(leaves: Uint8Array[]): Epoch {
    const { court } = this;
    court.setTime(court.time + 30);
    const epoch = court.epoch(leaves);
    court.must(court.publish(epoch));
    return epoch;
  }

  /** Publishes what the symbiont did, among other leaves. */
  published(over: Partial<Growing & { asset: PublicKey }> = {}): PublishedDeed {
    const other = this.leaf({ asset: this.stranger.publicKey });
    return this.court.published(this.publish([other, this.leaf(over), other]), 1);
  }

  /**
   * Publishes what the symbiont did in an epoch of 32,768 leaves, the other hashes made up: a path of 15
   * hashes, longer than any that a full world of 64 NPCs and 100 players has.
   */
  publishedDeep(over: Partial<Growing> = {}, index = 21_845): PublishedDeed {
    const { court } = this;
    const leaf = this.leaf(over);
    const path = Array.from({ length: 15 }, (_, i) => bytes(i));
    const root = path.reduce(
      (hash, sibling, i) => ((index >> i) & 1 ? nodeHash(sibling, hash) : nodeHash(hash, sibling)),
      leafHash(leaf),
    );
    court.setTime(court.time + 30);
    court.must(court.publish(court.epoch([leaf], { root, decisions: 2 ** path.length })));
    return { index, leaf, path };
  }

  /** Publishes what the symbiont did and lets it evolve by that. */
  evolve(
    over: Partial<Growing & EvolveArgs> = {},
    signers: Keypair[] = [],
    proof = this.published(over),
  ): Outcome {
    return this.svm.send([this.evolveIx(over, proof)], signers);
  }

  evolveIx(over: Partial<Growing & EvolveArgs> = {}, proof = this.published(over)) {
    const { uri, picture } = { ...GROWING, ...over };
    return evolveIx({
      payer: this.payer,
      owner: null,
      collection: this.collection,
      asset: this.asset,
      zone: this.court.zone,
      uri,
      picture,
      ...proof,
      ...over,
    });
  }

  /** A collection with this rule and one symbiont, whose owner has given standing consent. */
  static living(core: CoreKind, rule: GrowthRule = DEFAULT_RULE): Scene {
    const scene = new Scene(core);
    for (const outcome of [scene.createCollection({ rule }), scene.mint()]) {
      if (outcome.error !== null) throw new Error(`${outcome.error}\n${outcome.logs.join('\n')}`);
    }
    return scene;
  }

  readConfig(): Config {
    return decodeConfig(this.svm.account(this.config)!.data);
  }

  readSymbiont(): SymbiontState {
    return decodeSymbiont(this.svm.account(this.symbiont)!.data);
  }

  readAsset() {
    return decodeAsset(this.asset, this.svm.account(this.asset)!.data);
  }

  /** Every account's bytes that a refusal must leave as they are. */
  everything(): (string | null)[] {
    return [this.collection, this.config, this.asset, this.symbiont].map((place) => {
      const stored = this.svm.account(place);
      return stored && `${stored.lamports} ${Buffer.from(stored.data).toString('hex')}`;
    });
  }
}
