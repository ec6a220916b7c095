import type { Play } from '#client/game/play.ts';
import type { Controls, Verb } from '#client/input/controls.ts';
import { BALANCE, nodeInReach } from '#shared/world/index.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';

const VERBS: { verb: Verb; label: string; key: string }[] = [
  { verb: 'strike', label: 'Strike', key: 'Space' },
  { verb: 'guard', label: 'Guard', key: 'Shift' },
  { verb: 'gather', label: 'Gather', key: 'E' },
  { verb: 'give', label: 'Give', key: 'G' },
];

/** The four verbs as buttons, and the stick for thumbs. */
export class Verbs {
  readonly element: HTMLElement;
  readonly stick: HTMLElement;
  private readonly buttons = new Map<Verb, { button: HTMLElement; veil: HTMLElement }>();
  private readonly play: Play;
  private readonly controls: Controls;

  constructor(play: Play, controls: Controls) {
    this.play = play;
    this.controls = controls;
    this.element = h('section', { class: 'verbs', 'aria-label': 'What you can do' });
    for (const { verb, label, key } of VERBS) {
      const veil = h('i');
      const button = h(
        'button',
        { class: 'panel', title: `${label} (${key})`, 'aria-label': label },
        icon(verb),
        veil,
        h('kbd', {}, key),
      );
      const hold = (down: boolean) => (event: Event) => {
        event.preventDefault();
        controls.hold(verb, down);
      };
      button.addEventListener('pointerdown', hold(true));
      for (const end of ['pointerup', 'pointercancel', 'pointerleave'])
        button.addEventListener(end, hold(false));
      this.buttons.set(verb, { button, veil });
      this.element.append(button);
    }
    this.stick = this.makeStick();
  }

  update(): void {
    const { me } = this.play;
    if (!me) return;
    const gathering = me.gathering[0] / BALANCE.gatherTicks;
    const waits: Record<Verb, number> = {
      strike: me.cooldown[0] / BALANCE.strikeCooldown,
      guard: 0,
      gather: gathering,
      give: me.cooldown[0] / BALANCE.giveCooldown,
    };
    const able: Record<Verb, boolean> = {
      strike: me.stamina[0] >= BALANCE.strikeStamina,
      guard: me.stamina[0] >= BALANCE.guardMinimum,
      gather: nodeInReach(me, 0) >= 0,
      give: me.fruit[0] + me.crystal[0] > 0,
    };
    for (const [verb, { button, veil }] of this.buttons) {
      veil.style.transform = `scaleY(${Math.min(1, waits[verb])})`;
      button.classList.toggle('on', this.controls.holds(verb) || (verb === 'gather' && gathering > 0));
      button.classList.toggle('off', !able[verb]);
    }
  }

  private makeStick(): HTMLElement {
    const knob = h('i');
    const stick = h('div', { class: 'stick', 'aria-hidden': 'true' }, knob);
    let pointer = -1;
    const lean = (e: PointerEvent) => {
      const box = stick.getBoundingClientRect();
      let x = (e.clientX - box.left - box.width / 2) / (box.width / 2);
      let y = (e.clientY - box.top - box.height / 2) / (box.height / 2);
      const far = Math.max(1, Math.hypot(x, y));
      x /= far;
      y /= far;
      knob.style.transform = `translate(${x * 40}px, ${y * 40}px)`;
      this.controls.lean(x, y);
    };
    stick.addEventListener('pointerdown', (e) => {
      pointer = e.pointerId;
      stick.setPointerCapture(pointer);
      lean(e);
    });
    stick.addEventListener('pointermove', (e) => {
      if (e.pointerId === pointer) lean(e);
    });
    const release = () => {
      pointer = -1;
      knob.style.transform = '';
      this.controls.lean(0, 0);
    };
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'])
      stick.addEventListener(end, release);
    return stick;
  }
}
