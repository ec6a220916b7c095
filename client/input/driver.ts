import type { Play } from '#client/game/play.ts';
import { Way } from '#client/game/way.ts';
import type { ShownAgent } from '#client/net/interpolation.ts';
import {
  ALIVE,
  BALANCE,
  directionOf,
  ENEMIES,
  GATHER,
  GIVE,
  GUARD,
  GUARDIAN,
  nodeInReach,
  RAIDER,
  STRIKE,
  TRADE,
  WAIT,
  WALK_FIRST,
  type World,
} from '#shared/world/index.ts';
import type { Controls } from './controls.ts';

/** A short press acts for this long, so that it is never lost between two ticks. */
const TAP_MS = 130;
const AGAIN_MS = 400;
const LINGER_MS = 400;
/** From this many steps the gather key leads to a place by itself. */
const CLOSE_STEPS = 4;
/** So near to somebody, in 1/256 tile, one stops and speaks. */
const SPEAK = 1.75 * 256;

type Goal =
  | { kind: 'walk'; way: Way }
  | { kind: 'gather'; node: number; way: Way }
  | { kind: 'strike' | 'speak'; slot: number; way: Way | null; since: number };

/** What lies under a point: an enemy or somebody to speak to (a slot), a place (its number), or open ground. */
export interface Thing {
  kind: 'enemy' | 'neighbour' | 'place' | 'ground';
  id: number;
}

/** Turns what the player holds, presses and points at into the one action that is asked for now. */
export class Driver {
  private readonly play: Play;
  private readonly controls: Controls;
  private goal: Goal | null = null;
  private gathering = false;
  private inReachAt = -LINGER_MS;
  private tap: { action: number; arg?: number; until: number } = { action: WAIT, until: 0 };

  constructor(play: Play, controls: Controls) {
    this.play = play;
    this.controls = controls;
    controls.on('press', (verb) => {
      if (verb === 'strike') this.tap = { action: STRIKE, until: performance.now() + TAP_MS };
      if (verb === 'give') this.tap = { action: GIVE, until: performance.now() + TAP_MS };
      this.goal = null;
      if (verb === 'gather') this.beginGathering();
    });
    controls.on('deal', (arg) => {
      this.tap = { action: TRADE, arg, until: performance.now() + TAP_MS };
      this.goal = null;
      this.gathering = false;
    });
    // A page that is not looked at gets no frames: it must not walk on meanwhile.
    document.addEventListener('visibilitychange', () => {
      this.goal = null;
      this.gathering = false;
      if (document.hidden) play.act(WAIT);
    });
  }

  /**
   * Walk to a tile, gather there, speak to a neighbour or go after an enemy: whatever stands at the position (1/256
   * tile). With `blow` whoever can be struck is an enemy.
   */
  point(x: number, y: number, others: ReadonlyMap<number, ShownAgent>, blow = false): void {
    if (!this.play.me) return;
    this.gathering = false;
    const { terrain } = this.play;
    const thing = this.pick(x, y, others);
    if (thing?.kind === 'enemy' || thing?.kind === 'neighbour') {
      const kind = blow || thing.kind === 'enemy' ? 'strike' : 'speak';
      this.goal = { kind, slot: thing.id, way: null, since: 0 };
    } else if (blow) this.goal = null;
    else if (thing?.kind === 'place') this.goal = this.gatherAt(thing.id);
    else if (thing) this.goal = { kind: 'walk', way: new Way(terrain, x >> 8, y >> 8) };
  }

  /** What lies under a position; null where nobody can stand. */
  pick(x: number, y: number, others: ReadonlyMap<number, ShownAgent>): Thing | null {
    const { me, terrain } = this.play;
    if (!me) return null;
    for (const other of others.values()) {
      const mayStrike = (ENEMIES[me.role[0]] >> other.role) & 1;
      if (
        mayStrike &&
        other.status === ALIVE &&
        Math.abs(other.x - x) < 150 &&
        Math.abs(other.y - 100 - y) < 200
      )
        return { kind: this.hostile(me, other) ? 'enemy' : 'neighbour', id: other.slot };
    }
    for (let n = 0; n < terrain.nodeCount; n++)
      if (Math.abs(terrain.nodeX[n] - x) < 150 && Math.abs(terrain.nodeY[n] - 40 - y) < 170)
        return { kind: 'place', id: n };
    const [tileX, tileY] = [x >> 8, y >> 8];
    const inside = tileX >= 0 && tileY >= 0 && tileX < terrain.width && tileY < terrain.height;
    return inside && !terrain.blocked[tileY * terrain.width + tileX] ? { kind: 'ground', id: 0 } : null;
  }

