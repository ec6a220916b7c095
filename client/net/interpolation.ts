import type { SeenAgent, View } from '#shared/protocol/view.ts';
import { TICKS_PER_SECOND } from '#shared/world/balance.ts';

/** Others are shown this long ago, so that there is nearly always a later view to move towards. */
export const DELAY_MS = 150;
const KEEP = 12;
const TELEPORT = 3 * 256;

/** Another inhabitant as drawn now; positions in 1/256 tile, between two views. */
export interface ShownAgent extends SeenAgent {
  /** Tiles a second, for the walk's animation. */
  speed: number;
}

/** The last few views of everyone else, read a little in the past. Times are the page's, in milliseconds. */
export class Interpolator {
  private frames: { tick: number; agents: Map<number, SeenAgent> }[] = [];
  private offset: number | null = null;
  private tickMs = 1000 / TICKS_PER_SECOND;

  add(view: View, nowMs: number): void {
    if (this.frames.length > 0 && view.tick <= this.frames[this.frames.length - 1].tick) this.frames = [];
    this.frames.push({ tick: view.tick, agents: new Map(view.agents.map((a) => [a.slot, a])) });
    if (this.frames.length > KEEP) this.frames.shift();
    const sample = view.tick - nowMs / this.tickMs;
    // A view that comes early shows the true offset; a late one is only late.
    const off = this.offset === null || Math.abs(sample - this.offset) > 20 ? sample : this.offset;
    this.offset = off + (sample - off) * (sample > off ? 0.25 : 0.02);
  }

  /** Begins anew. `tickMs`: milliseconds of a tick of the world that is entered. */
  begin(tickMs: number): void {
    this.tickMs = tickMs;
    this.frames = [];
    this.offset = null;
  }

  /** The server's tick now, as a fraction. */
  serverTick(nowMs: number): number {
    return this.offset === null ? 0 : nowMs / this.tickMs + this.offset;
  }

  /** The tick that is shown now. */
  shownTick(nowMs: number): number {
    return this.serverTick(nowMs) - DELAY_MS / this.tickMs;
  }

  /** Everyone in sight at the shown time, by slot. */
  shown(nowMs: number): Map<number, ShownAgent> {
    const out = new Map<number, ShownAgent>();
    if (this.frames.length === 0) return out;
    const tick = this.shownTick(nowMs);
    let later = this.frames.findIndex((f) => f.tick >= tick);
    if (later < 0) later = this.frames.length - 1;
    const b = this.frames[later];
    const a = this.frames[Math.max(0, later - 1)];
    const span = b.tick - a.tick;
    const t = span > 0 ? Math.max(0, Math.min(1, (tick - a.tick) / span)) : 1;
    for (const [slot, to] of b.agents) {
      const at = a.agents.get(slot);
      const far = !at || Math.abs(at.x - to.x) > TELEPORT || Math.abs(at.y - to.y) > TELEPORT;
      if (far || span === 0) {
        out.set(slot, { ...to, speed: 0 });
        continue;
      }
      const way = Math.hypot(to.x - at.x, to.y - at.y) / 256;
      out.set(slot, {
        ...(t < 0.5 ? at : to),
        x: at.x + (to.x - at.x) * t,
        y: at.y + (to.y - at.y) * t,
        speed: (way / span) * (1000 / this.tickMs),
      });
    }
    return out;
  }
}
