import { Connection, PublicKey, Transaction } from '@solana/web3.js';
import { saveGrid } from '#shared/art/grid/file.ts';
import type { StudioAnswer, StudioApi, StudioDraft, StudioStep } from '#shared/protocol/index.ts';
import { transferIx } from '../chain/transfer.ts';
import { loadArt } from '../load.ts';
import { until } from './player.ts';
import { okay, TestWallet } from './wallet.ts';

const NONE = [0, 0, 0, 0, 0, 0, 0, 0];
export const GATHERS = [1, 0, 0, 0, 0, 0, 0, 0];

/** An art model of a creator's own: the world's, whose creatures were mixed up by `seed`. */
export function ownModel(seed: number, provenance: { [key: string]: string } = {}): Uint8Array {
  const model = loadArt();
  if (model.inputs !== 'art-v2') throw new Error('the world’s own model is a grid model');
  const anchors = model.grid.anchors.map((value, i) =>
    (i * 7 + seed) % 5 === 0 ? Math.min(63, -value) : value,
  );
  return saveGrid({ ...model.grid, name: `Model ${seed}`, anchors, provenance });
}

export const draftOf = (model: string | null, change: Partial<StudioDraft> = {}): StudioDraft => ({
  name: 'Lanterns',
  symbol: 'LANT',
  description: 'They glow.',
  traits: {
    stages: ['Spark', 'Wick', 'Flame', 'Lamp', 'Star'],
    branches: ['Moth', 'Wasp', 'Flint', 'Hearth'],
  },
  model,
  licence: 'CC0-1.0',
  rule: {
    steps: [1, 1_000_000].map((minimum) => ({ thresholds: NONE, weights: GATHERS, minimum })),
    branchStage: 1,
    branches: [GATHERS, NONE, NONE, NONE],
  },
  supply: 10,
  price: 5_000_000,
  treasury: null,
  royalties: null,
  dailyCap: 0,
  ...change,
});

/** A wallet that makes collections, over the server's own HTTP interface. */
export class Creator extends TestWallet {
  readonly connection = new Connection(`${this.url}/rpc`, 'confirmed');

  static async enter(url: string): Promise<Creator> {
    const creator = new Creator(url);
    await creator.signIn();
    await okay(await creator.as('POST', '/api/studio/test-sol', {}));
    return creator;
  }

  async bring(file: Uint8Array): Promise<string> {
    const { model } = await okay<StudioApi['POST /api/studio/models']>(
      await this.as('POST', '/api/studio/models', file),
    );
    return model.id;
  }

  /** Signs a step's transaction and hands it in. @returns its signature */
  async send(step: StudioStep): Promise<string> {
    if (!step.transaction) throw new Error(`${step.kind}: ${step.refusal ?? 'is done'}`);
    const signed = this.signTransaction(Buffer.from(step.transaction, 'base64'));
    return this.connection.sendRawTransaction(signed);
  }

  /** The same, though the chain will refuse it. */
  async sendAnyway(step: StudioStep): Promise<string> {
    const transaction = Transaction.from(Buffer.from(step.transaction ?? '', 'base64'));
    const latest = await this.connection.getLatestBlockhash('confirmed');
    Object.assign(transaction, { recentBlockhash: latest.blockhash });
    transaction.sign(this.keypair);
    return this.connection.sendRawTransaction(transaction.serialize(), { skipPreflight: true });
  }

  /** The same, and waits for the chain to show it. */
  async complete(step: StudioStep): Promise<void> {
    await this.shown(await this.send(step));
  }

  async shown(signature: string): Promise<void> {
    const { connection } = this;
    await until(`transaction ${signature}`, async () => {
      const { value } = await connection.getSignatureStatus(signature);
      if (value?.err) throw new Error(`transaction: ${JSON.stringify(value.err)}`);
      return value !== null && value.confirmationStatus !== 'processed';
    });
  }

  confirm(address: string, signature?: string): Promise<StudioAnswer> {
    const path = `/api/studio/collections/${address}/confirm`;
    return this.as('POST', path, signature ? { signature } : {}).then(okay<StudioAnswer>);
  }

  /** A draft, all of whose steps are signed, sent and confirmed. */
  async make(draft: StudioDraft): Promise<StudioAnswer> {
    let answer = await okay<StudioAnswer>(await this.as('POST', '/api/studio/collections', draft));
    const { address } = answer.collection;
    for (const step of answer.steps.filter(({ done }) => !done))
      answer = await this.confirm(address, await this.send(step));
    return answer;
  }

  /** Gives an asset away. */
  async passOn(asset: string, collection: string, to: string): Promise<void> {
    const owner = this.keypair.publicKey;
    const move = transferIx({
      payer: owner,
      owner,
      collection: new PublicKey(collection),
      asset: new PublicKey(asset),
      newOwner: new PublicKey(to),
    });
    const latest = await this.connection.getLatestBlockhash('confirmed');
    const transaction = new Transaction({ feePayer: owner, ...latest }).add(move);
    transaction.sign(this.keypair);
    await this.shown(await this.connection.sendRawTransaction(transaction.serialize()));
  }

  /** @returns the assets minted */
  async drop(address: string, wish: { count?: number; to?: string } = {}): Promise<string[]> {
    const { symbionts, steps } = await okay<StudioApi['POST /api/studio/collections/:address/mint']>(
      await this.as('POST', `/api/studio/collections/${address}/mint`, wish),
    );
    for (const step of steps) await this.complete(step);
    return symbionts.map(({ asset }) => asset);
  }
}
