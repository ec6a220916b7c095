/** A ledger with one collection and, if wanted, one symbiont in it: where the evolution tests begin. */
import { Keypair, type PublicKey } from '@solana/web3.js';
import { DEFAULT_RULE, type GrowthRule } from '#shared/growth/index.ts';
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
  type SymbiontState,
  symbiontAddress,
} from '../client/index.ts';
import { type CoreKind, type Outcome, Svm } from './svm.ts';

/** A URI of the length that all have, for a metadata hash of this one digit. */
export const uriOf = (digit: string): string => `http://127.0.0.1:2567/metadata/${digit.repeat(64)}.json`;

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

export class Scene {
  readonly svm: Svm;
  readonly creator = Keypair.generate();
  readonly zone = Keypair.generate();
  readonly owner = Keypair.generate();
  readonly stranger: Keypair;
  readonly collection: PublicKey = collectionAddress(this.creator.publicKey, 0);
  readonly config: PublicKey = configAddress(this.collection);
  readonly genome = bytes(7);
  readonly asset: PublicKey = assetAddress(this.collection, this.genome);
  readonly symbiont: PublicKey = symbiontAddress(this.asset);

  constructor(core: CoreKind) {
    this.svm = new Svm(core);
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
      zone: this.zone.publicKey,
      rule: DEFAULT_RULE,
      ...over,
    });
  }

  mint(over: Partial<Parameters<typeof mintIx>[0]> = {}, signers = [this.zone, this.owner]): Outcome {
    return this.svm.send([this.mintIx(over)], signers);
  }

  mintIx(over: Partial<Parameters<typeof mintIx>[0]> = {}) {
    return mintIx({
      payer: this.payer,
      minter: this.zone.publicKey,
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

  evolve(over: Partial<Parameters<typeof evolveIx>[0]> = {}, signers = [this.zone]): Outcome {
    return this.svm.send([this.evolveIx(over)], signers);
  }

  evolveIx(over: Partial<Parameters<typeof evolveIx>[0]> = {}) {
    return evolveIx({
      payer: this.payer,
      zone: this.zone.publicKey,
      owner: null,
      collection: this.collection,
      asset: this.asset,
      deeds: [12, 4, 1, 0, 0, 0, 20, 3],
      version: 0n,
      uri: uriOf('1'),
      picture: bytes(10),
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
