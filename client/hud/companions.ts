import type { Play } from '#client/game/play.ts';
import { portraitCanvas } from '#client/game/portrait.ts';
import { call, storedToken, walletSession } from '#client/net/session.ts';
import { BRANCHES, STAGES } from '#shared/art/types.ts';
import type { OwnedSymbiont, StudioApi } from '#shared/protocol/studio.ts';
import { h } from './dom.ts';
import './companions.css';

const token = (): string => walletSession()?.token ?? storedToken() ?? '';
/** How long the world is waited for before one may choose again. */
const PATIENCE_MS = 8000;

const kindOf = ({ stage, branch }: OwnedSymbiont): string => {
  const name = STAGES[stage][0].toUpperCase() + STAGES[stage].slice(1);
  return branch > 0 ? `${name} of ${BRANCHES[branch]}` : name;
};

/** The symbionts that one's address owns; the one that is chosen walks along from then on. */
class CompanionsDialog {
  private readonly play: Play;
  private readonly dialog: HTMLDialogElement;
  private readonly list = h('ul', { class: 'own' });
  private readonly answer = h('div', { 'aria-live': 'polite' });
  private owned: readonly OwnedSymbiont[] = [];
  /** Asked for and not yet there. */
  private wanted: string | null = null;
  private patience = 0;

  constructor(play: Play) {
    this.play = play;
    this.dialog = h(
      'dialog',
      { 'aria-label': 'Your symbionts', id: 'companions' },
      h('h2', {}, 'Your symbionts'),
      h(
        'p',
        {},
        'One of them walks with you, and what you do counts for that one alone. The others keep what they have earned.',
      ),
      this.answer,
      this.list,
      h(
        'div',
        { class: 'row' },
        h('button', { class: 'go', autofocus: true, onclick: () => this.dialog.close() }, 'Close'),
      ),
    );
    document.body.append(this.dialog);
    play.on('symbiont', ({ asset }) => {
      if (asset !== null && asset === this.wanted) this.settle();
      this.draw();
    });
    play.connection.on('refused', ({ message, reason }) => {
      if (message !== 'companion') return;
      this.settle();
      this.say(`${reason.replace(/^\w+: /, 'This one ')}.`);
      this.draw();
    });
  }

  open(): void {
    this.answer.replaceChildren();
    this.settle();
    if (!this.dialog.open) this.dialog.showModal();
    call<StudioApi['GET /api/me/symbionts']>('GET', '/api/me/symbionts', undefined, token()).then(
      ({ symbionts }) => {
        this.owned = symbionts;
        this.draw();
      },
      (error: unknown) => this.say(error instanceof Error ? error.message : String(error)),
    );
  }

  private choose(asset: string): void {
    this.answer.replaceChildren();
    this.wanted = asset;
    this.play.connection.send('companion', { asset });
    this.patience = window.setTimeout(() => {
      this.settle();
      this.say('The world has not answered. Try again in a moment.');
      this.draw();
    }, PATIENCE_MS);
    this.draw();
  }

  private settle(): void {
    clearTimeout(this.patience);
    this.wanted = null;
  }

  private say(text: string): void {
    this.answer.replaceChildren(h('p', { class: 'problem' }, text));
  }

  private draw(): void {
    if (!this.dialog.open) return;
    this.list.replaceChildren(...this.owned.map((one) => h('li', {}, this.tile(one))));
  }

  private tile(one: OwnedSymbiont): HTMLElement {
    const walks = one.asset === this.play.symbiont?.asset;
    const state = walks
      ? h('small', { class: 'here' }, 'walks with you')
      : one.asset === this.wanted
        ? h('small', { class: 'here' }, 'is coming…')
        : h('small', {}, one.refusal ?? one.collectionName);
    const tile = h(
      'button',
      {
        'aria-pressed': String(walks),
        'aria-disabled': String(one.refusal !== null),
        'data-asset': one.asset,
        onclick: () => this.choose(one.asset),
      },
      portraitCanvas(one),
      h('b', {}, one.name),
      h('small', {}, kindOf(one)),
      state,
    );
    tile.disabled = walks || one.refusal !== null || this.wanted !== null;
    return tile;
  }
}

let dialog: CompanionsDialog | null = null;

export function openCompanions(play: Play): void {
  dialog ??= new CompanionsDialog(play);
  dialog.open();
}
