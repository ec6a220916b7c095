import { npcName } from '#client/game/looks.ts';
import type { Play } from '#client/game/play.ts';
import type { Controls } from '#client/input/controls.ts';
import type { ShownAgent } from '#client/net/interpolation.ts';
import { PROTOCOL } from '#shared/protocol/limits.ts';
import { ALIVE, BALANCE, WANDERER } from '#shared/world/index.ts';
import { h, write } from './dom.ts';
import './talk.css';

/** Who stands before one: nearer than this (1/256 tile), one can speak to them. They hear a little further. */
const BEFORE = 4 * 256;

/** What somebody in the zone is called. */
export function nameOf(play: Play, slot: number): string {
  const player = play.people.get(slot);
  if (player) return player.name;
  const other = play.shown(performance.now()).get(slot);
  return other ? npcName(other.role, other.tag) : 'Somebody';
}

/** The nearest NPC that would hear one, or null. */
export function listener(play: Play, others: ReadonlyMap<number, ShownAgent>): ShownAgent | null {
  const at = play.predictor?.position();
  if (!at || play.me?.status[0] !== ALIVE) return null;
  let best: ShownAgent | null = null;
  let nearest = Math.min(BEFORE, BALANCE.hearing);
  for (const other of others.values()) {
    if (other.role === WANDERER || other.status !== ALIVE) continue;
    const distance = Math.hypot(other.x - at.x, other.y - at.y);
    if (distance < nearest) [best, nearest] = [other, distance];
  }
  return best;
}

/** Speaking to the NPC one stands before: the key T, or the button that names it. */
export class Talk {
  readonly element: HTMLElement;
  private readonly play: Play;
  private readonly to = h('span');
  private readonly button = h('button', { class: 'panel', type: 'button' }, this.to, h('kbd', {}, 'T'));
  private readonly input = h('input', {
    class: 'panel',
    type: 'text',
    maxlength: String(PROTOCOL.chatMax),
    autocomplete: 'off',
    'aria-label': 'Say to them',
  });
  private readonly form: HTMLElement;
  private near: ShownAgent | null = null;
  /** Who is spoken to while the line is open. */
  private target = -1;

  constructor(play: Play, controls: Controls) {
    this.play = play;
    const send = (event: Event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      if (text && this.target >= 0) play.connection.send('say', { target: this.target, text });
      this.input.value = '';
      this.input.blur();
    };
    this.form = h('form', { onsubmit: send }, this.input);
    this.form.hidden = true;
    this.button.addEventListener('click', () => this.open());
    this.input.addEventListener('keydown', (e) => {
      if (e.key === 'Escape') this.input.blur();
    });
    this.input.addEventListener('blur', () => {
      this.form.hidden = true;
      this.target = -1;
    });
    this.element = h(
      'section',
      { class: 'talk-to', 'aria-label': 'Speak to somebody' },
      this.button,
      this.form,
    );
    this.element.hidden = true;
    controls.on('talk', (slot) => this.open(slot));
  }

  update(others: ReadonlyMap<number, ShownAgent>): void {
    this.near = listener(this.play, others);
    const open = !this.form.hidden;
    this.element.hidden = !open && this.near === null;
    this.button.hidden = open;
    if (this.near) write(this.to, `Speak to ${npcName(this.near.role, this.near.tag)}`);
  }

  private open(slot?: number): void {
    const to = this.play.shown(performance.now()).get(slot ?? -1) ?? this.near;
    if (!to) return;
    this.target = to.slot;
    this.input.placeholder = `Say to ${npcName(to.role, to.tag)}…`;
    this.element.hidden = this.form.hidden = false;
    this.button.hidden = true;
    this.input.focus();
  }
}
