import type { Play, Someone } from '#client/game/play.ts';
import { portraitCanvas } from '#client/game/portrait.ts';
import type { ShownAgent } from '#client/net/interpolation.ts';
import { BRANCHES, STAGES } from '#shared/art/types.ts';
import type { Asked, BroodCard, Creature } from '#shared/protocol/messages.ts';
import { ALIVE, BALANCE, WANDERER } from '#shared/world/index.ts';
import { h, write } from './dom.ts';
import { icon } from './icons.ts';
import './courtship.css';

/** Nearer than this (1/256 tile) one can ask another player. */
const BEFORE = Math.min(4 * 256, BALANCE.hearing);
/** Stages of a brood as they are told, and by which state each is reached. */
const STEPS = [
  ['Both say yes', ['agreed']],
  ['Their words are kept', ['offered', 'accepted']],
  ['Chance falls', ['drawn']],
  ['It hatches', ['hatched']],
] as const;
const ORDER = ['agreed', 'offered', 'accepted', 'drawn', 'hatched'];
/** What became of it goes away by itself. */
const FAILED_MS = 12_000;

const kindOf = ({ stage, branch }: Pick<Creature, 'stage' | 'branch'>): string =>
  branch > 0 ? `${STAGES[stage]} of ${BRANCHES[branch]}` : STAGES[stage];

function portrait(creature: Creature): HTMLElement {
  return h(
    'figure',
    {},
    h('div', { class: 'picture' }, portraitCanvas(creature)),
    h('figcaption', {}, h('b', {}, creature.name), h('span', {}, kindOf(creature))),
  );
}

/** Two and a heart between them. */
const couple = (one: Creature, other: Creature): HTMLElement =>
  h('div', { class: 'couple' }, portrait(one), h('span', { class: 'heart' }, icon('bond')), portrait(other));

/** Asking another player for a child of both symbionts, answering, and what comes of it. */
export class Courtship {
  readonly element: HTMLElement;
  private readonly play: Play;
  private readonly note: (text: string) => void;
  private readonly to = h('span');
  private readonly button = h('button', { class: 'panel', type: 'button' }, icon('bond'), this.to);
  private readonly progress = h('section', { class: 'panel brood', 'aria-label': 'Your child to be' });
  private near: Someone | null = null;
  private asking: HTMLDialogElement | null = null;
  private asked: HTMLDialogElement | null = null;
  private readonly done = new Set<number>();
  private shown: BroodCard | null = null;
  private leaving = 0;

  constructor(play: Play, note: (text: string) => void) {
    this.play = play;
    this.note = note;
    this.button.addEventListener('click', () => this.ask());
    this.progress.hidden = true;
    this.button.hidden = true;
    this.element = h('div', { class: 'courtship' }, this.button, this.progress);
    play.connection.on('asked', (asked) => this.question(asked));
    play.connection.on('brood', (card) => this.follow(card));
    play.on('welcome', () => {
      this.asked?.close();
      this.hide();
    });
  }

  update(others: ReadonlyMap<number, ShownAgent>): void {
    this.near = this.nearest(others);
    const busy = this.shown !== null && this.shown.state !== 'hatched' && this.shown.state !== 'failed';
    this.button.hidden = busy || this.near === null;
    if (this.near) write(this.to, `Ask ${this.near.name} for a child`);
  }

  /** The nearest player whose symbiont has sprouted, while one's own has. */
  private nearest(others: ReadonlyMap<number, ShownAgent>): Someone | null {
    const { play } = this;
    const at = play.predictor?.position();
    if (!at || play.me?.status[0] !== ALIVE || (play.symbiont?.stage ?? 0) < 1) return null;
    let best: Someone | null = null;
    let nearest = BEFORE;
    for (const other of others.values()) {
      const someone = other.role === WANDERER && other.status === ALIVE ? play.people.get(other.slot) : null;
      if (!someone || someone.stage < 1) continue;
      const distance = Math.hypot(other.x - at.x, other.y - at.y);
      if (distance < nearest) [best, nearest] = [someone, distance];
    }
    return best;
  }

