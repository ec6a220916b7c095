import type { Chain } from '../chain/chain.ts';
import { giveOut, takeBack, type Word } from '../chain/countersign.ts';
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
    return giveOut(this.options.chain, (await this.step(identity, brood)).instruction);
  }

  /** @throws Refusal when it is not the one that was given out, or signed by another */
  async signed(identity: IdentityRow, brood: number, bytes: Uint8Array): Promise<void> {
    const { store, chain } = this.options;
    const { says, signed } = await takeBack(chain, bytes, [await this.step(identity, brood)]);
    if (!(await keepBroodStep(store, brood, says, signed)))
      throw new Refusal(409, 'brood', 'a signed transaction is on its way already');
  }

  private async step(identity: IdentityRow, id: number): Promise<Word<'brood_offer' | 'brood_accept'>> {
    const row = await broodAt(this.options.store, id).catch((): BroodRow | null => null);
    if (!row || (row.a !== identity.id && row.b !== identity.id))
      throw new Refusal(409, 'brood', `there is none of yours under ${id}`);
    const side = row.state === 'agreed' ? 0 : 1;
    const mine = (side === 0 ? row.a : row.b) === identity.id;
    const open = !row.over && (row.state === 'agreed' || row.state === 'offered');
    if (!open || !mine) throw new Refusal(409, 'brood', 'there is nothing for you to sign in it now');
    if ((side === 0 ? row.ownerA : row.ownerB) !== identity.address)
      throw new Refusal(409, 'brood', 'your symbiont belonged to another address when you agreed');
    return {
      says: side === 0 ? 'brood_offer' : 'brood_accept',
      instruction: sayIx(this.options, row, side, offerEnd(row)),
    };
  }
}
