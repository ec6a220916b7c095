import { PublicKey, Transaction } from '@solana/web3.js';
import bs58 from 'bs58';
import { setConsentIx } from '../../programs/client/index.ts';
import { Refusal } from '../refusal.ts';
import { type IdentityRow, type SymbiontRow, symbiontOf } from '../store/identities.ts';
import { keepConsent } from '../store/moves.ts';
import type { Store } from '../store/store.ts';
import { type Chain, collectionOf } from './chain.ts';

export interface HandoverOptions {
  store: Store;
  chain: Chain;
}

/** Gives wallets the consents to sign, and puts what they signed into the outbox. */
export class Handover {
  private readonly options: HandoverOptions;

  constructor(options: HandoverOptions) {
    this.options = options;
  }

  /**
   * A transaction for the wallet to sign: its word that its symbiont may, or may not, grow. The server pays.
   * @throws Refusal
   */
  async consentFor(identity: IdentityRow, consent: boolean): Promise<Uint8Array> {
    const { chain } = this.options;
    const { blockhash, lastValidBlockHeight } = await chain.connection.getLatestBlockhash('confirmed');
    const transaction = await this.consentTransaction(identity, consent, blockhash, lastValidBlockHeight);
    transaction.partialSign(chain.options.keys.payer);
    return transaction.serialize({ requireAllSignatures: false });
  }

  /**
   * Takes the transaction back, signed by the wallet, and puts it into the outbox.
   * @throws Refusal when it is not the one that was given out
   */
  async consented(identity: IdentityRow, bytes: Uint8Array): Promise<void> {
    const { store, chain } = this.options;
    let signed: Transaction;
    try {
      signed = Transaction.from(bytes);
    } catch {
      throw new Refusal(409, 'transaction', 'cannot be read');
    }
    const { lastValidBlockHeight } = await chain.connection.getLatestBlockhash('confirmed');
    const message = signed.serializeMessage();
    let consent: boolean | null = null;
    for (const wanted of [true, false]) {
      const ours = await this.consentTransaction(
        identity,
        wanted,
        signed.recentBlockhash ?? '',
        lastValidBlockHeight,
      );
      if (ours.serializeMessage().equals(message)) consent = wanted;
    }
    if (consent === null) throw new Refusal(409, 'transaction', 'is not the one that was to be signed');
    if (!signed.signature || !signed.verifySignatures())
      throw new Refusal(409, 'transaction', 'is not signed by the wallet');
    const kept = await keepConsent(store, await this.movedOf(identity), consent, {
      signature: bs58.encode(signed.signature),
      raw: Uint8Array.from(bytes),
      lastValidHeight: lastValidBlockHeight,
    });
    if (!kept) throw new Refusal(409, 'consent', 'one is on its way already');
  }

  /** A wallet says that it has sent its word itself: the chain is looked at until it shows it. */
  async sent(identity: IdentityRow, consent: boolean): Promise<void> {
    if (!(await keepConsent(this.options.store, await this.movedOf(identity), consent, null)))
      throw new Refusal(409, 'consent', 'one is on its way already');
  }

  /** @throws Refusal while the wallet does not hold it */
  private async movedOf(identity: IdentityRow): Promise<SymbiontRow> {
    const symbiont = await symbiontOf(this.options.store, identity.id);
    if (!symbiont?.minted || symbiont.held !== 'wallet')
      throw new Refusal(409, 'symbiont', 'is not in the wallet yet');
    return symbiont;
  }

  private async consentTransaction(
    identity: IdentityRow,
    consent: boolean,
    blockhash: string,
    lastValidBlockHeight: number,
  ): Promise<Transaction> {
    const { chain } = this.options;
    const symbiont = await this.movedOf(identity);
    const transaction = new Transaction({
      feePayer: chain.options.keys.payer.publicKey,
      blockhash,
      lastValidBlockHeight,
    });
    return transaction.add(
      setConsentIx({
        owner: new PublicKey(identity.address),
        collection: collectionOf(chain, symbiont),
        asset: new PublicKey(symbiont.asset),
        consent,
      }),
    );
  }
}
