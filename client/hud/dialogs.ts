import { PLAYER_LOOKS } from '#client/game/looks.ts';
import type { Play } from '#client/game/play.ts';
import { exportKey, walletSession } from '#client/net/session.ts';
import { PROTOCOL } from '#shared/protocol/limits.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';

const SEEN = 'symbiont.seen-help';

const HOME = ['bank', 'Stand in the village square to bring your goods home and heal.'] as const;
const KEYBOARD = [
  ['walk', '[WASD] or [arrows]: walk. Or click where to go, or whom to speak to.'],
  ['gather', '[E]: gather from a bush or crystal beside you. Or click it.'],
  [
    'strike',
    '[Space]: strike. Or click a raider; with the right button, anybody. Raiders carry what they took.',
  ],
  ['guard', '[Shift]: hold your guard when a blow comes.'],
  ['give', '[G]: give to whoever is near.'],
  HOME,
  ['coin', 'Stand at a market stall to buy and sell. Prices differ from place to place.'],
  ['chat', '[T]: speak to the inhabitant before you. [Enter]: talk to everybody.'],
  ['sound', '[M]: sound on or off. [H]: this page.'],
] as const;
const TOUCH = [
  ['walk', 'Walk with the stick on the left, or tap where to go, or whom to speak to.'],
  ['gather', 'Gather from a bush or crystal beside you; or tap it.'],
  ['strike', 'Strike; or tap a raider. Raiders carry what they took.'],
  ['guard', 'Hold your guard when a blow comes.'],
  ['give', 'Give to whoever is near.'],
  HOME,
  ['coin', 'Stand at a market stall to buy and sell. Prices differ from place to place.'],
] as const;

/** How to play, shown on the first visit; and who one is: name, look, key. */
export class Dialogs {
  private readonly play: Play;
  private readonly help: HTMLDialogElement;
  private readonly profile: HTMLDialogElement;
  private readonly name = h('input', {
    type: 'text',
    maxlength: String(PROTOCOL.nameMax),
    autocomplete: 'nickname',
    spellcheck: 'false',
  });
  private readonly answer = h('div');
  private readonly key = h('button', { class: 'quiet', onclick: () => void this.showKey() }, 'Show my key');

  constructor(play: Play, openWallet: () => void, openLearning: () => void) {
    this.play = play;
    const close = (dialog: () => HTMLDialogElement) => () => dialog().close();
    this.help = h(
      'dialog',
      { 'aria-label': 'How to play', id: 'help' },
      h('h2', {}, 'Welcome to the Hollow'),
      h(
        'p',
        {},
        'Gather fruit and crystals, bring them home to the village or sell them at a market, help the foragers and hold off the raiders. ' +
          'The others think for themselves and learn from how you play near them. What you do shapes your symbiont, the small creature at your heels.',
      ),
      this.looks(),
      h('ul', { class: 'ways' }, ...(matchMedia('(pointer: coarse)').matches ? TOUCH : KEYBOARD).map(way)),
      h('button', { class: 'go', autofocus: true, onclick: close(() => this.help) }, 'Into the Hollow'),
    );
    this.help.addEventListener('close', () => localStorage.setItem(SEEN, '1'));
    this.profile = h(
      'dialog',
      { 'aria-label': 'You', id: 'profile' },
      h('h2', {}, 'You'),
      this.looks(),
      h('label', {}, 'Your name', this.name),
      this.answer,
      h(
        'div',
        { class: 'row' },
        h('button', { class: 'go', onclick: () => this.save() }, 'Save'),
        h(
          'button',
          {
            class: 'quiet',
            onclick: () => {
              this.profile.close();
              openWallet();
            },
          },
          'Wallet',
        ),
        h(
          'button',
          {
            class: 'quiet',
            onclick: () => {
              this.profile.close();
              openLearning();
            },
          },
          'What they learn',
        ),
        this.key,
        h('button', { class: 'quiet', onclick: close(() => this.profile) }, 'Close'),
      ),
    );
    this.name.addEventListener('keydown', (e) => {
      if (e.key === 'Enter') this.save();
    });
    document.body.append(this.help, this.profile);
    play.connection.on('refused', ({ message, reason }) => {
      if (message === 'rename' && this.profile.open)
        this.answer.replaceChildren(h('p', { class: 'problem' }, reason));
    });
  }

  firstVisit(): void {
    if (localStorage.getItem(SEEN) !== '1') this.openHelp();
  }

  openHelp(): void {
    if (!this.help.open) this.help.showModal();
    this.markLook();
  }

  openProfile(): void {
    this.name.value = this.play.people.get(this.play.slot)?.name ?? '';
    this.answer.replaceChildren();
    // A wallet's key is in the wallet.
    this.key.hidden = walletSession() !== null;
    if (!this.profile.open) this.profile.showModal();
    this.markLook();
  }

  private looks(): HTMLElement {
    const choose = (look: number) => () => {
      this.play.connection.send('look', { look });
      this.markLook(look);
    };
    return h(
      'div',
      { class: 'looks', role: 'group', 'aria-label': 'Your look' },
      ...PLAYER_LOOKS.map((name, look) =>
        h('button', { title: name, 'aria-label': name, onclick: choose(look) }, icon(`face-${name}`)),
      ),
    );
  }

  private markLook(chosen = this.play.people.get(this.play.slot)?.look ?? -1): void {
    for (const group of document.querySelectorAll('.looks'))
      [...group.children].forEach((b, i) => {
        b.setAttribute('aria-pressed', String(i === chosen));
      });
  }

  private save(): void {
    const name = this.name.value.trim().replace(/\s+/g, ' ');
    if (name.length < PROTOCOL.nameMin) {
      this.answer.replaceChildren(
        h('p', { class: 'problem' }, `A name has at least ${PROTOCOL.nameMin} characters.`),
      );
      return;
    }
    if (name !== this.play.people.get(this.play.slot)?.name) this.play.connection.send('rename', { name });
    this.profile.close();
  }

  private async showKey(): Promise<void> {
    try {
      const { address, secretKey } = await exportKey();
      this.answer.replaceChildren(
        h(
          'p',
          {},
          `This is the secret key of ${address}. Whoever has it owns your symbiont; wallets import it.`,
        ),
        h('p', { class: 'key' }, secretKey),
      );
    } catch (error) {
      this.answer.replaceChildren(
        h('p', { class: 'problem' }, error instanceof Error ? error.message : String(error)),
      );
    }
  }
}

/** A line of help: its icon, then text; what stands in brackets is shown as a key. */
function way([name, text]: readonly [string, string]): HTMLElement {
  const parts = text.split(/\[(.+?)\]/).map((part, i) => (i % 2 ? h('kbd', {}, part) : part));
  return h('li', {}, icon(name), h('span', {}, ...parts));
}