  private ask(): void {
    const { play, near } = this;
    const own = play.symbiont;
    if (!near || !own || this.asking) return;
    const send = (heir: 'me' | 'you') => () => {
      play.connection.send('court', { slot: near.slot, heir });
      dialog.close();
      this.note(`You have asked ${near.name}. They have a minute to answer.`);
    };
    const theirs: Creature = { ...near, name: `${near.name}’s`, picture: '' };
    const dialog = h(
      'dialog',
      { class: 'courting', id: 'court', 'aria-label': 'Ask for a child' },
      h('h2', {}, `A child with ${near.name}?`),
      couple(own, theirs),
      h(
        'p',
        {},
        'It takes after both as chance falls: neither of you can choose. Both parents then rest for a day. Whose will it be?',
      ),
      h(
        'div',
        { class: 'row' },
        h('button', { class: 'go', onclick: send('me') }, 'It stays with me'),
        h('button', { class: 'go', onclick: send('you') }, `It goes with ${near.name}`),
        h('button', { class: 'quiet', onclick: () => dialog.close() }, 'Not now'),
      ),
    );
    this.asking = dialog;
    dialog.addEventListener('close', () => {
      dialog.remove();
      this.asking = null;
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  private question({ id, name, heir, yours, theirs, seconds }: Asked): void {
    this.asked?.close();
    const answer = (yes: boolean) => () => {
      answered = true;
      this.play.connection.send('answer', { id, yes });
      dialog.close();
    };
    let answered = false;
    const whose = heir === 'yours' ? 'It would be yours.' : `It would be ${name}’s.`;
    const dialog = h(
      'dialog',
      { class: 'courting', id: 'asked', 'aria-label': 'You are asked for a child' },
      // Whoever is just striking with the space bar must not say yes by it.
      h('h2', { tabindex: '-1', autofocus: true }, `${name} asks for a child`),
      couple(yours, theirs),
      h('p', {}, `A child of ${yours.name} and ${theirs.name}. `, h('b', {}, whose)),
      h(
        'p',
        { class: 'soft' },
        'It takes after both, and nobody can choose how. Both parents then rest for a day.',
      ),
      h(
        'div',
        { class: 'row' },
        h('button', { class: 'go', onclick: answer(true) }, 'Yes, gladly'),
        h('button', { class: 'quiet', onclick: answer(false) }, 'I would rather not'),
      ),
    );
    const timer = setTimeout(() => dialog.close(), seconds * 1000);
    dialog.addEventListener('close', () => {
      clearTimeout(timer);
      dialog.remove();
      if (this.asked === dialog) this.asked = null;
      // closed by Escape, another question or time: that is no
      if (!answered) this.play.connection.send('answer', { id, yes: false });
    });
    this.asked = dialog;
    document.body.append(dialog);
    dialog.showModal();
  }

  private follow(card: BroodCard): void {
    // What one has seen and put away stays away, also after joining again.
    if (this.done.has(card.id) || (this.shown && this.shown.id > card.id)) return;
    clearTimeout(this.leaving);
    const fresh = this.shown?.id !== card.id || this.shown.state !== card.state;
    this.shown = card;
    this.progress.hidden = false;
    this.progress.className = `panel brood ${card.state}`;
    this.progress.replaceChildren(...this.parts(card));
    if (card.state === 'failed') this.leaving = window.setTimeout(() => this.hide(), FAILED_MS);
    if (fresh && card.state === 'hatched' && card.child)
      this.note(`${card.child.name} has hatched, a child of ${card.yours.name} and ${card.theirs.name}!`);
  }

  private hide(): void {
    if (this.shown?.state === 'hatched' || this.shown?.state === 'failed') this.done.add(this.shown.id);
    this.shown = null;
    this.progress.hidden = true;
  }

  private parts(card: BroodCard): HTMLElement[] {
    const { child, state } = card;
    const close = h('button', { class: 'quiet', onclick: () => this.hide() }, 'Lovely');
    if (state === 'failed')
      return [h('h3', {}, 'Nothing came of it'), h('p', {}, card.error ?? 'It could not be.'), close];
    if (state === 'hatched' && child)
      return [
        h('div', { class: 'newborn' }, portraitCanvas(child)),
        h('h3', {}, child.name),
        h(
          'p',
          {},
          `${card.heir === 'yours' ? 'Your' : `${card.with}’s`} child of ${card.yours.name} and ${card.theirs.name}`,
        ),
        h(
          'div',
          { class: 'row' },
          h('a', { class: 'go', href: `/gallery/${child.asset}`, target: '_blank' }, 'See its family'),
          close,
        ),
      ];
    const at = ORDER.indexOf(state);
    return [
      couple(card.yours, card.theirs),
      h('div', { class: 'egg', 'aria-hidden': 'true' }),
      h(
        'ol',
        {},
        ...STEPS.map(([text, states]) => {
          const last = ORDER.indexOf(states[states.length - 1]);
          const begun = at >= ORDER.indexOf(states[0]);
          return h(
            'li',
            { class: at >= last ? 'done' : begun || at === ORDER.indexOf(states[0]) - 1 ? 'now' : '' },
            text,
          );
        }),
      ),
      ...(card.sign ? [this.signing(card)] : []),
    ];
  }

  /** The wallet's word: only the wallet can give it. */
  private signing(card: BroodCard): HTMLElement {
    const said = h('p', { class: 'soft' }, 'Your wallet has to say yes as well. It costs you nothing.');
    const button = h('button', { class: 'go' }, 'Sign with your wallet');
    button.addEventListener('click', () => {
      button.disabled = true;
      import('#client/wallet/brood.ts')
        .then(({ signBrood }) => signBrood(card.id))
        .then(() => write(said, 'Signed. It goes on in a moment.'))
        .catch((error) => {
          button.disabled = false;
          write(said, error instanceof Error ? error.message : String(error));
        });
    });
    return h('div', { class: 'sign' }, said, button);
  }
}
