import type { PublicKey } from '@solana/web3.js';
import { type Log, reason } from '../log.ts';
import {
  type IntentRow,
  keepSigned,
  readyIntents,
  reviveIntents,
  type Signed,
  shownIntents,
  signedIntents,
  updateIntents,
} from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Chain, Status } from './chain.ts';
import { refusalIn, type Seen, type Work } from './work.ts';

/** Intents signed in one round, and followed at once. */
const BATCH = 48;
const MOST_FOLLOWED = 192;
/** Intents worked on at once. */
const AT_ONCE = 12;
/** How soon the next round comes: after one that signed, while something is on its way, and at rest. */
const EAGER_MS = 20;
const BUSY_MS = 200;
const IDLE_MS = 5000;
/** A transaction that was not seen yet is handed in again after so long. */
const RESEND_MS = 2000;
/** How often what the chain has shown is asked for being final, and after how long it counts as taken back. */
const FINAL_MS = 1000;
const TAKEN_BACK_MS = 120_000;
const FINAL_BATCH = 400;
const MOST_ATTEMPTS = 8;
const MOST_WAIT_MS = 30_000;
const FIRST_WAIT_MS = 250;

export interface OutboxOptions {
  store: Store;
  chain: Chain;
  works: Readonly<Record<IntentRow['kind'], Work>>;
  log: Log;
}

/** An intent in a round, with what the chain says of it. */
interface Case {
  intent: IntentRow;
  work: Work;
  account: Buffer | null;
  status: Status;
}

/**
 * Does on chain what the outbox holds, exactly once. A transaction is kept signed before it is sent. Another one is
 * signed for the same intent only when the first has expired and what is final does not hold it. What the accounts
 * show is the measure; what an RPC says of transactions only helps to find out when to look.
 */
export class Outbox {
  private readonly options: OutboxOptions;
  private stopped = false;
  private wakeUp: () => void = () => {};
  private isReady!: () => void;
  private running: Promise<void> | null = null;
  /** By intent: when it was last sent, may be tried again, was first shown. */
  private readonly sentAt = new Map<number, number>();
  private readonly notBefore = new Map<number, number>();
  private readonly shownAt = new Map<number, number>();
  private readonly tries = new Map<number, number>();
  private readonly addresses = new Map<number, PublicKey>();
  private finalAt = Number.NEGATIVE_INFINITY;
  private unfinal = 0;

  constructor(options: OutboxOptions) {
    this.options = options;
  }

  start(): void {
    this.running = this.run();
  }

  /** When the chain holds what all else stands on. */
  readonly ready = new Promise<void>((resolve) => {
    this.isReady = resolve;
  });

