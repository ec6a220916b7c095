import { call, walletSession } from '#client/net/session.ts';
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

const PATH = '/api/studio/collections';

/** A transaction that waits for its signature, and what is shown beside it. */
export interface Waiting {
  readonly step: StudioStep;
  readonly drop: StudioDrop | null;
  state: 'asked' | 'signing' | 'sent' | 'done' | 'failed';
  why: string;
}

/** Everything that goes to the server and to the chain. One thing at a time; each can be done again. */
export class Release extends EventTarget {
  balance: number | null = null;
  testSol = false;
  collections: readonly StudioCollection[] = [];
  answer: StudioAnswer | null = null;
  /** Transactions of the collection, then those of a drop or of a change. */
  waiting: Waiting[] = [];
  dropped: StudioDrop[] = [];
  said = '';
  bad = false;
  busy = false;
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
      return '';
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
      const { transaction, kind } = one.step;
      const session = walletSession();
      const wallet = this.account.wallets.list().find(({ name }) => name === session?.wallet);
      if (!transaction || !this.config) return '';
      if (!session || !wallet) throw new Error(`${session?.wallet ?? 'Your wallet'} is not in this browser.`);
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
      this.waiting = steps.map((step, i) => ({ step, drop: symbionts[i], state: 'asked', why: '' }));
      return `${count === 1 ? 'It waits' : 'They wait'} for your signature.`;
    });
  }

  manage(wish: StudioManage): Promise<void> {
    return this.work('Asking…', async () => {
      const { step } = await this.ask<'POST /api/studio/collections/:address/manage'>(
        'POST',
        `${PATH}/${this.chosen()}/manage`,
        wish,
      );
      if (step.refusal) throw new Error(step.refusal);
      this.waiting = [{ step, drop: null, state: 'asked', why: '' }];
      return 'It waits for your signature.';
    });
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
    const others = this.waiting.filter(({ step }) => step.kind !== 'register' && step.kind !== 'create');
    this.take(answer);
    if (others.length > 0) this.waiting = others.filter(({ state }) => state !== 'done');
    await this.look(false);
  }

  private async look(andAnswer = true): Promise<void> {
    const { collections, balance, testSol } = await this.ask<'GET /api/studio/collections'>('GET', PATH);
    this.collections = collections;
    this.balance = balance;
    this.testSol = testSol;
    const { collection } = this.studio.draft;
    const known = collections.find((one) => one.address === collection) ?? null;
    if (andAnswer && known && !this.answer)
      this.take(await this.ask<'GET /api/studio/collections/:address'>('GET', `${PATH}/${known.address}`));
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
      const text = error instanceof Error ? error.message : String(error);
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

const SAID: Readonly<Record<string, string>> = {
  register: 'Your model is on chain, with where it came from.',
  create: 'Your collection is on chain.',
  mint: 'Minted. It can walk with its owner now.',
};
