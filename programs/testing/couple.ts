/** Two sprouts of two owners, and all that they need to have a child: where the breeding tests begin. */
import { Keypair, type PublicKey } from '@solana/web3.js';
import { broodChance, broodCommit, mixGenomes } from '#shared/growth/index.ts';
import {
  acceptBreedingIx,
  assetAddress,
  type BreedingState,
  breedingAddress,
  CONSTANTS,
  decodeBreeding,
  decodeSymbiont,
  drawIx,
  hatchIx,
  lapseIx,
  offerBreedingIx,
  revealIx,
  symbiontAddress,
  withdrawOfferIx,
} from '../client/index.ts';
import { refusal } from './refusals.ts';
import { Scene, uriOf } from './scene.ts';
import { type CoreKind, hashOf, type Outcome } from './svm.ts';

/** The instructions by which two symbionts have a child. */
export const BROOD_INSTRUCTIONS = [
  'offer_breeding',
  'withdraw_offer',
  'accept_breeding',
  'draw',
  'reveal',
  'hatch',
  'lapse',
];
export const DEPOSIT = 20_000_000n;

const filled = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

type Over<T extends (args: never) => unknown> = Partial<Parameters<T>[0]>;

export class Couple {
  readonly scene: Scene;
  readonly owners: readonly [Keypair, Keypair];
  /** Pay deposits; nobody else's lamports are among theirs. */
  readonly payers: readonly [Keypair, Keypair];
  readonly genomes = [filled(7), Uint8Array.from({ length: 32 }, (_, i) => i * 8)] as const;
  readonly assets: readonly [PublicKey, PublicKey];
  readonly secrets = [filled(21), filled(22)] as const;
  readonly breeding: PublicKey;

  /** @param grown both are sprouts; else they are seeds */
  constructor(core: CoreKind, grown = true) {
    const scene = Scene.living(core);
    this.scene = scene;
    this.owners = [scene.owner, Keypair.generate()];
    this.payers = [scene.svm.funded(), scene.svm.funded()];
    const [, genome] = this.genomes;
    this.assets = [scene.asset, assetAddress(scene.collection, genome)];
    this.breeding = breedingAddress(...this.assets);
    this.must(scene.mint({ genome, owner: this.owners[1].publicKey }, [scene.minter, this.owners[1]]));
    if (grown) for (const asset of this.assets) this.must(scene.evolve({ asset }));
    this.setSlot(1_000n);
  }

  /** Puts the chain into a slot; those before it have hashes, `kept` at most. */
  setSlot(slot: bigint, kept?: number): void {
    this.scene.svm.setSlot(slot, kept);
  }

  get slot(): bigint {
    return this.scene.svm.slot;
  }

  get now(): bigint {
    return BigInt(this.scene.court.time);
  }

  wait(seconds: bigint | number): void {
    this.scene.court.setTime(Number(this.now + BigInt(seconds)));
  }

  commit(side: 0 | 1, secret: Uint8Array = this.secrets[side]): Uint8Array {
    return broodCommit(secret, this.breeding.toBytes(), this.owners[side].publicKey.toBytes());
  }

  private get pair() {
    return { collection: this.scene.collection, a: this.assets[0], b: this.assets[1] };
  }

  private side(side: 0 | 1) {
    return {
      ...this.pair,
      payer: this.payers[side].publicKey,
      owner: this.owners[side].publicKey,
      commit: this.commit(side),
      deposit: DEPOSIT,
      heir: 1 as const,
      consent: true,
    };
  }

  offerIx(over: Over<typeof offerBreedingIx> = {}) {
    return offerBreedingIx({ ...this.side(0), until: this.now + 600n, ...over });
  }

  acceptIx(over: Over<typeof acceptBreedingIx> = {}) {
    return acceptBreedingIx({ ...this.side(1), ...over });
  }

  withdrawIx(over: Over<typeof withdrawOfferIx> = {}) {
    return withdrawOfferIx({
      ...this.pair,
      owner: this.owners[0].publicKey,
      payers: [this.payers[0].publicKey],
      ...over,
    });
  }

  drawIx() {
    return drawIx(this.pair);
  }

