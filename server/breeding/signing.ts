import { PublicKey, Transaction } from '@solana/web3.js';
import bs58 from 'bs58';
import type { Chain } from '../chain/chain.ts';
import { Refusal } from '../refusal.ts';
import { type BroodRow, broodAt, keepBroodStep } from '../store/broods.ts';
import type { Cipher } from '../store/cipher.ts';
import type { IdentityRow } from '../store/identities.ts';
import type { Store } from '../store/store.ts';
import { offerEnd, sayIx } from './step.ts';

export interface BroodSigningOptions {
  store: Store;
  chain: Chain;
  cipher: Cipher;
}

/** Gives wallets their step of a brood to sign, and puts what they signed into the outbox. The server pays. */
export class BroodSigning {
  private readonly options: BroodSigningOptions;

  constructor(options: BroodSigningOptions) {
    this.options = options;
  }

  /** @throws Refusal */
  async transactionFor(identity: IdentityRow, brood: number): Promise<Uint8Array> {
    const { chain } = this.options;
    const { blockhash, lastValidBlockHeight } = await chain.connection.getLatestBlockhash('confirmed');
    const { transaction } = await this.step(identity, brood, blockhash, lastValidBlockHeight);
    transaction.partialSign(chain.options.keys.payer);
    return transaction.serialize({ requireAllSignatures: false });
  }

  /** @throws Refusal when it is not the one that was given out, or signed by another */
  async signed(identity: IdentityRow, brood: number, bytes: Uint8Array): Promise<void> {
    const { store, chain } = this.options;
    let signed: Transaction;
    try {
      signed = Transaction.from(bytes);
    } catch {
      throw new Refusal(409, 'transaction', 'cannot be read');
    }
    const { lastValidBlockHeight } = await chain.connection.getLatestBlockhash('confirmed');
    const ours = await this.step(identity, brood, signed.recentBlockhash ?? '', lastValidBlockHeight);
    let same = false;
    try {
      same = ours.transaction.serializeMessage().equals(signed.serializeMessage());
    } catch {
      // a blockhash that is none
    }
    if (!same) throw new Refusal(409, 'transaction', 'is not the one that was to be signed');
    if (!signed.signature || !signed.verifySignatures())
      throw new Refusal(409, 'transaction', 'is not signed by the wallet');
    const kept = await keepBroodStep(store, brood, ours.kind, {
      signature: bs58.encode(signed.signature),
      raw: Uint8Array.from(bytes),
      lastValidHeight: lastValidBlockHeight,
    });
    if (!kept) throw new Refusal(409, 'brood', 'a signed transaction is on its way already');
  }

  private async step(
    identity: IdentityRow,
    id: number,
    blockhash: string,
    lastValidBlockHeight: number,
  ): Promise<{ transaction: Transaction; kind: 'brood_offer' | 'brood_accept' }> {
    const { store, chain } = this.options;
    const row = await broodAt(store, id).catch((): BroodRow | null => null);
    if (!row || (row.a !== identity.id && row.b !== identity.id))
      throw new Refusal(409, 'brood', `there is none of yours under ${id}`);
    const side = row.state === 'agreed' ? 0 : 1;
    const mine = (side === 0 ? row.a : row.b) === identity.id;
    const open = !row.over && (row.state === 'agreed' || row.state === 'offered');
    if (!open || !mine) throw new Refusal(409, 'brood', 'there is nothing for you to sign in it now');
    if ((side === 0 ? row.ownerA : row.ownerB) !== identity.address)
      throw new Refusal(409, 'brood', 'your symbiont belonged to another address when you agreed');
    const transaction = new Transaction({
      feePayer: new PublicKey(chain.options.keys.payer.publicKey),
      blockhash,
      lastValidBlockHeight,
    });
    transaction.add(sayIx(this.options, row, side, offerEnd(row)));
    return { transaction, kind: side === 0 ? 'brood_offer' : 'brood_accept' };
  }
}
