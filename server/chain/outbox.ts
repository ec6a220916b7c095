import { bytesToHex } from '@noble/hashes/utils';
import { PublicKey } from '@solana/web3.js';
import type { ArtModel } from '#shared/art/index.ts';
import { ruleNext } from '#shared/growth/index.ts';
import { evolveIx, mintIx, type SymbiontState } from '../../programs/client/index.ts';
import type { Guests } from '../identity/guests.ts';
import { type Log, reason } from '../log.ts';
import { identitiesById, type SymbiontRow, symbiontOf } from '../store/identities.ts';
import {
  type IntentRow,
  keepSigned,
  nextIntents,
  type Plan,
  plansOf,
  reviveIntents,
  settle,
  updateIntent,
} from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Chain } from './chain.ts';
import { drawDocuments } from './documents.ts';
import { Handover } from './handover.ts';

/** Intents looked at in one round, how often, and how often at rest. */
const BATCH = 16;
const BUSY_MS = 250;
const IDLE_MS = 5000;
/** A transaction that was not seen yet is handed in again after so long. */
const RESEND_MS = 2000;
/** When an intent that has to wait for another is looked at again. */
const AFTER_MS = 500;
const MOST_ATTEMPTS = 8;
const MOST_WAIT_MS = 30_000;

export interface OutboxOptions {
  store: Store;
  chain: Chain;
  guests: Guests;
  model: ArtModel;
  publicUrl: string;
  /** An intent is done: what the symbiont is now, and whether it goes on evolving. */
  onSettled: (identity: number, symbiont: SymbiontRow, evolving: boolean) => void;
  log: Log;
}

/**
 * Does on chain what the outbox holds, exactly once: a transaction is kept signed before it is sent, and before
 * another one is signed for the same intent, the chain is asked whether it has happened already.
 */
export class Outbox {
  readonly handover: Handover;
  private readonly options: OutboxOptions;
  private stopped = false;
  private wakeUp: () => void = () => {};
  private running: Promise<void> | null = null;
  /** When an intent was last sent, or may be tried again, by its number. */
  private readonly sentAt = new Map<number, number>();
  private readonly notBefore = new Map<number, number>();

  constructor(options: OutboxOptions) {
    this.options = options;
    this.handover = new Handover(options);
  }

  start(): void {
    this.running = this.work();
  }