  revealIx(side: 0 | 1, secret: Uint8Array = this.secrets[side]) {
    return revealIx({ ...this.pair, side, secret });
  }

  /** The genome that these secrets and this slot give. */
  genome(slot: bigint): Uint8Array {
    const [a, b] = this.assets.map((asset) => asset.toBytes());
    const chance = broodChance({ secrets: this.secrets, slotHash: hashOf(slot), assets: [a, b] });
    return mixGenomes(...this.genomes, chance);
  }

  hatchIx(over: Over<typeof hatchIx> = {}) {
    const { scene } = this;
    const brood = this.read();
    return hatchIx({
      ...this.pair,
      payer: scene.payer,
      minter: scene.minter.publicKey,
      owner: this.owners[1].publicKey,
      payers: [this.payers[0].publicKey, this.payers[1].publicKey],
      genome: this.genome(brood?.slot ?? 0n),
      name: 'Mimo',
      uri: uriOf('5'),
      picture: filled(33),
      ...over,
    });
  }

  lapseIx(over: Over<typeof lapseIx> = {}) {
    return lapseIx({
      ...this.pair,
      payers: [this.payers[0].publicKey, this.payers[1].publicKey],
      ...over,
    });
  }

  offer(over: Over<typeof offerBreedingIx> = {}, signers = [this.payers[0], this.owners[0]]): Outcome {
    return this.scene.svm.send([this.offerIx(over)], signers);
  }

  accept(over: Over<typeof acceptBreedingIx> = {}, signers = [this.payers[1], this.owners[1]]): Outcome {
    return this.scene.svm.send([this.acceptIx(over)], signers);
  }

  withdraw(over: Over<typeof withdrawOfferIx> = {}, signers = [this.owners[0]]): Outcome {
    return this.scene.svm.send([this.withdrawIx(over)], signers);
  }

  draw(): Outcome {
    return this.scene.svm.send([this.drawIx()]);
  }

  reveal(side: 0 | 1, secret?: Uint8Array): Outcome {
    return this.scene.svm.send([this.revealIx(side, secret)]);
  }

  hatch(over: Over<typeof hatchIx> = {}, signers = [this.scene.minter]): Outcome {
    return this.scene.svm.send([this.hatchIx(over)], signers);
  }

  lapse(over: Over<typeof lapseIx> = {}): Outcome {
    return this.scene.svm.send([this.lapseIx(over)]);
  }

  /** Offered and accepted, and the slot of that is over. */
  agree(): this {
    this.must(this.offer());
    this.must(this.accept());
    this.setSlot(this.slot + 1n);
    return this;
  }

  /** Agreed and drawn, and these sides have revealed. */
  reveals(...sides: (0 | 1)[]): this {
    this.must(this.agree().draw());
    for (const side of sides) this.must(this.reveal(side));
    return this;
  }

  read(): BreedingState | null {
    const stored = this.scene.svm.account(this.breeding);
    return stored && stored.data.length > 0 ? decodeBreeding(stored.data) : null;
  }

  symbiont(which: 0 | 1 | PublicKey) {
    const asset = typeof which === 'number' ? this.assets[which] : which;
    return decodeSymbiont(this.scene.svm.account(symbiontAddress(asset))!.data);
  }

  lamports(key: PublicKey): bigint {
    return this.scene.svm.account(key)?.lamports ?? 0n;
  }

  /** What each deposit's payer holds. */
  purses(): [bigint, bigint] {
    return [this.lamports(this.payers[0].publicKey), this.lamports(this.payers[1].publicKey)];
  }

  /** Every account's bytes that a refusal must leave as they are. */
  everything(): (string | null)[] {
    const places = [this.breeding, this.scene.config, ...this.assets, ...this.assets.map(symbiontAddress)];
    return places.map((place) => {
      const stored = this.scene.svm.account(place);
      return stored && `${stored.lamports} ${Buffer.from(stored.data).toString('hex')}`;
    });
  }

  must(outcome: Outcome): void {
    if (outcome.error !== null) throw new Error(`${refusal(outcome)}\n${outcome.logs.join('\n')}`);
  }
}

export const { REST_SECONDS, REVEAL_SECONDS, HATCH_SECONDS } = CONSTANTS;
