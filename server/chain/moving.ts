import { PublicKey } from '@solana/web3.js';
import { ruleNext } from '#shared/growth/index.ts';
import {
  decodeAsset,
  decodeSymbiont,
  EVOLUTION_ERRORS,
  symbiontAddress,
} from '../../programs/client/index.ts';
import type { Guests } from '../identity/guests.ts';
import type { Log } from '../log.ts';
import { type IdentityRow, identitiesById, type SymbiontRow, symbiontAt } from '../store/identities.ts';
import { endTransfer, settleConsent, showTransfer } from '../store/moves.ts';
import { type IntentRow, personOf } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import { type Chain, ruleOf } from './chain.ts';
import { transferIx } from './transfer.ts';
import type { Preparation, Seen, Work } from './work.ts';

const TRANSFER_UNITS = 60_000;
/** How long a consent that a wallet sent itself is waited for. */
const PATIENCE_MS = 60_000;

export interface MovingOptions {
  store: Store;
  chain: Chain;
  guests: Guests;
  /** The chain has shown what the symbiont is now, and whether it goes on evolving. */
  onSettled: (identity: number, symbiont: SymbiontRow, evolving: boolean) => Promise<void> | void;
  log: Log;
}

interface Moved {
  identity: IdentityRow;
  /** Null where it never walked with them. */
  symbiont: SymbiontRow | null;
}

async function movedBy(store: Store, intent: IntentRow): Promise<Moved> {
  const [identity] = await identitiesById(store, [personOf(intent)]);
  const symbiont = await symbiontAt(store, { identity: personOf(intent), asset: intent.asset });
  return { identity, symbiont };
}

/** Moves an asset from its guest's key to the wallet that the guest's life was given to. */
export class Moving implements Work {
  readonly errors = new Map<number, { name: string }>();
  readonly voids = new Set<string>();
  readonly delays = new Set<string>();
  private readonly options: MovingOptions;

  constructor(options: MovingOptions) {
    this.options = options;
  }

  async account(intent: IntentRow): Promise<PublicKey> {
    return new PublicKey(intent.asset);
  }

  /** Once it was in the wallet, the wallet may pass it on before that is final. */
  async happened(intent: IntentRow, account: Buffer | null): Promise<boolean> {
    if (!account) return false;
    const { store, guests } = this.options;
    const { identity, symbiont } = await movedBy(store, intent);
    const { owner } = decodeAsset(new PublicKey(intent.asset), account);
    if (owner.toBase58() === identity.address) return true;
    return symbiont?.held !== 'moving' && guests.keypair(identity)?.publicKey.equals(owner) !== true;
  }

  async prepare(intent: IntentRow, account: Buffer | null): Promise<Preparation> {
    const { store, chain, guests } = this.options;
    if (!account) return { is: 'early', why: 'asset: is not on chain' };
    const { identity } = await movedBy(store, intent);
    const asset = new PublicKey(intent.asset);
    const { owner, collection } = decodeAsset(asset, account);
    if (!collection) return { is: 'early', why: 'asset: is in no collection' };
    const key = guests.keypair(identity);
    if (!key?.publicKey.equals(owner))
      return { is: 'early', why: `asset: belongs to ${owner.toBase58()}, not to its guest` };
    const move = transferIx({
      payer: chain.options.keys.payer.publicKey,
      owner: key.publicKey,
      collection,
      asset,
      newOwner: new PublicKey(identity.address),
    });
    return {
      is: 'transaction',
      signing: { instructions: [move], signers: [key], units: TRANSFER_UNITS },
      plan: null,
    };
  }

  async show(seen: readonly Seen[]): Promise<void> {
    const { store, onSettled, log } = this.options;
    for (const { intent, signature } of seen) {
      const symbiont = await showTransfer(store, intent, signature);
      log(`transfer of ${intent.asset} to its wallet`);
      if (symbiont) await onSettled(personOf(intent), symbiont, false);
    }
  }

  async release(): Promise<void> {}

  /** The guest's key has nothing left. Until now a move that the chain took back could be done again with it. */
  async final(intent: IntentRow): Promise<void> {
    const { store, guests } = this.options;
    const [identity] = await identitiesById(store, [personOf(intent)]);
    await endTransfer(store, intent, guests.keypair(identity)?.publicKey.toBase58() ?? null);
  }
}

/** A wallet's word whether its symbiont may grow. Nobody but the wallet can sign another one. */
export class Consenting implements Work {
  readonly errors = EVOLUTION_ERRORS;
  readonly voids = new Set<string>();
  readonly delays = new Set<string>();
  private readonly options: MovingOptions;

  constructor(options: MovingOptions) {
    this.options = options;
  }

  async account(intent: IntentRow): Promise<PublicKey> {
    return symbiontAddress(new PublicKey(intent.asset));
  }

  async happened(intent: IntentRow, account: Buffer | null): Promise<boolean> {
    const { identity } = await movedBy(this.options.store, intent);
    return account !== null && consents(account, identity) === intent.consent;
  }

  /** What the wallet sent itself soon shows, or never will. What it gave us was sent, and is over. */
  async prepare(intent: IntentRow): Promise<Preparation> {
    const isOver = intent.attempts > 0 || Date.now() - intent.created.getTime() >= PATIENCE_MS;
    return isOver
      ? { is: 'void', why: intent.error ?? 'consent: was not seen' }
      : { is: 'early', why: 'consent: is not on chain yet' };
  }

  async show(seen: readonly Seen[]): Promise<void> {
    for (const { intent, account, signature } of seen)
      await this.close(intent, account, { state: 'confirmed', error: null, signature });
  }

  /** It did not happen: what the chain holds stays. */
  async release(intent: IntentRow, why: string): Promise<void> {
    const [account] = await this.options.chain.accounts([await this.account(intent)]);
    await this.close(intent, account, { state: 'done', error: why, signature: null });
  }

  private async close(
    intent: IntentRow,
    account: Buffer | null,
    end: { state: 'confirmed' | 'done'; error: string | null; signature: string | null },
  ): Promise<void> {
    const { store, chain, onSettled, log } = this.options;
    const { identity, symbiont } = await movedBy(store, intent);
    if (!account || !symbiont) throw new Error(`symbiont ${intent.asset}: is not on chain`);
    const rule = ruleOf(chain, symbiont);
    const { stage, branch } = decodeSymbiont(account);
    const consent = consents(account, identity);
    const settled = await settleConsent(
      store,
      intent,
      { ...end, consent },
      (deeds) => rule !== null && ruleNext(rule, stage, branch, deeds) !== null,
    );
    log(`consent of ${identity.address}: ${end.error ?? consent}`);
    await onSettled(personOf(intent), settled.symbiont, settled.next);
  }
}

function consents(account: Buffer, identity: IdentityRow): boolean {
  return decodeSymbiont(account).consent?.toBase58() === identity.address;
}
