import type { Play } from '#client/game/play.ts';
import { portraitCanvas } from '#client/game/portrait.ts';
import { BRANCHES, STAGES } from '#shared/art/types.ts';
import type { SymbiontCard } from '#shared/protocol/messages.ts';
import { DEEDS } from '#shared/world/balance.ts';
import { h, write } from './dom.ts';
import { icon, setIcon } from './icons.ts';

const DEED_ICONS = ['gather', 'bank', 'strike', 'skull', 'guard', 'give', 'walk', 'time'];
const BRANCH_ICONS = ['seed', 'bloom', 'thorn', 'stone', 'bond'];
const CLOSED = 'symbiont.card-closed';

const short = (address: string) => `${address.slice(0, 4)}…${address.slice(-4)}`;

/** The symbiont's card: its picture, what it has become, its deeds, and where it stands on the chain. */
export class Card {
  readonly element: HTMLElement;
  private readonly picture = h('div', { class: 'picture', id: 'symbiont-picture' });
  private readonly title = h('h3');
  private readonly kind = h('span');
  private readonly kindIcon = icon('seed');
  private readonly growth = h('span');
  private readonly fill = h('i');
  private readonly counts = DEEDS.map(() => h('b', {}, '0'));
  private readonly chain = h('dl');
  private readonly wallet: HTMLButtonElement;
  private drawn = '';

  constructor(play: Play, openWallet: () => void, openCompanions: () => void) {
    this.wallet = h('button', { class: 'wallet', onclick: openWallet });
    const top = h(
      'button',
      {
        class: 'top',
        title: 'Show more or less',
        onclick: () => this.fold(!this.element.classList.contains('closed')),
      },
      this.picture,
      h('div', {}, this.title, h('div', { class: 'kind' }, this.kindIcon, this.kind)),
    );
    this.element = h(
      'section',
      { class: 'card panel', id: 'symbiont-card', 'aria-label': 'Your symbiont' },
      top,
      h(
        'div',
        { class: 'body' },
        h('div', { class: 'grow' }, this.growth, h('div', {}, this.fill)),
        h(
          'ul',
          { class: 'deeds' },
          ...DEEDS.map((d, i) => h('li', {}, icon(DEED_ICONS[i]), h('span', {}, d), this.counts[i])),
        ),
        h(
          'div',
          { class: 'chain' },
          this.chain,
          this.wallet,
          h(
            'button',
            { class: 'wallet others', id: 'your-symbionts', onclick: openCompanions },
            icon('bond'),
            'Your symbionts',
          ),
        ),
      ),
    );
    this.element.hidden = true;
    this.fold(localStorage.getItem(CLOSED) === '1' || innerWidth < 720);
    play.on('symbiont', (card) => this.show(card));
    play.on('deeds', (deeds) => {
      deeds.forEach((n, i) => {
        if (this.counts[i]) write(this.counts[i], String(n));
      });
    });
  }

  private fold(closed: boolean): void {
    this.element.classList.toggle('closed', closed);
    localStorage.setItem(CLOSED, closed ? '1' : '0');
  }

  private show(card: SymbiontCard): void {
    this.element.hidden = false;
    this.element.classList.toggle('hatching', card.state === 'hatching');
    this.element.classList.toggle('evolving', card.state === 'evolving');
    const key = `${card.genome}/${card.stage}/${card.branch}/${card.model ?? ''}`;
    if (key !== this.drawn) {
      this.drawn = key;
      this.picture.replaceChildren(portraitCanvas(card));
    }
    write(this.title, card.name);
    const stage = STAGES[card.stage][0].toUpperCase() + STAGES[card.stage].slice(1);
    write(this.kind, card.branch > 0 ? `${stage} of ${BRANCHES[card.branch]}` : stage);
    setIcon(this.kindIcon, BRANCH_ICONS[card.branch]);
    if (card.next) {
      const share = Math.min(1, card.next.have / Math.max(1, card.next.need));
      write(
        this.growth,
        card.state === 'evolving'
          ? 'Growing…'
          : `Growth to ${STAGES[card.next.stage]}: ${card.next.have} of ${card.next.need}`,
      );
      this.fill.style.transform = `scaleX(${share})`;
    } else {
      write(this.growth, 'Fully grown');
      this.fill.style.transform = 'scaleX(1)';
    }
    this.chain.replaceChildren(...this.chainRows(card));
    this.showWallet(card);
  }

  /** Where it is kept; it asks for its owner's word where growing waits for that. */
  private showWallet(card: SymbiontCard): void {
    const waits = card.held === 'wallet' && !card.consent && card.state !== 'hatching';
    const [image, text] =
      card.held === 'guest'
        ? ['key', 'Keep it in a wallet']
        : card.held === 'moving'
          ? ['time', 'Moving to your wallet…']
          : waits
            ? ['bloom', 'Let it grow']
            : ['key', 'In your wallet'];
    this.wallet.classList.toggle('waits', waits);
    if (this.wallet.textContent !== text) this.wallet.replaceChildren(icon(image), text);
  }

  private chainRows(card: SymbiontCard): HTMLElement[] {
    const copy = (value: string) =>
      h(
        'button',
        { title: `${value} (click to copy)`, onclick: () => void navigator.clipboard?.writeText(value) },
        short(value),
      );
    const row = (name: string, value: Node | string) => [h('dt', {}, name), h('dd', {}, value)];
    const metadata = card.metadataUri
      ? h(
          'a',
          { href: card.metadataUri, target: '_blank', rel: 'noreferrer', style: 'color:inherit' },
          short(card.picture),
        )
      : short(card.picture);
    return [
      row('on chain', card.asset ? copy(card.asset) : 'hatching…'),
      card.asset
        ? row(
            'its page',
            h(
              'a',
              { href: `/gallery/${card.asset}`, target: '_blank', style: 'color:inherit' },
              'in the gallery',
            ),
          )
        : [],
      row('version', String(card.version)),
      row('last change', card.signature ? copy(card.signature) : '–'),
      row('picture', metadata),
    ].flat();
  }
}