  /** There is something to do. */
  wake(): void {
    this.wakeUp();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    const { store, chain, log } = this.options;
    await chain.ensureStubbornly(() => this.stopped);
    this.isReady();
    await reviveIntents(store).catch((error) => log(`outbox: ${reason(error)}`));
    let failures = 0;
    while (!this.stopped) {
      let wait = BUSY_MS;
      try {
        const { open, progress } = await this.round();
        const busy = open + this.unfinal + this.notBefore.size > 0;
        wait = progress ? EAGER_MS : busy ? BUSY_MS : IDLE_MS;
        failures = 0;
      } catch (error) {
        if (failures++ % MOST_ATTEMPTS === 0) log(`outbox: ${reason(error)}`);
        wait = Math.min(MOST_WAIT_MS, BUSY_MS * 2 ** Math.min(failures, 10));
      }
      await this.rest(wait, wait > BUSY_MS);
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

  /** Looks once at everything that is on its way and signs what is ready. */
  private async round(): Promise<{ open: number; progress: boolean }> {
    const { store, chain } = this.options;
    const now = performance.now();
    for (const [id, at] of this.notBefore) if (at <= now) this.notBefore.delete(id);
    const followed = await signedIntents(store, MOST_FOLLOWED);
    const room = Math.min(BATCH, MOST_FOLLOWED - followed.length);
    const ready = room > 0 ? await readyIntents(store, room, [...this.notBefore.keys()]) : [];
    if (ready.length > 0) await chain.ensureFunds();
    const cases = await this.look([...followed, ...ready]);
    const [signed, resent] = [[] as Signed[], [] as IntentRow[]];
    const happened = new Map<Work, Seen[]>();
    await eachOf(cases, async (one) => {
      const { intent, work, account, status } = one;
      try {
        if (await work.happened(intent, account)) {
          const seen = { intent, account, signature: await this.signatureOf(one) };
          happened.set(work, [...(happened.get(work) ?? []), seen]);
        } else if (intent.state === 'pending') {
          const next = this.stopped ? null : await this.prepare(one);
          if (next) signed.push(next);
        } else if (await this.isToBeSent(intent, work, status, now)) resent.push(intent);
      } catch (error) {
        this.delay(intent, reason(error));
      }
    });
    for (const [work, seen] of happened) await this.show(work, seen, now);
    await keepSigned(store, signed);
    const byId = new Map(ready.map((intent) => [intent.id, intent]));
    const fresh = signed.map(({ id, raw }) => ({
      ...(byId.get(id) as IntentRow),
      raw,
      state: 'signed' as const,
    }));
    await this.sendAll([...fresh, ...resent], now);
    if (now - this.finalAt > FINAL_MS) {
      this.finalAt = now;
      this.unfinal = await this.finish(now);
    }
    return { open: followed.length + ready.length, progress: happened.size + signed.length > 0 };
  }

  private async show(work: Work, seen: readonly Seen[], now: number): Promise<void> {
    try {
      await work.show(seen);
    } catch (error) {
      for (const { intent } of seen) this.delay(intent, reason(error));
      return;
    }
    for (const { intent } of seen) {
      this.forget(intent.id);
      this.shownAt.set(intent.id, now);
      this.unfinal++;
    }
  }

  /** What the chain says of all of them, in as few requests as can be. */
  private async look(intents: readonly IntentRow[]): Promise<Case[]> {
    const { chain, works } = this.options;
    if (intents.length === 0) return [];
    const accounts = await chain.accounts(await this.addressesOf(intents));
    const sent = intents.filter((intent) => intent.state !== 'pending' && intent.signature !== null);
    const statuses = await chain.statuses(sent.map((intent) => intent.signature as string));
    const statusOf = new Map(sent.map((intent, i) => [intent.id, statuses[i]]));
    return intents.map((intent, i) => ({
      intent,
      work: works[intent.kind],
      account: accounts[i],
      status: statusOf.get(intent.id) ?? null,
    }));
  }

  private addressesOf(intents: readonly IntentRow[]): Promise<PublicKey[]> {
    const { works } = this.options;
    return Promise.all(intents.map((intent) => this.addressOf(intent, works[intent.kind])));
  }

  /** Kept while an intent is open: finding an address takes a question to the database and half a millisecond. */
  private async addressOf(intent: IntentRow, work: Work): Promise<PublicKey> {
    const address = this.addresses.get(intent.id) ?? (await work.account(intent));
    this.addresses.set(intent.id, address);
    return address;
  }

  /** The transaction that did it: ours, where the chain says so, or else whichever it was. */
  private async signatureOf({ intent, work, status }: Case): Promise<string | null> {
    if (status?.confirmed && status.error === null) return intent.signature;
    return this.options.chain.lastSignature(await this.addressOf(intent, work));
  }

  private async prepare({ intent, work, account }: Case): Promise<Signed | null> {
    const next = await work.prepare(intent, account);
    if (next.is === 'void') await work.release(intent, next.why);
    else if (next.is === 'early') this.delay(intent, next.why);
    else {
      // Signing is work, and the world's clock runs on the same thread.
      await new Promise((resolve) => setImmediate(resolve));
      const expired = intent.error === EXPIRED ? intent.attempts : 0;
      const signed = await this.options.chain.sign({ ...next.signing, expired });
      return { id: intent.id, plan: next.plan, ...signed };
    }
    return null;
  }

  /** Whether a signed transaction is to be sent (again) now. One that is over for good makes room for another. */
  private async isToBeSent(intent: IntentRow, work: Work, status: Status, now: number): Promise<boolean> {
    const { id, raw, signature, lastValidHeight } = intent;
    if (!raw || !signature || lastValidHeight === null) throw new Error('transaction: was not kept');
    if (status && (status.error === null || !status.final)) return false;
    if (status?.error) {
      await this.over(intent, work, `transaction: ${status.error}`);
      return false;
    }
    if (now - (this.sentAt.get(id) ?? Number.NEGATIVE_INFINITY) <= RESEND_MS) return false;
    if (await this.options.chain.isGone(signature, lastValidHeight)) {
      await this.over(intent, work, intent.error ?? EXPIRED);
      return false;
    }
    return true;
  }

  private async sendAll(intents: readonly IntentRow[], now: number): Promise<void> {
    const sent: number[] = [];
    await eachOf(intents, async (intent) => {
      if (this.stopped) return;
      this.sentAt.set(intent.id, now);
      try {
        await this.options.chain.send(intent.raw as Uint8Array);
        if (intent.state !== 'sent') sent.push(intent.id);
      } catch (error) {
        await this.refused(intent, reason(error));
      }
    });
    await updateIntents(this.options.store, sent, { state: 'sent' });
  }

  /** An RPC that refuses to pass a transaction on may have done so before: only the reason is kept. */
  private async refused(intent: IntentRow, why: string): Promise<void> {
    const { store, works, log } = this.options;
    const refusal = refusalIn(why, works[intent.kind].errors);
    if (refusal === null || intent.error === refusal) return;
    log(`${intent.kind} ${intent.id}: ${refusal}: ${why}`);
    await updateIntents(store, [intent.id], { error: refusal });
  }

  /** This transaction will never happen (again). */
  private async over(intent: IntentRow, work: Work, why: string): Promise<void> {
    const { store, log } = this.options;
    const refusal = refusalIn(why, work.errors) ?? (why === EXPIRED ? null : why);
    log(`${intent.kind} ${intent.id}: ${why}`);
    this.sentAt.delete(intent.id);
    if (refusal && work.voids.has(refusal)) {
      await work.release(intent, refusal);
      return;
    }
    const attempts = intent.attempts + 1;
    const isHopeless = refusal !== null && !work.delays.has(refusal) && attempts >= MOST_ATTEMPTS;
    await updateIntents(store, [intent.id], {
      state: isHopeless ? 'failed' : 'pending',
      raw: null,
      attempts,
      error: refusal ?? EXPIRED,
    });
    if (refusal) this.delay(intent, refusal);
  }

  /** Looks at it again later, each time later still. */
  private delay(intent: IntentRow, why: string): void {
    const tries = this.tries.get(intent.id) ?? 0;
    if (tries === 0 || tries === MOST_ATTEMPTS) this.options.log(`${intent.kind} ${intent.id}: ${why}`);
    this.tries.set(intent.id, tries + 1);
    const wait = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries, 10));
    this.notBefore.set(intent.id, performance.now() + wait);
  }

