import { PublicKey } from '@solana/web3.js';
import { setConsentIx } from '../../programs/client/index.ts';
import { Refusal } from '../refusal.ts';
import { type IdentityRow, type SymbiontRow, symbiontOf } from '../store/identities.ts';
import { keepConsent } from '../store/moves.ts';
import type { Store } from '../store/store.ts';
import { type Chain, collectionOf } from './chain.ts';
import { giveOut, takeBack, type Word } from './countersign.ts';

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
    return giveOut(chain, this.word(identity, await this.movedOf(identity), consent).instruction);
  }

  /**
   * Takes the transaction back, signed by the wallet, and puts it into the outbox.
   * @throws Refusal when it is not the one that was given out
   */
  async consented(identity: IdentityRow, bytes: Uint8Array): Promise<void> {
    const { store, chain } = this.options;
    const symbiont = await this.movedOf(identity);
    const words = [true, false].map((consent) => this.word(identity, symbiont, consent));
    const { says, signed } = await takeBack(chain, bytes, words);
    if (!(await keepConsent(store, symbiont, says, signed)))
      throw new Refusal(409, 'consent', 'one is on its way already');
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

  private word(identity: IdentityRow, symbiont: SymbiontRow, consent: boolean): Word<boolean> {
    return {
      says: consent,
      instruction: setConsentIx({
        owner: new PublicKey(identity.address),
        collection: collectionOf(this.options.chain, symbiont),
        asset: new PublicKey(symbiont.asset),
        consent,
      }),
    };
  }
}
