import { ApiError, call, walletSession } from '#client/net/session.ts';
import { Declined, signWith } from '#client/wallet/sign-in.ts';
import type { Wallet } from '#client/wallet/standard.ts';
import type { HttpApi } from '#shared/protocol/http.ts';
import type {
  StudioAnswer,
  StudioApi,
  StudioCollection,
  StudioDrop,
  StudioManage,
  StudioStep,
} from '#shared/protocol/studio.ts';
import type { Account } from '../account.ts';
import type { Models } from '../models.ts';
import type { Studio } from '../studio.ts';
import { sendTransaction } from './send.ts';
import { toServer } from './toServer.ts';
import { FIELDS, wishProblem } from './wishes.ts';

const PATH = '/api/studio/collections';

/** A transaction that waits for its signature, and what is shown beside it. */
export interface Waiting {
  step: StudioStep;
  readonly drop: StudioDrop | null;
  state: 'asked' | 'signing' | 'sent' | 'done' | 'failed';
  why: string;
  /** Asks for the same once more: a transaction counts for about a minute. */
  readonly again?: () => Promise<StudioStep>;
  /** When it was asked for (performance.now). */
  at?: number;
}

/** After so long a transaction is asked for anew before it is signed. */
const FRESH_MS = 40_000;

/** Everything that goes to the server and to the chain. One thing at a time; each can be done again. */
export class Release extends EventTarget {
  balance: number | null = null;
  testSol = false;
  collections: readonly StudioCollection[] = [];
  answer: StudioAnswer | null = null;
  /** Transactions of the collection, then those of a drop or of a change. */
  waiting: Waiting[] = [];
  dropped: StudioDrop[] = [];
  /** Whether the last drops went to who asked for them. */
  toMe = true;
  said = '';
  bad = false;
  busy = false;
  /** Of which collection the page's link is: one that was offered to who opens it. */
  readonly linked = new URLSearchParams(location.search).get('collection');
  readonly account: Account;
  private readonly studio: Studio;
  private readonly models: Models;

  constructor(studio: Studio, models: Models, account: Account) {
    super();
    this.studio = studio;
    this.models = models;
    this.account = account;
    account.addEventListener('change', () => this.tell());
  }

  get config(): HttpApi['GET /api/config'] | null {
    return this.account.config;
  }

  get address(): string | null {
    return this.account.address;
  }

  /** Looks at what there is; nothing is asked of a wallet. */
  open(): Promise<void> {
    return this.work('', async () => {
      await this.account.open();
      if (this.address) await this.look();
      return this.address || !this.linked
        ? ''
        : 'A collection is offered here: sign in with the wallet it is offered to.';
    });
  }

  signIn(wallet: Wallet): Promise<void> {
    return this.work(`Look at ${wallet.name}: it asks you to sign in.`, async () => {
      await this.account.signIn(wallet);
      await this.look();
      return '';
    });
  }

  getTestSol(): Promise<void> {
    return this.work('Filling your wallet…', async () => {
      const { note } = await this.ask<'POST /api/studio/test-sol'>('POST', '/api/studio/test-sol', {});
      await this.look();
      return note;
    });
  }

  /** Hands the draft in, the model first: nothing is paid for yet. */
  handIn(): Promise<void> {
    return this.work('Handing it in…', async () => {
      const { own } = this.models;
      const { address } = this;
      if (!address) throw new Error('Sign in with your wallet first.');
      if (own) await this.ask<'POST /api/studio/models'>('POST', '/api/studio/models', own.bytes);
      const draft = toServer(this.studio.draft, address, own?.model.id ?? null);
      const { collection } = this.studio.draft;
      const mine = this.collections.some((one) => one.address === collection);
      const answer = mine
        ? await this.ask<'PUT /api/studio/collections/:address'>('PUT', `${PATH}/${collection}`, draft)
        : await this.ask<'POST /api/studio/collections'>('POST', PATH, draft);
      this.studio.change({ collection: answer.collection.address });
      await this.studio.flush();
      this.take(answer);
      await this.look();
      return 'Checked. Nothing is paid yet: look at what each signature does and costs.';
    });
  }

  /** Has one transaction signed and sent, and waits until the chain shows it. */
  sign(one: Waiting): Promise<void> {
    return this.work('Your wallet asks you to sign.', async () => {
      const { kind } = one.step;
      const session = walletSession();
      const wallet = this.account.wallets.list().find(({ name }) => name === session?.wallet);
      if (!one.step.transaction || !this.config) return '';
      if (!session || !wallet) throw new Error(`${session?.wallet ?? 'Your wallet'} is not in this browser.`);
      const stale = one.state === 'failed' || performance.now() - (one.at ?? Infinity) > FRESH_MS;
      if (one.again && stale && !(await this.renew(one)))
        return 'It would not be the same any more: look again.';
      const { transaction } = one.step;
      if (!transaction) return '';
      this.set(one, 'signing');
      try {
        const signed = await signWith(wallet, transaction);
        this.set(one, 'sent');
        this.say('Sent. Waiting for the chain…');
        await sendTransaction(this.config.rpc, signed);
        this.set(one, 'done');
      } catch (error) {
        this.set(
          one,
          error instanceof Declined ? 'asked' : 'failed',
          error instanceof Error ? error.message : String(error),
        );
        throw error;
      } finally {
        // Whatever became of it, the chain knows; what it shows is what counts.
        await this.confirm().catch(() => {});
      }
      if (one.drop) this.dropped = [...this.dropped, one.drop];
      return SAID[kind] ?? 'Done: the chain holds it.';
    });
  }