  private forget(id: number): void {
    for (const map of [this.sentAt, this.notBefore, this.tries]) map.delete(id);
  }

  /** Closes what is final, and opens again what was taken back. @returns how much is not final yet */
  private async finish(now: number): Promise<number> {
    const { store, chain, works, log } = this.options;
    const shown = await shownIntents(store, FINAL_BATCH);
    if (shown.length === 0) return 0;
    const accounts = await chain.accounts(await this.addressesOf(shown), 'finalized');
    const [done, lost] = [[] as number[], [] as number[]];
    for (const [i, intent] of shown.entries()) {
      const since = this.shownAt.get(intent.id) ?? now;
      this.shownAt.set(intent.id, since);
      if (await works[intent.kind].happened(intent, accounts[i])) {
        await works[intent.kind].final?.(intent);
        done.push(intent.id);
      } else if (now - since > TAKEN_BACK_MS) lost.push(intent.id);
    }
    for (const id of [...done, ...lost]) for (const map of [this.shownAt, this.addresses]) map.delete(id);
    await updateIntents(store, done, { state: 'done', raw: null });
    if (lost.length > 0) log(`taken back by the chain: intents ${lost.join(', ')}`);
    await updateIntents(store, lost, { state: 'pending', raw: null });
    return shown.length - done.length;
  }
}

/** Does this with each, a few at once: what one waits for, another can use. */
async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < all.length) await work(all[next++]);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, all.length) }, lane));
}

const EXPIRED = 'transaction: expired without having been seen';
