import type { Play } from '#client/game/play.ts';
import type { Controls } from '#client/input/controls.ts';
import type { ShownAgent } from '#client/net/interpolation.ts';
import { daylight } from '#client/scene/daylight.ts';
import type { MapPictures } from '#client/scene/map.ts';
import type { Sounds } from '#client/sound/sounds.ts';
import type { SymbiontCard } from '#shared/protocol/messages.ts';
import { DOWN, EVENT, RENOWN } from '#shared/world/index.ts';
import { Card } from './card.ts';
import { Chat } from './chat.ts';
import { Courtship } from './courtship.ts';
import { Dialogs } from './dialogs.ts';
import { h, write } from './dom.ts';
import { icon, setIcon } from './icons.ts';
import { Market } from './market.ts';
import { Minimap } from './minimap.ts';
import { Status } from './status.ts';
import { Talk } from './talk.ts';
import { Verbs } from './verbs.ts';

const NOTE_MS = 5000;
/** The world's chronicle is worth a longer look. */
const TALE_MS = 12_000;
const SLOW_MS = 150;
/** What is said of a symbiont that has reached a stage. */
const BECOMES = ['is a seed', 'has sprouted', 'is growing up', 'is fully grown', 'has become an elder'];

/** What is told of oneself as a renown ends, and as it begins. */
const RENOWN_TEXTS: Readonly<Record<number, readonly [string, string]>> = {
  [RENOWN.outlaw]: [
    'The guards no longer look for you.',
    'You are an outlaw now: the guards look for you. Gifts to those who work, or a quiet while, make it good.',
  ],
  [RENOWN.dreaded]: [
    'The raiders no longer dread you.',
    'The raiders have come to dread you: they keep out of your way.',
  ],
};

/** Everything around the world's picture, in the page's own elements. */
export class Hud {
  readonly dialogs: Dialogs;
  private readonly play: Play;
  private readonly sounds: Sounds;
  private readonly status: Status;
  private readonly verbs: Verbs;
  private readonly market: Market;
  private readonly talk: Talk;
  private readonly courtship: Courtship;
  private readonly minimap: Minimap;
  private readonly notes = h('div', { class: 'notes', role: 'status' });
  private readonly link = h('p', { class: 'panel warning', id: 'link' });
  private readonly clock = h('span', { class: 'panel clock' });
  private readonly fallen = h(
    'div',
    { class: 'fallen' },
    h('p', {}, 'You were brought down. You will wake at home.'),
  );
  private readonly mute = icon('sound', 'sound');
  private slowAt = 0;
  private last: SymbiontCard | null = null;