  /** Asks for drops; they are minted by the signatures that follow. */
  mint(count: number, to: string): Promise<void> {
    return this.work('Drawing them…', async () => {
      const { symbionts, steps } = await this.ask<'POST /api/studio/collections/:address/mint'>(
        'POST',
        `${PATH}/${this.chosen()}/mint`,
        { count, ...(to ? { to } : {}) },
      );
      this.toMe = to === '' || to === this.address;
      const drops = steps.map((step, i): Waiting => ({ step, drop: symbionts[i], state: 'asked', why: '' }));
      this.waiting = [...this.waiting.filter(makes), ...drops];
      return `${count === 1 ? 'It waits' : 'They wait'} for your signature.`;
    });
  }

  /** Asks for a change of a collection that is on chain; it is made by the signature that follows. */
  manage(wish: StudioManage): Promise<void> {
    return this.work('Asking…', async () => {
      const problem = wishProblem(wish);
      if (problem) throw new Error(problem);
      const path = `${PATH}/${this.chosen()}/manage`;
      const again = async () =>
        (await this.ask<'POST /api/studio/collections/:address/manage'>('POST', path, wish)).step;
      const step = await again();
      if (step.refusal) throw new Error(step.refusal);
      const change: Waiting = { step, drop: null, state: 'asked', why: '', again, at: performance.now() };
      this.waiting = [...this.waiting.filter(makes), change];
      return 'It waits for your signature.';
    });
  }

  /** Asks for a step's transaction anew. @returns whether it does and costs the same as what was shown */
  private async renew(one: Waiting): Promise<boolean> {
    const step = await one.again?.();
    if (!step) return true;
    if (step.refusal) throw new Error(step.refusal);
    const same = step.what === one.step.what && step.cost?.total === one.step.cost?.total;
    one.step = step;
    one.at = performance.now();
    this.set(one, 'asked');
    return same;
  }

  /** Looks at another of one's collections. */
  choose(address: string): Promise<void> {
    return this.work('', async () => {
      this.dropped = [];
      this.take(await this.ask<'GET /api/studio/collections/:address'>('GET', `${PATH}/${address}`));
      return '';
    });
  }

  private chosen(): string {
    if (!this.answer) throw new Error('Hand your collection in first.');
    return this.answer.collection.address;
  }

  private async confirm(): Promise<void> {
    if (!this.answer) return;
    const answer = await this.ask<'POST /api/studio/collections/:address/confirm'>(
      'POST',
      `${PATH}/${this.chosen()}/confirm`,
      {},
    );
    const others = this.waiting.filter((one) => !makes(one) && one.state !== 'done');
    this.take(answer);
    this.waiting = [...this.waiting, ...others];
    await this.look(false);
  }

  private async look(andAnswer = true): Promise<void> {
    const { collections, balance, testSol } = await this.ask<'GET /api/studio/collections'>('GET', PATH);
    this.collections = collections;
    this.balance = balance;
    this.testSol = testSol;
    if (!andAnswer || this.answer) return;
    const { collection } = this.studio.draft;
    const wanted = this.linked ?? collections.find((one) => one.address === collection)?.address;
    if (wanted)
      this.take(
        await this.ask<'GET /api/studio/collections/:address'>(
          'GET',
          `${PATH}/${encodeURIComponent(wanted)}`,
        ),
      );
  }

  private take(answer: StudioAnswer): void {
    this.answer = answer;
    this.waiting = answer.steps
      .filter(({ done }) => !done)
      .map((step) => ({ step, drop: null, state: 'asked', why: step.refusal ?? '' }));
  }

  private ask<K extends keyof StudioApi>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: unknown,
  ): Promise<StudioApi[K]> {
    return call<StudioApi[K]>(method, path, body, walletSession()?.token ?? '');
  }

  private set(one: Waiting, state: Waiting['state'], why = ''): void {
    one.state = state;
    one.why = why;
    this.tell();
  }

  private async work(waiting: string, work: () => Promise<string>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.say(waiting);
    let [said, bad] = ['', false];
    try {
      said = await work();
    } catch (error) {
      const declined = error instanceof Declined;
      await this.account.ended(error);
      const text = sentence(error);
      said = declined ? `${text} Nothing was paid; sign whenever you like.` : text;
      bad = !declined;
    }
    this.busy = false;
    this.say(said, bad);
  }

  private say(text: string, bad = false): void {
    this.said = text;
    this.bad = bad;
    this.tell();
  }

  private tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}

/** Whether a step makes the collection, rather than drops from it or changes it. */
const makes = ({ step }: Waiting): boolean => step.kind === 'register' || step.kind === 'create';

/** What went wrong, with the name of the field that it is about. */
function sentence(error: unknown): string {
  if (error instanceof ApiError && FIELDS[error.field]) return `${FIELDS[error.field]} ${error.message}.`;
  return error instanceof Error ? error.message : String(error);
}

const SAID: Readonly<Record<string, string>> = {
  register: 'Your model is on chain, with where it came from.',
  create: 'Your collection is on chain.',
  mint: 'Minted. It can walk with its owner now.',
  pause: 'Paused: nobody mints or grows in it until you go on.',
  resume: 'It is open again.',
  supply: 'The supply is lower now.',
  price: 'The price is set.',
  dailyCap: 'The evolutions a day are set.',
  propose: 'Done. It stays yours until somebody to whom it is offered takes it over.',
  accept: 'It is yours now.',
};
