import type { PublicKey } from '@solana/web3.js';
import { type Log, reason } from '../log.ts';
import {
  countSigned,
  type IntentRow,
  keepSigned,
  rawOf,
  readyIntents,
  reviveIntents,
  type Signed,
  shownIntents,
  signedIntents,
  updateIntents,
} from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Chain, Status } from './chain.ts';
import { eachOf } from './many.ts';
import { type Case, type Happened, refusalIn, type Seen, type Sending, type Work } from './work.ts';

/** Intents signed in one round, and followed at once. */
const BATCH = 64;
const MOST_FOLLOWED = 512;
/** Transactions sent at once. */
const AT_ONCE = 12;
/** How soon the next round comes: after one that signed, while something is on its way, and at rest. */
const EAGER_MS = 20;
const BUSY_MS = 200;
const IDLE_MS = 5000;
/** A transaction that was not seen yet is handed in again after so long. */
const RESEND_MS = 2000;
/** How often what the chain has shown is asked for being final, and after how long it counts as taken back. */
const FINAL_MS = 400;
const TAKEN_BACK_MS = 120_000;
const FINAL_BATCH = 200;
const MOST_ATTEMPTS = 8;
const MOST_WAIT_MS = 30_000;
const FIRST_WAIT_MS = 250;

export interface OutboxOptions {
  store: Store;
  chain: Chain;
  works: Readonly<Record<IntentRow['kind'], Work>>;
  log: Log;
}

/**
 * Does on chain what the outbox holds, exactly once. A transaction is kept signed before it is sent. Another one is
 * signed for the same intent only when the first has expired and what is final does not hold it. What the accounts
 * show is the measure; what an RPC says of transactions only helps to find out when to look.
 */
