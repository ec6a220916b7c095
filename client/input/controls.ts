import { Emitter } from '#client/game/emitter.ts';

export type Verb = 'strike' | 'guard' | 'gather' | 'give';

interface ControlEvents {
  press: Verb;
  /** A deal at the stall where one stands (see DEAL). */
  deal: number;
  chat: undefined;
  /** Speak to whom one stands before, or to this one (a slot). */
  talk: number | undefined;
  mute: undefined;
  help: undefined;
  /** A click or tap on the world, in the canvas's CSS pixels; with the second button it means a blow. */
  point: { x: number; y: number; blow: boolean };
}

const KEYS: Record<string, Verb> = {
  Space: 'strike',
  ShiftLeft: 'guard',
  ShiftRight: 'guard',
  KeyE: 'gather',
  KeyG: 'give',
};
const MOVES: Record<string, [number, number]> = {
  KeyW: [0, -1],
  ArrowUp: [0, -1],
  KeyS: [0, 1],
  ArrowDown: [0, 1],
  KeyA: [-1, 0],
  ArrowLeft: [-1, 0],
  KeyD: [1, 0],
  ArrowRight: [1, 0],
};
/** (dy + 1) * 3 + dx + 1 → direction, -1 for none. */
const DIRECTION = [5, 6, 7, 4, -1, 0, 3, 2, 1];

/** Keyboard, mouse and the touch controls, as one: what is held now, and what was just pressed. */
export class Controls extends Emitter<ControlEvents> {
  private readonly keys = new Set<string>();
  private readonly held = new Set<Verb>();
  private stick = -1;
  /** Where the mouse is over the world, in CSS pixels; null when it is not. */
  hover: { x: number; y: number } | null = null;

  constructor(surface: HTMLElement) {
    super();
    addEventListener('keydown', (e) => this.keyDown(e));
    addEventListener('keyup', (e) => this.keys.delete(e.code));
    addEventListener('blur', () => {
      this.keys.clear();
      this.held.clear();
      this.stick = -1;
    });
    // A button that was clicked gives the keyboard back to the world.
    addEventListener('pointerup', () => {
      if (document.activeElement instanceof HTMLButtonElement) document.activeElement.blur();
    });
    surface.addEventListener('pointerdown', (e) => {
      if (e.button === 0 || e.button === 2)
        this.emit('point', { x: e.clientX, y: e.clientY, blow: e.button === 2 });
    });
    surface.addEventListener('pointermove', (e) => {
      this.hover = e.pointerType === 'mouse' ? { x: e.clientX, y: e.clientY } : null;
    });
    surface.addEventListener('pointerleave', () => {
      this.hover = null;
    });
    surface.addEventListener('contextmenu', (e) => e.preventDefault());
  }

  /** The direction wished for, 0..7 (0 = east, clockwise), or -1. */
  direction(): number {
    let dx = 0;
    let dy = 0;
    for (const key of this.keys) {
      const move = MOVES[key];
      if (move) {
        dx += move[0];
        dy += move[1];
      }
    }
    const d = DIRECTION[(Math.sign(dy) + 1) * 3 + Math.sign(dx) + 1];
    return d >= 0 ? d : this.stick;
  }

  holds(verb: Verb): boolean {
    if (this.held.has(verb)) return true;
    for (const key of this.keys) if (KEYS[key] === verb) return true;
    return false;
  }

  /** For on-screen buttons. */
  hold(verb: Verb, down: boolean): void {
    if (down) {
      if (!this.held.has(verb)) this.emit('press', verb);
      this.held.add(verb);
    } else this.held.delete(verb);
  }

  /** For the on-screen stick: its deflection, each -1..1; (0, 0) lets go. */
  lean(x: number, y: number): void {
    if (Math.hypot(x, y) < 0.3) {
      this.stick = -1;
      return;
    }
    this.stick = (Math.round(Math.atan2(y, x) / (Math.PI / 4)) + 8) % 8;
  }

  private keyDown(e: KeyboardEvent): void {
    const typing = e.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName);
    if (typing || e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog[open]')) return;
    if (e.code in KEYS || e.code in MOVES) {
      e.preventDefault();
      if (e.repeat) return;
      this.keys.add(e.code);
      if (KEYS[e.code]) this.emit('press', KEYS[e.code]);
    } else if (e.repeat) return;
    else if (e.code === 'Enter' && !(e.target instanceof HTMLButtonElement)) {
      e.preventDefault();
      this.emit('chat', undefined);
    } else if (e.code === 'KeyT') {
      e.preventDefault();
      this.emit('talk', undefined);
    } else if (e.code === 'KeyM') this.emit('mute', undefined);
    else if (e.code === 'KeyH') this.emit('help', undefined);
  }
}