  /** There is something to do. */
  wake(): void {
    this.wakeUp();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async work(): Promise<void> {
    const { store, chain, log } = this.options;
    await chain.ensureStubbornly(() => this.stopped);
    await reviveIntents(store).catch((error) => log(`outbox: ${reason(error)}`));
    while (!this.stopped) {
      let open = 0;
      try {
        const intents = await nextIntents(store, BATCH);
        open = intents.length;
        if (open > 0) await chain.ensureFunds();
        // One after the other: signing is work, and the world's clock runs on the same thread.
        for (const intent of intents) await this.tryOne(intent);
      } catch (error) {
        log(`outbox: ${reason(error)}`);
      }
      await this.rest(open > 0 ? BUSY_MS : IDLE_MS, open === 0);
    }
  }

  private rest(ms: number, wakeable: boolean): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      const wake = () => {
        clearTimeout(timer);
        resolve();
      };
      this.wakeUp = wakeable ? wake : () => {};
      if (this.stopped) wake();
    });
  }

  private async tryOne(intent: IntentRow): Promise<void> {
    const now = performance.now();
    if ((this.notBefore.get(intent.id) ?? 0) > now) return;
    try {
      if (intent.state === 'pending') await this.prepare(intent);
      else await this.follow(intent, now);
    } catch (error) {
      await this.failed(intent, reason(error));
    }
  }

  /** Signs the transaction, unless the chain shows that it has happened. */
  private async prepare(intent: IntentRow): Promise<void> {
    const { handover } = this;
    const { store, chain, guests, model, publicUrl } = this.options;
    if (handover.does(intent)) {
      if (!(await handover.prepare(intent))) this.notBefore.set(intent.id, performance.now() + AFTER_MS);
      return;
    }
    const symbiont = await this.symbiontOf(intent);
    const asset = new PublicKey(symbiont.asset);
    const onChain = await chain.symbiont(asset);
    if (onChain && Number(onChain.version) >= intent.version) {
      await this.settle(intent, symbiont, onChain, await chain.lastSignature(asset));
      return;
    }
    const { keys } = chain.options;
    const [identity] = await identitiesById(store, [intent.identity]);
    const { genome, name } = symbiont;
    if (intent.kind === 'mint') {
      const guest = guests.keypair(identity);
      const plan: Plan = {
        stage: 0,
        branch: 0,
        version: 0,
        counters: symbiont.deeds,
        picture: bytesToHex(symbiont.picture),
        uri: symbiont.uri,
      };
      const mint = mintIx({
        payer: keys.payer.publicKey,
        minter: keys.zone.publicKey,
        owner: guest?.publicKey ?? new PublicKey(identity.address),
        collection: chain.collection,
        genome,
        name,
        uri: plan.uri,
        picture: symbiont.picture,
        consent: guest !== null,
      });
      const signers = [keys.payer, keys.zone, ...(guest ? [guest] : [])];
      const signed = await chain.sign([mint], signers);
      await keepSigned(store, intent.id, { plan, ...signed }, []);
    } else {
      if (!onChain) throw new Error(`symbiont ${symbiont.asset}: is not on chain`);
      const next = chain.rule && ruleNext(chain.rule, onChain.stage, onChain.branch, intent.counters);
      if (!next) throw new Error('rule: these deeds do not reach the next stage');
      const past = await plansOf(store, intent.identity);
      const { version, counters } = intent;
      const drawn = drawDocuments(model, publicUrl, {
        genome,
        name,
        ...next,
        deeds: counters,
        version,
        past,
      });
      const plan: Plan = { ...next, version, counters, picture: bytesToHex(drawn.picture), uri: drawn.uri };
      const evolve = evolveIx({
        payer: keys.payer.publicKey,
        zone: keys.zone.publicKey,
        owner: null,
        collection: chain.collection,
        asset,
        deeds: counters,
        version: onChain.version,
        uri: plan.uri,
        picture: drawn.picture,
      });
      const signed = await chain.sign([evolve], [keys.payer, keys.zone]);
      await keepSigned(store, intent.id, { plan, ...signed }, drawn.blobs);
    }
  }

  /** Sends what is signed, and sees what became of what was sent. */
  private async follow(intent: IntentRow, now: number): Promise<void> {
    const { handover } = this;
    const { store, chain } = this.options;
    const { id, raw, signature, lastValidHeight } = intent;
    if (!raw || !signature || lastValidHeight === null) throw new Error('transaction: was not kept');
    const { fate, error } = await chain.fate(signature, lastValidHeight);
    if (fate === 'done' && handover.does(intent)) await handover.settle(intent, signature);
    else if (fate === 'done') {
      const symbiont = await this.symbiontOf(intent);
      const onChain = await chain.symbiont(new PublicKey(symbiont.asset));
      if (!onChain || Number(onChain.version) < intent.version)
        throw new Error(`symbiont ${symbiont.asset}: the chain does not show version ${intent.version}`);
      await this.settle(intent, symbiont, onChain, signature);
    } else if (fate === 'failed') throw new Error(`transaction: ${error}`);
    else if (fate === 'missing') throw new Error('transaction: expired without having been seen');
    else if (now - (this.sentAt.get(id) ?? Number.NEGATIVE_INFINITY) > RESEND_MS) {
      this.sentAt.set(id, now);
      await chain.send(raw);
      if (intent.state !== 'sent') await updateIntent(store, id, { state: 'sent' });
    }
  }

  private async symbiontOf(intent: IntentRow): Promise<SymbiontRow> {
    const symbiont = await symbiontOf(this.options.store, intent.identity);
    if (!symbiont) throw new Error(`identity ${intent.identity}: has no symbiont`);
    return symbiont;
  }

  /** The chain's word is what counts; the plan only adds the address of the documents. */
  private async settle(
    intent: IntentRow,
    symbiont: SymbiontRow,
    onChain: SymbiontState,
    signature: string | null,
  ): Promise<void> {
    const { store, chain, onSettled, log } = this.options;
    const { stage, branch, deeds, picture } = onChain;
    const version = Number(onChain.version);
    const settled = await settle(
      store,
      intent,
      {
        stage,
        branch,
        version,
        deeds,
        picture,
        uri: intent.plan?.uri ?? symbiont.uri,
        signature: signature ?? intent.signature,
      },
      (saved) => chain.rule !== null && ruleNext(chain.rule, stage, branch, saved) !== null,
    );
    this.sentAt.delete(intent.id);
    this.notBefore.delete(intent.id);
    log(`${intent.kind} of ${symbiont.asset}: version ${version}, stage ${stage}`);
    onSettled(intent.identity, settled.symbiont, settled.next);
  }

  /** Back to the start, later; after too many times it rests until the server starts again. */
  private async failed(intent: IntentRow, why: string): Promise<void> {
    const { store, log } = this.options;
    const attempts = intent.attempts + 1;
    // A chain out of reach says nothing about the transaction: it stays as it is and costs no attempt.
    const unreachable = /fetch failed|ECONN|ETIMEDOUT|socket hang up|50[234]|429/.test(why);
    const wait = Math.min(MOST_WAIT_MS, 250 * 2 ** attempts);
    this.notBefore.set(intent.id, performance.now() + wait);
    log(`${intent.kind} ${intent.id}: ${why}`);
    if (unreachable) return;
    const state = attempts >= MOST_ATTEMPTS ? 'failed' : 'pending';
    // What may still happen is followed on; another one is signed where this one expired or was refused. Should both
    // happen after all, the program refuses the second: its version, or its asset, is there already.
    const over = /expired|Blockhash not found|InstructionError|custom program error/i.test(why);
    const open = intent.state !== 'pending' && !over;
    await updateIntent(store, intent.id, {
      attempts,
      error: why,
      state: open && state === 'pending' ? intent.state : state,
    }).catch((error) => log(`outbox: ${reason(error)}`));
  }
}