export class Outbox {
  private readonly options: OutboxOptions;
  private stopped = false;
  private woken = false;
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
  private followedAt = Number.NEGATIVE_INFINITY;
  private onTheirWay = 0;
  private sending: Promise<void> = Promise.resolve();
  private turns: Promise<void> = Promise.resolve();

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
    this.woken = true;
    this.wakeUp();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
    await this.sending;
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
        const busy = open + this.shownAt.size + this.notBefore.size > 0;
        wait = progress ? EAGER_MS : busy ? BUSY_MS : IDLE_MS;
        failures = 0;
      } catch (error) {
        if (failures++ % MOST_ATTEMPTS === 0) log(`outbox: ${reason(error)}`);
        wait = Math.min(MOST_WAIT_MS, BUSY_MS * 2 ** Math.min(failures - 1, 10));
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
      // What came while the last round was on its way may not have been in it.
      if (this.stopped || (wakeable && this.woken)) wake();
      this.woken = false;
    });
  }

  /**
   * Looks at what is on its way, signs and sends what is ready, and closes what is final: at once, so that neither
   * waits for what another asks, and one that fails stops no other.
   */
  private async round(): Promise<{ open: number; progress: boolean }> {
    const now = performance.now();
    for (const [id, at] of this.notBefore) if (at <= now) this.notBefore.delete(id);
    const parts = await Promise.allSettled([this.begin(now), this.follow(now), this.finish(now)]);
    for (const part of parts) if (part.status === 'rejected') throw part.reason;
    const [begun, shown] = parts.map((part) => (part.status === 'fulfilled' ? part.value : 0));
    return { open: this.onTheirWay + begun, progress: begun + shown > 0 };
  }

  /** Signs and sends what is ready. @returns how much that was */
  private async begin(now: number): Promise<number> {
    const { store, chain, log } = this.options;
    this.onTheirWay = await countSigned(store);
    const room = Math.min(BATCH, MOST_FOLLOWED - this.onTheirWay);
    const ready = room > 0 ? await readyIntents(store, room, [...this.notBefore.keys()]) : [];
    if (ready.length === 0 || this.stopped) return 0;
    const [cases] = await Promise.all([this.look(ready), chain.ensureFunds()]);
    const signed: Signed[] = [];
    const happened = await this.judge(cases, async (one) => {
      const next = this.stopped ? null : await this.prepare(one);
      if (next) signed.push(next);
    });
    await this.show(happened, now);
    await keepSigned(store, signed);
    const byId = new Map(ready.map((intent) => [intent.id, intent]));
    await this.sending;
    // The next are signed meanwhile. What goes wrong is seen when these are looked at.
    this.sending = this.sendAll(
      signed.map(({ id, raw }) => ({ intent: byId.get(id) as IntentRow, raw })),
      now,
    ).catch((error) => log(`outbox: ${reason(error)}`));
    return happened.length + signed.length;
  }

  /** Looks at what was sent. @returns how much the chain has shown */
  private async follow(now: number): Promise<number> {
    if (now - this.followedAt < BUSY_MS) return 0;
    this.followedAt = now;
    const { store } = this.options;
    const again: IntentRow[] = [];
    const cases = await this.look(await signedIntents(store, MOST_FOLLOWED));
    const happened = await this.judge(cases, async ({ intent, work, status }) => {
      if (await this.isToBeSent(intent, work, status, now)) again.push(intent);
    });
    await this.show(happened, now);
    const raws = await rawOf(
      store,
      again.map(({ id }) => id),
    );
    await this.sendAll(
      again.flatMap((intent) => {
        const raw = raws.get(intent.id);
        return raw ? [{ intent, raw }] : [];
      }),
      now,
    );
    return happened.length;
  }

  /** Parts what the chain shows from what needs something else, and does that. */
  private async judge(cases: readonly Case[], otherwise: (one: Case) => Promise<void>): Promise<Happened[]> {
    const happened: Happened[] = [];
    await eachOf(cases, cases.length, async (one) => {
      const { intent, work, account } = one;
      try {
        if (await work.happened(intent, account))
          happened.push({ work, seen: { intent, account, signature: await this.signatureOf(one) } });
        else await otherwise(one);
      } catch (error) {
        this.delay(intent, reason(error));
      }
    });
    return happened;
  }

  private async show(happened: readonly Happened[], now: number): Promise<void> {
    for (const work of new Set(happened.map((one) => one.work))) {
      const seen = happened.filter((one) => one.work === work).map((one) => one.seen);
      await this.showAll(work, seen, now);
    }
  }

  private async showAll(work: Work, seen: readonly Seen[], now: number): Promise<void> {
    try {
      await work.show(seen);
    } catch (error) {
      for (const { intent } of seen) this.delay(intent, reason(error));
      return;
    }
    for (const { intent } of seen) {
      this.forget(intent.id);
      this.shownAt.set(intent.id, now);
    }
  }

  /** What the chain says of all of them, in as few requests as can be. */
  private async look(intents: readonly IntentRow[]): Promise<Case[]> {
    const { chain, works } = this.options;
    if (intents.length === 0) return [];
    const sent = intents.filter((intent) => intent.state !== 'pending' && intent.signature !== null);
    const [accounts, statuses] = await Promise.all([
      this.addressesOf(intents).then((addresses) => chain.accounts(addresses)),
      chain.statuses(sent.map((intent) => intent.signature as string)),
    ]);
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

  /** The transaction that did it: ours, where the chain has taken it, or else whichever it was. */
  private async signatureOf({ intent, work, status }: Case): Promise<string | null> {
    if (status && status.error === null) return intent.signature;
    return this.options.chain.lastSignature(await this.addressOf(intent, work));
  }

  private async prepare({ intent, work, account }: Case): Promise<Signed | null> {
    const next = await work.prepare(intent, account);
    if (next.is === 'void') await work.release(intent, next.why);
    else if (next.is === 'early') this.delay(intent, next.why);
    else {
      await this.turn();
      const expired = intent.error === EXPIRED ? intent.attempts : 0;
      const signed = await this.options.chain.sign({ ...next.signing, expired });
      return { id: intent.id, plan: next.plan, ...signed };
    }
    return null;
  }

  /** Signing is work, and the world's clock runs on the same thread: one at a time, others in between. */
  private turn(): Promise<void> {
    this.turns = this.turns.then(() => new Promise((resolve) => setImmediate(resolve)));
    return this.turns;
  }

  /** Whether a signed transaction is to be sent (again) now. One that is over for good makes room for another. */
  private async isToBeSent(intent: IntentRow, work: Work, status: Status, now: number): Promise<boolean> {
    const { id, signature, lastValidHeight } = intent;
    if (!signature || lastValidHeight === null) throw new Error('transaction: was not kept');
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

  private async sendAll(all: readonly Sending[], now: number): Promise<void> {
    const sent: number[] = [];
    for (const { intent } of all) this.sentAt.set(intent.id, now);
    await eachOf(all, AT_ONCE, async ({ intent, raw }) => {
      if (this.stopped) return;
      try {
        await this.options.chain.send(raw);
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

  /** Closes what is final, the oldest first, and opens again what was taken back. */
  private async finish(now: number): Promise<number> {
    if (now - this.finalAt < FINAL_MS) return 0;
    this.finalAt = now;
    // Where some of a part are not final, those after them are not either.
    while (await this.finishPart(now));
    return 0;
  }

  /** @returns whether all of a part were final, so that the next may be as well */
  private async finishPart(now: number): Promise<boolean> {
    const { store, chain, works, log } = this.options;
    const shown = await shownIntents(store, FINAL_BATCH);
    if (shown.length === 0) {
      this.shownAt.clear();
      return false;
    }
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
    return done.length === shown.length;
  }
}

const EXPIRED = 'transaction: expired without having been seen';
