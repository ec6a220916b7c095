import { decisionHash, mix32 } from '#shared/brain/decide.ts';
import {
  ALIVE,
  BALANCE,
  DIR_X,
  DIR_Y,
  directionOf,
  GUARD,
  HOME_OF,
  isEnemy,
  isHome,
  nodeInReach,
  TILE,
  WALK_FIRST,
  type World,
} from '#shared/world/index.ts';

/** What somebody does until the next decision, and what they say to whom (a tone of TONE_NAMES). */
export interface Move {
  readonly action: number;
  readonly arg?: number;
  readonly say?: { readonly target: number; readonly tone: number };
}

/** A way to behave: decides from what a body sees and from what it noted before. */
export type Manner = (body: Body) => Move;

export const REACH = BALANCE.strikeReach - 12;

/**
 * Eyes, legs and notebook of one scripted player of the suite. It knows the map, where things grow, and whom it sees
 * within twelve tiles, as a person at the screen does; unlike a brain it remembers what it wants between decisions.
 * Chance is a hash of (seed, tick, agent), so that a game can be played again.
 */
export class Body {
  readonly world: World;
  readonly me: number;
  /** What a manner notes for later, 0 at first. */
  readonly notes = new Map<string, number>();
  #draws = 0;
  #lastX = 0;
  #lastY = 0;
  #walked = false;
  #stuck = 0;

  constructor(world: World, me: number) {
    this.world = world;
    this.me = me;
  }

