import type { Applied, Chain } from './chain.ts';
import { accountJson, accountView } from './encoding.ts';
import { accountFilter } from './methods/accounts.ts';
import { withContext } from './methods/context.ts';
import { address, type Config, config, Params } from './params.ts';
import { invalidParams } from './rpcError.ts';
import { type Commitment, commitmentOr } from './slots.ts';

/** Where notifications of one subscription go. */
type Notify = (result: unknown) => void;

interface Listener {
  /** Null when the event is nothing to this listener. */
  result: (event: Applied) => unknown;
  notify: Notify;
  /** Signature subscriptions end with their first notification. */
  once?: () => void;
}

/** One live subscription; `end` takes it out of every index. */
export interface Subscription {
  method: string;
  end: () => void;
}

/**
 * Who listens to what. Listeners are found by key (commitment, kind, address), so that an event costs what its
 * own listeners cost. Transactions wait here until they are confirmed and final.
 */
export class Subscriptions {
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly slots = new Set<Notify>();
  private readonly roots = new Set<Notify>();
  /** Applied and not yet final, oldest first. */
  private readonly waiting: Applied[] = [];
  private confirmed = 0;
  private root: number;

  constructor(private readonly chain: Chain) {
    this.root = chain.clock.at('finalized');
  }

  applied(event: Applied): void {
    this.waiting.push(event);
    this.dispatch('processed', event);
  }

  slot(slot: number): void {
    const { clock } = this.chain;
    const confirmed = clock.at('confirmed');
    while (this.confirmed < this.waiting.length && this.waiting[this.confirmed].slot <= confirmed) {
      this.dispatch('confirmed', this.waiting[this.confirmed++]);
    }
    const final = clock.at('finalized');
    let done = 0;
    while (done < this.confirmed && this.waiting[done].slot <= final)
      this.dispatch('finalized', this.waiting[done++]);
    this.waiting.splice(0, done);
    this.confirmed -= done;
    for (const notify of [...this.slots]) notify({ parent: slot - 1, root: final, slot });
    if (final > this.root) for (const notify of [...this.roots]) notify(final);
    this.root = final;
  }

  /** Opens a subscription; throws RpcError for bad parameters. `ended` is called when it ends by itself. */
  open(method: string, given: unknown, notify: Notify, ended: () => void): Subscription | null {
    const open = Object.hasOwn(this.kinds, method) ? this.kinds[method] : null;
    return open && { method, end: open(given, notify, ended) };
  }

  private readonly kinds: {
    [method: string]: (given: unknown, notify: Notify, ended: () => void) => () => void;
  } = {
    accountSubscribe: (given, notify) => {
      const params = new Params(given, 2);
      const key = params.address(0);
      const options = params.config(1);
      const view = accountView(options);
      const result = (event: Applied): unknown => {
        const state = event.writes.find(([at]) => at === key)?.[1];
        return state && withContext(event.slot, accountJson(state, view));
      };
      return this.listen(commitmentOr(options.commitment), 'account', [key], { result, notify });
    },

    programSubscribe: (given, notify) => {
      const params = new Params(given, 2);
      const program = params.address(0);
      const options = params.config(1);
      const view = accountView(options);
      const accepts = accountFilter(options.filters);
      const result = (event: Applied): unknown => {
        const found = event.writes.filter(([, state]) => state.owner === program && accepts(state));
        return found.map(([pubkey, state]) =>
          withContext(event.slot, { account: accountJson(state, view), pubkey }),
        );
      };
      const each = (results: unknown): void => {
        for (const one of results as unknown[]) notify(one);
      };
      return this.listen(commitmentOr(options.commitment), 'program', [program], { result, notify: each });
    },

    logsSubscribe: (given, notify) => {
      const params = new Params(given, 2);
      const commitment = commitmentOr(params.config(1).commitment);
      const result = (event: Applied): unknown =>
        withContext(event.slot, { err: event.err, logs: event.logs, signature: event.signature });
      return this.listen(commitment, 'logs', [mentioned(params)], { result, notify });
    },

    signatureSubscribe: (given, notify, ended) => {
      const params = new Params(given, 2);
      const signature = params.signature(0);
      const commitment = commitmentOr(params.config(1).commitment);
      const result = (event: Applied): unknown => withContext(event.slot, { err: event.err });
      const known = this.chain.history.find(signature);
      if (known && known.slot <= this.chain.clock.at(commitment)) {
        // After the subscription's own answer, which carries the number that this notification names.
        const timer = setImmediate(() => {
          ended();
          notify(withContext(this.chain.clock.slot, { err: known.err }));
        });
        return () => clearImmediate(timer);
      }
      const end = this.listen(commitment, 'signature', [signature], {
        result,
        notify,
        once: () => {
          end();
          ended();
        },
      });
      return end;
    },

    slotSubscribe: (given, notify) => {
      new Params(given, 0);
      this.slots.add(notify);
      return () => this.slots.delete(notify);
    },

    rootSubscribe: (given, notify) => {
      new Params(given, 0);
      this.roots.add(notify);
      return () => this.roots.delete(notify);
    },
  };

  private listen(commitment: Commitment, kind: string, names: string[], listener: Listener): () => void {
    const keys = names.map((name) => `${commitment} ${kind} ${name}`);
    for (const key of keys) {
      const set = this.listeners.get(key);
      if (set) set.add(listener);
      else this.listeners.set(key, new Set([listener]));
    }
    return () => {
      for (const key of keys) {
        const set = this.listeners.get(key);
        set?.delete(listener);
        if (set?.size === 0) this.listeners.delete(key);
      }
    };
  }

  private dispatch(commitment: Commitment, event: Applied): void {
    if (this.listeners.size === 0) return;
    const owners = new Set(event.writes.map(([, state]) => state.owner));
    const keys = [
      `${commitment} signature ${event.signature}`,
      `${commitment} logs all`,
      ...event.keys.map((key) => `${commitment} logs ${key}`),
      ...event.writes.map(([key]) => `${commitment} account ${key}`),
      ...[...owners].map((owner) => `${commitment} program ${owner}`),
    ];
    for (const key of keys) {
      for (const listener of [...(this.listeners.get(key) ?? [])]) {
        const result = listener.result(event);
        if (result === undefined || result === null) continue;
        listener.once?.();
        listener.notify(result);
      }
    }
  }
}

/** Every subscription method has its unsubscribe; this gives the pair's name and the notification's. */
export const methodNames = (method: string): { unsubscribe: string; notification: string } => ({
  unsubscribe: method.replace('Subscribe', 'Unsubscribe'),
  notification: method.replace('Subscribe', 'Notification'),
});

export const SUBSCRIBE = [
  'accountSubscribe',
  'programSubscribe',
  'logsSubscribe',
  'signatureSubscribe',
  'slotSubscribe',
  'rootSubscribe',
] as const;

function mentioned(params: Params): string {
  const filter = params.required(0);
  if (filter === 'all' || filter === 'allWithVotes') return 'all';
  if (typeof filter === 'string') {
    throw invalidParams(
      `Invalid params: unknown filter \`${filter.slice(0, 32)}\`, expected all, allWithVotes or mentions`,
    );
  }
  const given: Config = config(filter, 'filter');
  if (!Array.isArray(given.mentions) || given.mentions.length !== 1) {
    throw invalidParams('Invalid Request: Only 1 address supported');
  }
  return address(given.mentions[0], 'mentions');
}
