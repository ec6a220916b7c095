import { SELF_FIELDS, type View } from '#shared/protocol/view.ts';
import { createWorld, HEADER, Inputs, step, type Terrain, type World } from '#shared/world/index.ts';

/** An intent as it is sent: `seq` rises by one with each. */
export interface Intent {
  seq: number;
  action: number;
  arg: number;
}

/** Beyond this many ticks between the server's time and one's own, the own time jumps instead of sliding. */
const JUMP = 12;
const MAX_LEAD = 20;
/** An error farther than this is a return or a new zone, not a misprediction: it is not smoothed. 1/256 tile. */
const TELEPORT = 3 * 256;

/**
 * One's own agent, ahead of the server by about the way there: the shared `step` on a world of one, and every
 * intent that the server has not yet answered applied again on top of what it last said.
 */
export class Predictor {
  readonly world: World;
  private readonly inputs = new Inputs(32);
  private pending: (Intent & { tick: number })[] = [];
  private readonly sent = new Map<number, number>();
  private seq = 0;
  private wanted = { action: 0, arg: 0 };
  private started = false;
  /** The next tick to predict. */
  tick = 0;
  /** How many ticks one's own time runs before the newest view; found from when intents arrive. */
  lead = 2;
  private part = 0;
  private drift = 0;
  private from = { x: 0, y: 0 };
  private error = { x: 0, y: 0 };
  /** What each place holds as the server last said; prediction takes from it and is taken back. */
  private readonly nodes: Int32Array;
  /** Phases of needs are spread by place in the list, so a world of one is given the place's offset. */
  private readonly slot: number;
  private readonly tickMs: number;

  constructor(terrain: Terrain, slot: number, nodes: readonly number[], tickMs: number) {
    this.tickMs = tickMs;
    this.world = createWorld(terrain, { seed: 1, capacity: 1 });
    this.slot = slot;
    this.nodes = Int32Array.from(this.world.nodeAmount, (_, n) => nodes[n] ?? 0);
    this.world.nodeAmount.set(this.nodes);
  }

  /** Asks for an action; gives the intent to send, or null where nothing changes. */
  act(action: number, arg = 0): Intent | null {
    if (!this.started || (this.wanted.action === action && this.wanted.arg === arg)) return null;
    this.wanted = { action, arg };
    const intent = { seq: ++this.seq, action, arg };
    this.pending.push({ ...intent, tick: this.tick });
    this.sent.set(intent.seq, this.tick);
    return intent;
  }

  /** Moves one's own time by `ms`, at most a quarter of a second. */
  advance(ms: number): void {
    if (!this.started) return;
    const rate = 1 - Math.max(-0.08, Math.min(0.08, this.drift * 0.03));
    this.part += (Math.min(ms, 250) * rate) / this.tickMs;
    while (this.part >= 1) {
      this.part -= 1;
      this.from = { x: this.world.x[0], y: this.world.y[0] };
      this.stepOnce((p) => p.tick === this.tick);
    }
    const fade = 0.5 ** (ms / 60);
    this.error.x *= fade;
    this.error.y *= fade;
  }

  /** Takes what the server says and predicts again from there. */
  reconcile(view: View): void {
    const { world } = this;
    const shown = this.position();
    this.learnLead(view);
    if (!this.started || Math.abs(this.tick - view.tick - this.lead) > JUMP) {
      this.started = true;
      this.tick = view.tick + Math.round(this.lead);
      this.drift = 0;
      for (const p of this.pending) p.tick = Math.min(p.tick, this.tick);
    }
    this.pending = this.pending.filter((p) => p.seq > view.ack);
    for (const field of SELF_FIELDS) world[field][0] = view.self[field];
    world.bankedFruit[0] = view.self.bankedFruit;
    world.bankedCrystal[0] = view.self.bankedCrystal;
    for (const { node, amount } of view.nodes) this.nodes[node] = amount;
    world.nodeAmount.set(this.nodes);
    world.nodeTimer.fill(0);
    world.stock.set(view.stock);
    world.want.set(view.stock);
    const now = this.tick;
    this.tick = view.tick;
    this.from = { x: world.x[0], y: world.y[0] };
    const first = view.tick;
    while (this.tick < now) {
      this.from = { x: world.x[0], y: world.y[0] };
      this.stepOnce((p) => p.tick === this.tick || (this.tick === first && p.tick < first));
    }
    const fresh = this.position();
    const dx = shown.x - fresh.x + this.error.x;
    const dy = shown.y - fresh.y + this.error.y;
    this.error = Math.max(Math.abs(dx), Math.abs(dy)) > TELEPORT ? { x: 0, y: 0 } : { x: dx, y: dy };
  }

  /** Where one's own agent is drawn, in 1/256 tile: between two predicted ticks, any error fading away. */
  position(): { x: number; y: number } {
    const { world, from, part, error } = this;
    return {
      x: from.x + (world.x[0] - from.x) * part + error.x,
      y: from.y + (world.y[0] - from.y) * part + error.y,
    };
  }

  private stepOnce(due: (p: { tick: number }) => boolean): void {
    const { world, inputs } = this;
    inputs.clear();
    for (const p of this.pending) if (due(p) && inputs.count < inputs.limit) inputs.act(0, p.action, p.arg);
    world.header[HEADER.tick] = this.tick + this.slot;
    step(world, inputs);
    this.tick++;
  }

  /** An intent that entered later than predicted means a longer lead is needed, and the other way round. */
  private learnLead(view: View): void {
    const predicted = this.sent.get(view.ack);
    if (predicted !== undefined) {
      for (const seq of this.sent.keys()) if (seq <= view.ack) this.sent.delete(seq);
      const late = view.ackTick - predicted;
      if (Math.abs(late) < MAX_LEAD) this.lead = Math.max(1, Math.min(MAX_LEAD, this.lead + late * 0.5));
    }
    const ahead = this.tick + this.part - view.tick;
    this.drift += (ahead - this.lead - 0.5 - this.drift) * 0.2;
  }
}
