import {
  ALIVE,
  createWorld,
  DECISION_TICKS,
  encodeInputs,
  Inputs,
  type Joining,
  legal,
  neutral,
  OBSERVATION_GROUPS,
  OBSERVATION_SIZE,
  observe,
  sight,
  step,
  type Terrain,
  type World,
} from '#shared/world/index.ts';
import type { DecisionRows, Policy } from '../env/policy.ts';
import { Body, type Manner } from './body.ts';

/** Who decides for a seat: a policy over observations (a brain, a rule), or one of the suite's own manners. */
export type Mind =
  | { readonly policy: Policy /** Sees nothing of what others did before. */; readonly blind?: boolean }
  | { readonly manner: Manner };

/** One agent of an arena. */
export interface Seat {
  readonly who: Joining;
  readonly mind: Mind;
  /** Joins at this tick, 0 unless said. */
  readonly at?: number;
}

interface Pack extends DecisionRows {
  readonly policy: Policy;
  readonly blind: boolean;
  readonly seats: number[];
  readonly actions: Uint8Array;
  count: number;
}

/** The features of habits, and what they hold when they tell nothing. */
const HABITS = OBSERVATION_GROUPS.habits.map((feature) => [feature, neutral(feature)] as const);

/**
 * One world whose seats are played by policies and scripted players; everyone decides once in DECISION_TICKS. The same
 * terrain, seed and seats give the same game everywhere.
 */
export class Arena {
  readonly world: World;
  readonly #seats: readonly Seat[];
  readonly #inputs: Inputs;
  readonly #packs: Pack[] = [];
  readonly #bodies = new Map<number, Body>();

  constructor(terrain: Terrain, seed: number, seats: readonly Seat[]) {
    this.#seats = seats;
    this.world = createWorld(terrain, { seed: seed >>> 0, capacity: seats.length });
    this.#inputs = new Inputs(seats.length * 2);
    seats.forEach(({ mind }, i) => {
      if ('manner' in mind) this.#bodies.set(i, new Body(this.world, i));
      else this.#pack(mind.policy, mind.blind ?? false).seats.push(i);
    });
    for (const pack of this.#packs) Object.assign(pack, rows(pack.seats.length, this.world));
  }

  #pack(policy: Policy, blind: boolean): Pack {
    let pack = this.#packs.find((p) => p.policy === policy && p.blind === blind);
    if (!pack) {
      pack = { policy, blind, seats: [], ...rows(0, this.world) };
      this.#packs.push(pack);
    }
    return pack;
  }

  /**
   * Plays so many ticks (a multiple of DECISION_TICKS).
   * @param onTick told after each tick; the world's events are of that tick
   * @param onInputs told before each tick what enters the world, as bytes
   */
  run(
    ticks: number,
    onTick: (world: World) => void = () => {},
    onInputs?: (inputs: Uint8Array) => void,
  ): void {
    const { world } = this;
    const inputs = this.#inputs;
    const end = world.tick + ticks;
    while (world.tick < end) {
      inputs.clear();
      this.#seats.forEach((seat, i) => {
        if ((seat.at ?? 0) === world.tick) inputs.join(i, seat.who);
      });
      if (world.tick > 0) this.#decide();
      for (let t = 0; t < DECISION_TICKS; t++) {
        onInputs?.(encodeInputs(inputs));
        step(world, inputs);
        inputs.clear();
        onTick(world);
      }
    }
  }

  #decide(): void {
    const { world } = this;
    sight(world);
    for (const pack of this.#packs) {
      pack.count = 0;
      for (const i of pack.seats) this.#look(pack, i);
      pack.policy.act(pack, pack.actions);
      for (let r = 0; r < pack.count; r++) this.#act(pack.seats[r], pack.actions[r], 0);
    }
    for (const [i, body] of this.#bodies) {
      if (world.status[i] !== ALIVE) continue;
      const mind = this.#seats[i].mind as { manner: Manner };
      const { action, arg, say } = body.decide(mind.manner);
      this.#act(i, action, arg ?? 0);
      if (say) this.#inputs.speak(i, say.target, say.tone);
    }
  }

  #look(pack: Pack, i: number): void {
    const { world } = this;
    const r = pack.count++;
    const at = r * OBSERVATION_SIZE;
    observe(world, i, pack.observations, at);
    if (pack.blind) for (const [feature, value] of HABITS) pack.observations[at + feature] = value;
    pack.masks[r] = legal(world, i);
    pack.worldSeed[r] = world.seed;
    pack.tick[r] = world.tick;
    pack.npcs[r] = i;
  }

  #act(i: number, action: number, arg: number): void {
    const { world } = this;
    if (world.status[i] === ALIVE && (world.intent[i] !== action || world.intentArg[i] !== arg))
      this.#inputs.act(i, action, arg);
  }
}

function rows(room: number, world: World) {
  return {
    worlds: new Array<World>(room).fill(world),
    observations: new Uint8Array(room * OBSERVATION_SIZE),
    masks: new Uint32Array(room),
    worldSeed: new Uint32Array(room),
    tick: new Uint32Array(room),
    npcs: new Uint32Array(room),
    actions: new Uint8Array(room),
    count: 0,
  };
}