  constructor(root: HTMLElement, play: Play, controls: Controls, sounds: Sounds, map: MapPictures) {
    this.play = play;
    this.sounds = sounds;
    this.status = new Status(play);
    this.verbs = new Verbs(play, controls);
    this.market = new Market(play, controls);
    this.talk = new Talk(play, controls);
    this.courtship = new Courtship(play, (text) => this.note(text, 'grown'));
    this.minimap = new Minimap(play, map);
    const openWallet = () => {
      // Wallets are met when they are wanted: their code is no part of the first walk.
      import('#client/wallet/dialog.ts')
        .then((wallet) => wallet.openWallet(play))
        .catch(() => this.note('The wallet page could not be loaded. Try again.', 'warning'));
    };
    const openLearning = () => {
      import('./learning.ts')
        .then((learning) => learning.openLearning())
        .catch(() => this.note('That page could not be loaded. Try again.', 'warning'));
    };
    const openCompanions = () => {
      import('./companions.ts')
        .then((companions) => companions.openCompanions(play))
        .catch(() => this.note('That page could not be loaded. Try again.', 'warning'));
    };
    this.dialogs = new Dialogs(play, openWallet, openLearning);
    const chat = new Chat(play);
    const tool = (image: HTMLImageElement, label: string, act: () => void) =>
      h('button', { class: 'panel', title: label, 'aria-label': label, onclick: act }, image);
    this.link.hidden = true;
    this.fallen.hidden = true;
    this.notes.append(this.link);
    root.append(
      this.fallen,
      this.status.element,
      h(
        'div',
        { class: 'right' },
        h(
          'div',
          { class: 'tools' },
          this.clock,
          h(
            'button',
            { class: 'panel talk', title: 'Talk', 'aria-label': 'Talk', onclick: () => chat.focus() },
            icon('chat'),
          ),
          tool(icon('people'), 'You: name, look and wallet', () => this.dialogs.openProfile()),
          tool(this.mute, 'Sound (M)', () => this.toggleSound()),
          tool(icon('help'), 'Help (H)', () => this.dialogs.openHelp()),
        ),
        this.minimap.element,
        new Card(play, openWallet, openCompanions).element,
      ),
      chat.element,
      this.market.element,
      this.talk.element,
      this.courtship.element,
      this.verbs.element,
      this.verbs.stick,
      this.notes,
    );
    this.showSound();
    controls.on('chat', () => chat.focus());
    controls.on('mute', () => this.toggleSound());
    controls.on('help', () => this.dialogs.openHelp());
    play.connection.on('notice', ({ level, text }) => this.note(text, level));
    play.connection.on('tale', ({ text }) => this.note(text, 'grown', TALE_MS));
    play.on('event', ({ kind, actor, target, amount }) => {
      if (kind !== EVENT.renown || actor !== play.slot) return;
      this.note(
        RENOWN_TEXTS[target][amount],
        target === RENOWN.outlaw && amount === 1 ? 'warning' : 'grown',
        TALE_MS,
      );
    });
    play.connection.on('refused', ({ reason }) => this.note(reason, 'warning'));
    play.connection.on('signedOut', () =>
      this.note('You were signed out. You walk on as a guest.', 'warning'),
    );
    play.connection.on('link', ({ up, retryInMs }) => {
      this.link.hidden = up;
      write(
        this.link,
        `The Hollow is out of reach. Trying again in ${Math.max(1, Math.round(retryInMs / 1000))} s…`,
      );
    });
    play.connection.on('replaced', ({ resume }) => {
      const dialog = h(
        'dialog',
        { 'aria-label': 'Elsewhere' },
        h('h2', {}, 'You are here twice'),
        h('p', {}, 'You went on in another tab or window. Only one of you can walk the Hollow at a time.'),
        h('button', { class: 'go', autofocus: true, onclick: () => dialog.close() }, 'Go on here'),
      );
      dialog.addEventListener('close', () => {
        dialog.remove();
        resume();
      });
      document.body.append(dialog);
      dialog.showModal();
    });
    play.on('symbiont', (card) => {
      // Another that walks from now on did not just grow into what it is.
      if (this.last?.genome === card.genome && card.stage > this.last.stage)
        this.note(`${card.name} ${BECOMES[card.stage]}!`, 'grown');
      this.last = card;
    });
    // Whoever this is now, their symbiont did not just grow into what it is.
    play.on('welcome', () => {
      this.last = null;
    });
  }

  update(nowMs: number, others: ReadonlyMap<number, ShownAgent>): void {
    this.verbs.update();
    if (nowMs - this.slowAt < SLOW_MS) return;
    this.slowAt = nowMs;
    this.status.update();
    this.market.update();
    this.talk.update(others);
    this.courtship.update(others);
    this.minimap.update(others);
    const light = daylight(this.play.others.serverTick(nowMs));
    const hours = (6 + light.time * 24) % 24;
    const time = `${String(Math.floor(hours)).padStart(2, '0')}:${String(Math.floor((hours % 1) * 6) * 10).padStart(2, '0')}`;
    write(
      this.clock,
      `${light.night > 0.5 ? '☾' : '☀'} ${time} · ${Math.max(1, this.play.people.size)} here`,
    );
    this.fallen.hidden = this.play.me?.status[0] !== DOWN;
    this.sounds.air(light.night);
  }

  note(text: string, level: 'info' | 'warning' | 'grown', ms = NOTE_MS): void {
    const line = h('p', { class: `panel ${level}` }, text);
    this.notes.append(line);
    while (this.notes.children.length > 4) this.notes.children[1].remove();
    setTimeout(() => line.remove(), ms);
  }

  private toggleSound(): void {
    this.sounds.setMuted(!this.sounds.muted);
    this.showSound();
  }

  private showSound(): void {
    setIcon(this.mute, this.sounds.muted ? 'muted' : 'sound');
  }
}