  /** One decision by a manner; frees a walker that leans on a corner. */
  decide(manner: Manner): Move {
    const { world, me } = this;
    this.#draws = 0;
    const stood = Math.abs(this.x - this.#lastX) + Math.abs(this.y - this.#lastY) < 24;
    if (this.#stuck > 0) this.#stuck--;
    else if (this.#walked && stood && world.windup[me] === 0) this.#stuck = 2;
    [this.#lastX, this.#lastY] = [this.x, this.y];
    let move = manner(this);
    const walks = move.action >= WALK_FIRST && move.action < WALK_FIRST + 8;
    if (walks && this.#stuck > 0) move = { ...move, action: this.anyway() };
    this.#walked = walks;
    return move;
  }

  get x(): number {
    return this.world.x[this.me];
  }
  get y(): number {
    return this.world.y[this.me];
  }
  get health(): number {
    return this.world.health[this.me];
  }
  get load(): number {
    return this.world.fruit[this.me] + this.world.crystal[this.me];
  }
  /** What would be stored at home: crystals, and fruit beyond provisions. */
  get goods(): number {
    const { world, me } = this;
    return world.crystal[me] + Math.max(0, world.fruit[me] - BALANCE.provisions);
  }
  get home(): boolean {
    return isHome(this.world, this.me);
  }
  get tick(): number {
    return this.world.tick;
  }

  note(name: string): number {
    return this.notes.get(name) ?? 0;
  }
  set(name: string, value: number): void {
    this.notes.set(name, value);
  }
  /** True once in `ticks` (by this note), and the first time. */
  every(name: string, ticks: number): boolean {
    if (this.notes.has(name) && this.tick - this.note(name) < ticks) return false;
    this.set(name, this.tick);
    return true;
  }

  /** A number 0..n-1 by chance. */
  below(n: number): number {
    const hash = decisionHash(this.world.seed, this.world.tick, this.me);
    return mix32(hash + Math.imul(++this.#draws, 0x51ed270b)) % n;
  }
  percent(chance: number): boolean {
    return this.below(100) < chance;
  }
  /** The agent's own number for the whole game, 0..n-1. */
  own(n: number): number {
    return mix32(mix32(this.world.seed ^ 0x2f6e2b1) + this.me * 7919) % n;
  }

  distance(j: number): number {
    const dx = this.world.x[j] - this.x;
    const dy = this.world.y[j] - this.y;
    return Math.floor(Math.sqrt(dx * dx + dy * dy));
  }

  /** The nearest that pleases within `range` (at most sight), or -1. */
  nearest(range: number, pleases: (j: number) => boolean): number {
    const { world, me } = this;
    let best = -1;
    let least = Math.min(range, BALANCE.sight) + 1;
    for (let j = 0; j < world.capacity; j++) {
      if (j === me || world.status[j] !== ALIVE || !pleases(j)) continue;
      const distance = this.distance(j);
      if (distance < least) [best, least] = [j, distance];
    }
    return best;
  }
  count(range: number, pleases: (j: number) => boolean): number {
    let n = 0;
    for (let j = 0; j < this.world.capacity; j++)
      if (j !== this.me && this.world.status[j] === ALIVE && pleases(j) && this.distance(j) <= range) n++;
    return n;
  }
  /** Whether `j` is an enemy that can be hurt now: neither shielded nor at its home. */
  open(j: number): boolean {
    const { world, me } = this;
    return isEnemy(world, me, j) && world.shield[j] === 0 && !isHome(world, j);
  }
  /** The nearest of those, of one role if one is named. */
  foe(range: number, role = -1): number {
    return this.nearest(range, (j) => (role < 0 || this.world.role[j] === role) && this.open(j));
  }

  /** In a direction (0..7), or the free one nearest to it. */
  walk(direction: number): number {
    const { terrain } = this.world;
    const at = ((this.y >> 8) * terrain.width + (this.x >> 8)) * 8;
    for (const turn of this.own(2) ? [0, 1, 7, 2, 6, 3, 5] : [0, 7, 1, 6, 2, 5, 3]) {
      const d = (direction + turn) & 7;
      if (terrain.ahead[at + d] > 0) return WALK_FIRST + d;
    }
    return WALK_FIRST + direction;
  }
  anyway(): number {
    return WALK_FIRST + this.below(8);
  }
  toward(j: number): number {
    const { x, y } = this.world;
    return this.walk(directionOf(x[j] - this.x, y[j] - this.y, 0));
  }
  away(j: number): number {
    const { x, y } = this.world;
    return this.walk(directionOf(this.x - x[j], this.y - y[j], this.below(8)));
  }
  /** Keeps to a direction for some seconds. */
  stroll(): number {
    if (this.every('stroll', 60 + this.below(80))) this.set('direction', this.below(8));
    return this.walk(this.note('direction'));
  }

  /** The next step of the way to a camp, a thing that grows, a stall, a named place. */
  toCamp(camp: number): number {
    const { terrain } = this.world;
    return this.#way(terrain.campSteps, terrain.camps.length, camp);
  }
  toHome(): number {
    return this.toCamp(HOME_OF[this.world.role[this.me]]);
  }
  toNode(node: number): number {
    const { terrain } = this.world;
    const tile = (this.y >> 8) * terrain.width + (this.x >> 8);
    if (terrain.nodeSteps[tile * terrain.nodeCount + node] <= 1)
      return WALK_FIRST + directionOf(terrain.nodeX[node] - this.x, terrain.nodeY[node] - this.y, 0);
    return this.#way(terrain.nodeSteps, terrain.nodeCount, node);
  }
  toStall(stall: number): number {
    const { terrain } = this.world;
    return this.#way(terrain.stallSteps, terrain.stalls.length, stall);
  }
  toPlace(place: number): number {
    const { terrain } = this.world;
    return this.#way(terrain.placeSteps, terrain.places.length, place);
  }
  steps(field: Uint8Array | Uint16Array, stride: number, k: number): number {
    return field[((this.y >> 8) * this.world.terrain.width + (this.x >> 8)) * stride + k];
  }
  campSteps(camp: number): number {
    const { terrain } = this.world;
    return this.steps(terrain.campSteps, terrain.camps.length, camp);
  }

  #way(steps: Uint8Array | Uint16Array, stride: number, k: number): number {
    const { width, blocked } = this.world.terrain;
    const tile = (this.y >> 8) * width + (this.x >> 8);
    let best = steps[tile * stride + k];
    let next = -1;
    for (let n = 0; n < 8; n++) {
      const d = n < 4 ? n * 2 : (n - 4) * 2 + 1;
      const to = tile + DIR_Y[d] * width + DIR_X[d];
      if (d & 1 && (blocked[tile + DIR_X[d]] || blocked[tile + DIR_Y[d] * width])) continue;
      if (steps[to * stride + k] < best) [best, next] = [steps[to * stride + k], to];
    }
    if (next < 0) return this.stroll();
    const dx = (next % width) * TILE + TILE / 2 - this.x;
    const dy = Math.floor(next / width) * TILE + TILE / 2 - this.y;
    return WALK_FIRST + directionOf(dx, dy, 0);
  }

  /** The nearest place on foot that holds something one has room for; `kind` -1: any; or -1. */
  grown(kind = -1, pleases: (node: number) => boolean = () => true): number {
    const { world, me } = this;
    const { terrain, nodeAmount } = world;
    const room = [world.fruit[me] < BALANCE.carry, world.crystal[me] < BALANCE.carry];
    const row = ((this.y >> 8) * terrain.width + (this.x >> 8)) * terrain.nodeCount;
    let best = -1;
    let least = 255;
    for (let n = 0; n < terrain.nodeCount; n++) {
      const its = terrain.nodeKind[n];
      if (nodeAmount[n] === 0 || !room[its] || (kind >= 0 && its !== kind) || !pleases(n)) continue;
      const steps = terrain.nodeSteps[row + n];
      if (steps < least) [best, least] = [n, steps];
    }
    return best;
  }
  get canGather(): boolean {
    return nodeInReach(this.world, this.me) >= 0;
  }

  /** An enemy whose blow is on its way and would reach me, or -1. */
  blowComing(): number {
    const { world, me } = this;
    return this.nearest(BALANCE.strikeReach + 60, (j) => world.windup[j] > 0 && isEnemy(world, j, me));
  }
  faces(j: number): boolean {
    const { world, me } = this;
    const dx = world.x[j] - this.x;
    const dy = world.y[j] - this.y;
    return dx * DIR_X[world.facing[me]] + dy * DIR_Y[world.facing[me]] >= 0;
  }
  get canGuard(): boolean {
    const { world, me } = this;
    return world.windup[me] === 0 && world.stamina[me] >= BALANCE.guardMinimum;
  }
  get canStrike(): boolean {
    const { world, me } = this;
    return (
      world.cooldown[me] === 0 &&
      world.windup[me] === 0 &&
      world.stamina[me] >= BALANCE.strikeStamina &&
      !this.home
    );
  }
  /** Raises the guard against `j`, or turns to it first. */
  guardAgainst(j: number): number {
    return this.faces(j) && this.canGuard ? GUARD : this.toward(j);
  }
}
