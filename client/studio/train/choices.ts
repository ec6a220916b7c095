import { h } from '#client/hud/dom.ts';
import { type Account, walletPicks } from '../account.ts';
import { MIN_SPRITES } from '../pictures/limits.ts';
import type { Studio } from '../studio.ts';
import { GOALS, runGoal } from './goals.ts';
import { timeOf } from './headline.ts';
import type { Place, Training } from './trainer.ts';

/** Where it is to be trained next, and for how long: with what either takes, as far as it is known. */
export class Choices {
  readonly element = h('div', { class: 'choices' });
  private place: Place = 'page';
  private shown = '';
  /** Whether what can be trained anew is in sight. */
  private unfolded = false;
  private readonly training: Training;
  private readonly studio: Studio;
  private readonly account: Account;

  constructor(training: Training, studio: Studio, account: Account) {
    this.training = training;
    this.studio = studio;
    this.account = account;
  }

  show(): void {
    const { training, studio, account } = this;
    const { phase, outdated, remote } = training;
    const state = JSON.stringify([
      ...[phase, outdated, studio.pictures.length >= MIN_SPRITES, runGoal(studio.draft), studio.draft.size],
      ...[this.place, this.stepMs('page'), remote.offer, account.address],
      account.wallets.list().map(({ name }) => name),
    ]);
    if (this.shown === state) return;
    this.shown = state;
    const focused = this.element.contains(document.activeElement) && document.activeElement?.matches('input');
    this.element.replaceChildren(...this.parts());
    if (focused) this.element.querySelector<HTMLInputElement>('input:checked')?.focus();
  }

  private parts(): HTMLElement[] {
    const { training } = this;
    const { phase, outdated } = training;
    const button = (text: string, onclick: () => void, disabled = false) =>
      h('button', { class: 'go', disabled, onclick }, text);
    if (phase === 'training' || phase === 'starting' || phase === 'queued')
      return [button('Pause', () => training.pause(), phase === 'starting' && training.place === 'server')];
    if (phase === 'pausing') return [button('Pausing…', () => {}, true)];
    if (phase === 'away') return this.signIn(() => training.remote.watch());
    const anew = h('details', { open: this.unfolded }, h('summary', {}, 'Train anew'), ...this.goals());
    anew.addEventListener('toggle', () => {
      this.unfolded = anew.open;
    });
    if (phase === 'paused' && !outdated) return [button('Go on', () => training.goOn()), anew];
    return phase === 'done' && !outdated ? [anew] : this.goals();
  }

  private goals(): HTMLElement[] {
    const { place, studio } = this;
    const enough = studio.pictures.length >= MIN_SPRITES;
    const signed = this.account.address !== null;
    const offered = this.training.remote.offer?.offered !== false;
    return [
      h(
        'div',
        { class: 'places', role: 'radiogroup', 'aria-label': 'Where it is trained' },
        this.choice('page', 'On this machine', this.about('page')),
        ...(offered ? [this.choice('server', 'On the server', this.about('server'))] : []),
      ),
      ...(place === 'server' && !signed
        ? this.signIn(() => void this.training.remote.ask())
        : GOALS.map(({ steps, name }, i) =>
            h(
              'button',
              {
                class: i === 1 ? 'go' : 'quiet',
                disabled: !enough,
                onclick: () => void this.training.begin(steps, place),
              },
              name,
              h('small', {}, `${steps.toLocaleString('en')} steps${this.timeFor(steps)}`),
            ),
          )),
      ...(place === 'server'
        ? [
            h(
              'p',
              { class: 'devices' },
              'Your pictures, reduced to palette roles, go to the server; it drops them when they are learnt, or when you say so.',
            ),
          ]
        : []),
    ];
  }

  private choice(place: Place, name: string, about: string): HTMLElement {
    const input = h('input', {
      type: 'radio',
      name: 'place',
      checked: this.place === place,
      onchange: () => {
        this.place = place;
        if (place === 'server') void this.account.open().then(() => this.training.remote.ask());
        this.show();
      },
    });
    return h('label', { class: 'place' }, input, h('b', {}, name), h('small', {}, about));
  }

  private signIn(then: () => void): HTMLElement[] {
    const { account } = this;
    if (!account.config) void account.open();
    return [
      h('b', {}, 'Sign in with your wallet'),
      ...walletPicks(account.wallets.list(), false, (wallet) => {
        account.signIn(wallet).then(then, (error: unknown) => {
          this.training.problem = error instanceof Error ? error.message : String(error);
          this.training.tell();
        });
      }),
    ];
  }

  /** Milliseconds that a step takes there; null: unknown. */
  private stepMs(place: Place): number | null {
    const { measured, backend, remote } = this.training;
    if (place === 'server') return remote.offer?.stepMs[this.studio.draft.size] ?? null;
    return measured.find((one) => one.backend === backend)?.ms ?? null;
  }

  private about(place: Place): string {
    const ms = this.stepMs(place);
    const speed = ms === null ? '' : `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms a step`;
    if (place === 'page') return speed || 'nothing leaves it';
    const { offer } = this.training.remote;
    if (!offer) return 'goes on when the page is closed';
    if (offer.waiting === 0) return speed || 'free now';
    const { waiting, waitingSeconds } = offer;
    return `${speed ? `${speed} · ` : ''}${waiting} before you${waitingSeconds > 0 ? `, ${timeOf(waitingSeconds)}` : ''}`;
  }

  private timeFor(steps: number): string {
    const ms = this.stepMs(this.place);
    if (ms === null) return '';
    const waits = this.place === 'server' ? (this.training.remote.offer?.waitingSeconds ?? 0) : 0;
    return ` · about ${timeOf((steps * ms) / 1_000 + waits)}`;
  }
}