  /** Raiders are everybody's enemies, and guards an outlaw's. */
  private hostile(me: World, other: ShownAgent): boolean {
    return other.role === RAIDER || (other.role === GUARDIAN && me.outlaw[0] === 1);
  }

  /**
   * Whether something can be gathered here, or could a moment ago: what is predicted as taken is the server's to
   * give, and letting go at once could stop it one tick too early.
   */
  private worthGathering(me: World, nowMs: number): boolean {
    if (nodeInReach(me, 0) >= 0) this.inReachAt = nowMs;
    return nowMs - this.inReachAt < LINGER_MS;
  }

  /** Gathers here, or walks the few steps to the nearest place that holds something. */
  private beginGathering(): void {
    const { me, terrain } = this.play;
    if (!me) return;
    this.gathering = nodeInReach(me, 0) >= 0;
    if (this.gathering) return;
    const tile = (me.y[0] >> 8) * terrain.width + (me.x[0] >> 8);
    let nearest = -1;
    let fewest = CLOSE_STEPS + 1;
    for (let n = 0; n < terrain.nodeCount; n++) {
      const steps = terrain.nodeSteps[tile * terrain.nodeCount + n];
      if (steps >= fewest || me.nodeAmount[n] === 0) continue;
      nearest = n;
      fewest = steps;
    }
    if (nearest >= 0) this.goal = this.gatherAt(nearest);
  }

  private gatherAt(node: number): Goal {
    const { terrain } = this.play;
    const way = new Way(terrain, terrain.nodeX[node] >> 8, terrain.nodeY[node] >> 8);
    return { kind: 'gather', node, way };
  }

  /** The place one is on the way to, in tiles, for the mark on the ground. */
  target(): { x: number; y: number } | null {
    if (this.goal?.kind !== 'walk') return null;
    return {
      x: this.goal.way.tile % this.play.terrain.width,
      y: Math.floor(this.goal.way.tile / this.play.terrain.width),
    };
  }

  /** Asks for this moment's action. */
  update(nowMs: number, others: ReadonlyMap<number, ShownAgent>): void {
    const action = this.decide(nowMs, others);
    this.play.act(action, action === TRADE ? this.tap.arg : 0);
  }

  private decide(nowMs: number, others: ReadonlyMap<number, ShownAgent>): number {
    const me = this.play.me;
    if (!me || me.status[0] !== ALIVE) {
      this.goal = null;
      this.gathering = false;
      return WAIT;
    }
    if (this.controls.holds('guard')) return GUARD;
    if (this.controls.holds('strike')) return STRIKE;
    if (nowMs < this.tap.until) return this.tap.action;
    const direction = this.controls.direction();
    if (direction >= 0) {
      this.goal = null;
      this.gathering = false;
      return WALK_FIRST + direction;
    }
    if (this.gathering || this.controls.holds('gather')) {
      if (this.worthGathering(me, nowMs)) return GATHER;
      this.gathering = false;
    }
    return this.pursue(me.x[0], me.y[0], nowMs, others);
  }

  private pursue(x: number, y: number, nowMs: number, others: ReadonlyMap<number, ShownAgent>): number {
    const { goal } = this;
    const { terrain, me } = this.play;
    if (!goal || !me) return WAIT;
    if (goal.kind === 'walk') {
      const d = goal.way.direction(x, y);
      if (d < 0) this.goal = null;
      return d < 0 ? WAIT : WALK_FIRST + d;
    }
    if (goal.kind === 'gather') {
      const far = Math.hypot(terrain.nodeX[goal.node] - x, terrain.nodeY[goal.node] - y);
      if (far < BALANCE.gatherReach * 0.8) {
        if (this.worthGathering(me, nowMs)) return GATHER;
        this.goal = null;
        return WAIT;
      }
      const d = goal.way.direction(x, y);
      if (d < 0) this.goal = null;
      return d < 0 ? WAIT : WALK_FIRST + d;
    }
    const prey = others.get(goal.slot);
    if (!prey || prey.status !== ALIVE) {
      this.goal = null;
      return WAIT;
    }
    const far = Math.hypot(prey.x - x, prey.y - y);
    if (goal.kind === 'strike' && far < BALANCE.strikeReach * 0.75) return STRIKE;
    if (goal.kind === 'speak' && far < SPEAK) {
      this.goal = null;
      this.controls.emit('talk', prey.slot);
      return WAIT;
    }
    if (nowMs - goal.since > AGAIN_MS) {
      goal.since = nowMs;
      goal.way = new Way(terrain, Math.round(prey.x) >> 8, Math.round(prey.y) >> 8);
    }
    const d = goal.way?.direction(x, y) ?? -1;
    return WALK_FIRST + (d >= 0 ? d : directionOf(Math.round(prey.x) - x, Math.round(prey.y) - y, 0));
  }
}
