import { PublicKey, Transaction } from '@solana/web3.js';
import bs58 from 'bs58';
import { ruleNext } from '#shared/growth/index.ts';
import { decodeAsset, setConsentIx } from '../../programs/client/index.ts';
import type { Guests } from '../identity/guests.ts';
import { type IdentityRow, identitiesById, type SymbiontRow, symbiontOf } from '../store/identities.ts';
import { keepConsent, settleConsent, settleTransfer } from '../store/moves.ts';
import { type IntentRow, keepSigned, openIntents } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Chain } from './chain.ts';
import { transferIx } from './transfer.ts';

export interface HandoverOptions {
  store: Store;
  chain: Chain;
  guests: Guests;
  /** An intent is done: what the symbiont is now, and whether it goes on evolving. */
  onSettled: (identity: number, symbiont: SymbiontRow, evolving: boolean) => void;
}

/** How long a consent that a wallet sent itself is waited for. */
const PATIENCE_MS = 60_000;

/** A consent that cannot be; `field` is what is wrong. */
export class ConsentRefused extends Error {
  override name = 'ConsentRefused';
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** The outbox's part that moves assets from guests' keys to wallets, and sends the consents that wallets sign. */
export class Handover {
  private readonly options: HandoverOptions;

  constructor(options: HandoverOptions) {
    this.options = options;
  }

  does(intent: IntentRow): boolean {
    return intent.kind === 'transfer' || intent.kind === 'consent';
  }

  /**
   * Signs what an intent needs, unless the chain shows that it has happened.
   * @returns false where something else has to happen first
   */
  async prepare(intent: IntentRow): Promise<boolean> {
    const { store, chain, guests } = this.options;
    const { identity, symbiont } = await this.of(intent);
    if (intent.kind === 'consent') {
      // What a wallet signed cannot be signed again here: it has happened, or soon will, or never.
      return this.closeConsent(
        intent,
        identity,
        symbiont,
        Date.now() - intent.created.getTime() < PATIENCE_MS,
      );
    }
    const others = (await openIntents(store, intent.identity)).filter((one) => one.kind !== 'consent');
    // Minting and evolving go by the guest's key and consent: they come before.
    if (others.some((one) => one.kind !== 'transfer')) return false;
    const asset = new PublicKey(symbiont.asset);
    const wallet = new PublicKey(identity.address);
    const owner = await this.ownerOf(asset);
    if (owner.equals(wallet)) {
      await this.settle(intent, await chain.lastSignature(asset));
      return true;
    }
    const key = guests.keypair(identity);
    if (!key || !owner.equals(key.publicKey))
      throw new Error(`symbiont ${symbiont.asset}: belongs to ${owner.toBase58()}, not to its guest`);
    const { payer } = chain.options.keys;
    const move = transferIx({
      payer: payer.publicKey,
      owner: key.publicKey,
      collection: chain.collection,
      asset,
      newOwner: wallet,
    });
    await keepSigned(store, intent.id, { plan: null, ...(await chain.sign([move], [payer, key])) }, []);
    return true;
  }

  /** What was sent has happened. */
  async settle(intent: IntentRow, signature: string | null): Promise<void> {
    const { identity, symbiont } = await this.of(intent);
    if (intent.kind === 'consent') {
      await this.closeConsent(intent, identity, symbiont, false);
      return;
    }
    const { store, chain, onSettled } = this.options;
    const owner = await this.ownerOf(new PublicKey(symbiont.asset));
    if (owner.toBase58() !== identity.address)
      throw new Error(`symbiont ${symbiont.asset}: the chain does not show it with ${identity.address}`);
    const settled = await settleTransfer(store, intent, signature);
    chain.options.log(`transfer of ${symbiont.asset} to ${identity.address}`);
    onSettled(intent.identity, settled, false);
  }

  /**
   * A transaction for the wallet to sign: its word that its symbiont may, or may not, grow. The server pays.
   * @throws ConsentRefused
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
   * @throws ConsentRefused when it is not the one that was given out
   */
  async consented(identity: IdentityRow, bytes: Uint8Array): Promise<void> {
    const { store, chain } = this.options;
    let signed: Transaction;
    try {
      signed = Transaction.from(bytes);
    } catch {
      throw new ConsentRefused('transaction', 'cannot be read');
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
    if (consent === null) throw new ConsentRefused('transaction', 'is not the one that was to be signed');
    if (!signed.signature || !signed.verifySignatures())
      throw new ConsentRefused('transaction', 'is not signed by the wallet');
    const kept = await keepConsent(store, identity.id, consent, {
      signature: bs58.encode(signed.signature),
      raw: Uint8Array.from(bytes),
      lastValidHeight: lastValidBlockHeight,
    });
    if (!kept) throw new ConsentRefused('consent', 'one is on its way already');
  }

  /** A wallet says that it has sent its word itself: the chain is looked at until it shows it. */
  async sent(identity: IdentityRow, consent: boolean): Promise<void> {
    await this.movedOf(identity);
    if (!(await keepConsent(this.options.store, identity.id, consent, null)))
      throw new ConsentRefused('consent', 'one is on its way already');
  }

  /** @throws ConsentRefused while the wallet does not hold it */
  private async movedOf(identity: IdentityRow): Promise<SymbiontRow> {
    const symbiont = await symbiontOf(this.options.store, identity.id);
    if (!symbiont?.minted || symbiont.held !== 'wallet')
      throw new ConsentRefused('symbiont', 'is not in the wallet yet');
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
        collection: chain.collection,
        asset: new PublicKey(symbiont.asset),
        consent,
      }),
    );
  }

  /** The chain's word is what counts, whatever became of the transaction. */
  private async closeConsent(
    intent: IntentRow,
    identity: IdentityRow,
    symbiont: SymbiontRow,
    wait: boolean,
  ): Promise<boolean> {
    const { store, chain, onSettled } = this.options;
    const onChain = await chain.symbiont(new PublicKey(symbiont.asset));
    if (!onChain) throw new Error(`symbiont ${symbiont.asset}: is not on chain`);
    const consent = onChain.consent?.toBase58() === identity.address;
    if (wait && consent !== intent.consent) return false;
    const error = consent === intent.consent ? null : (intent.error ?? 'expired');
    const { stage, branch } = onChain;
    const settled = await settleConsent(
      store,
      intent,
      consent,
      error,
      (deeds) => chain.rule !== null && ruleNext(chain.rule, stage, branch, deeds) !== null,
    );
    chain.options.log(`consent of ${identity.address}: ${error ?? consent}`);
    onSettled(intent.identity, settled.symbiont, settled.next);
    return true;
  }

  private async ownerOf(asset: PublicKey): Promise<PublicKey> {
    const account = await this.options.chain.connection.getAccountInfo(asset, 'confirmed');
    if (!account) throw new Error(`asset ${asset.toBase58()}: is not on chain`);
    return decodeAsset(asset, account.data).owner;
  }

  private async of(intent: IntentRow): Promise<{ identity: IdentityRow; symbiont: SymbiontRow }> {
    const { store } = this.options;
    const [identity] = await identitiesById(store, [intent.identity]);
    const symbiont = await symbiontOf(store, intent.identity);
    if (!symbiont) throw new Error(`identity ${intent.identity}: has no symbiont`);
    return { identity, symbiont };
  }
}
