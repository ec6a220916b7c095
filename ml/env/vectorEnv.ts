import { mix32 } from '#shared/brain/decide.ts';
import {
  ALIVE,
  BALANCE,
  createWorld,
  DECISION_TICKS,
  Inputs,
  legal,
  nearestEnemy,
  OBSERVATION_SIZE,
  observe,
  resetWorld,
  sight,
  step,
  type Terrain,
  WANDERER,
  type World,
} from '#shared/world/index.ts';
import { scriptedRule } from '../scripted/index.ts';
import { type DecisionRows, type Draw, drawFor, type Policy } from './policy.ts';
import type { Rewarder } from './rewards.ts';

/** Agents of one role that others decide for; which policy of the mix does is drawn per episode. */
export interface Opponents {
  readonly role: number;
  readonly count: number;
  readonly mix: readonly { readonly policy: Policy; readonly weight: number }[];
}

export interface EnvOptions {
  readonly terrain: Terrain;
  readonly worlds: number;
  /** Where these worlds stand among all that are played, perhaps by several threads; left out: they are all. */
  readonly part?: { readonly first: number; readonly of: number };
  readonly seed: number;
  /** The role that learns and how many of it stand in each world (places 0..learners-1). */
  readonly role: number;
  readonly learners: number;
  readonly opponents: readonly Opponents[];
  /** Length of an episode, ticks: a multiple of DECISION_TICKS. Then it is cut off (truncated) and the world begins anew. */
  readonly episodeTicks: number;
  /** Episodes after which a world begins anew, 1 unless told; after the others it lives on, with new players for about half. */
  readonly lives?: number;
  /** Each world first lives up to so many ticks by scripted rules, so that episodes begin everywhere. */
  readonly warmupTicks: number;
  readonly rewarder: Rewarder;
  /** Cuts the first episodes to different lengths, so that not all worlds begin anew at once. */
  readonly stagger: boolean;
}

/** The coins that players come with, so that those who trade can begin. */
const PURSE = 60;

/** Rows that grow up to a fixed room. */
class Rows implements DecisionRows {
  readonly observations: Uint8Array;
  readonly masks: Uint32Array;
  readonly worldSeed: Uint32Array;
  readonly tick: Uint32Array;
  readonly npcs: Uint32Array;
  readonly actions: Uint8Array;
  readonly worlds: World[] = [];
  readonly tones: Uint8Array;
  count = 0;
  constructor(room: number) {
    this.observations = new Uint8Array(room * OBSERVATION_SIZE);
    this.masks = new Uint32Array(room);
    this.worldSeed = new Uint32Array(room);
    this.tick = new Uint32Array(room);
    this.npcs = new Uint32Array(room);
    this.actions = new Uint8Array(room);
    this.tones = new Uint8Array(room);
  }
  push(world: World, agent: number): void {
    const r = this.count++;
    observe(world, agent, this.observations, r * OBSERVATION_SIZE);
    this.masks[r] = legal(world, agent);
    this.worldSeed[r] = world.seed;
    this.tick[r] = world.tick;
    this.npcs[r] = agent;
    this.worlds[r] = world;
    this.tones[r] = 0;
  }
}

/**
 * Many worlds side by side. A step is one decision (DECISION_TICKS ticks) of every agent; the learners' actions come
 * from outside. The same options and actions give the same observations, rewards and ends everywhere.
 */
export class VectorEnv {
  readonly options: EnvOptions;
  /** Rows of learners: worlds · learners, world by world. */
  readonly size: number;
  /** What the learners see now; [size]. */
  readonly rows: DecisionRows;
  /** Of the last step; [size]. */
  readonly rewards: Float32Array;
  /** 1 where the episode was cut off after the last step; then `rows` already shows the next one. */
  readonly truncated: Uint8Array;
  /** Where truncated: the last observation of that episode; [size][64]. */
  readonly finalObservations: Uint8Array;

  readonly #worlds: World[];
  readonly #rows: Rows;
  readonly #inputs: Inputs;
  readonly #agents: number;
  /** First place of each group of opponents. */
  readonly #first: number[] = [];
  readonly #packs = new Map<Policy, Rows>();
  /** Per world: number of the episode, tick at which it ends, and per group the policy drawn. */
  readonly #episode: Int32Array;
  readonly #end: Int32Array;
  readonly #drawn: Int32Array;
  readonly #draw: Draw = { hash: 0, who: 0, mood: 0, world: undefined, agent: 0, tone: 0 };
  readonly #scratch = new Uint8Array(OBSERVATION_SIZE);

  constructor(options: EnvOptions) {
    const { worlds, learners, opponents, terrain, episodeTicks } = options;
    if (episodeTicks % DECISION_TICKS !== 0 || episodeTicks < DECISION_TICKS)
      throw new RangeError(`episodeTicks: must be a multiple of ${DECISION_TICKS}, is ${episodeTicks}`);
    this.options = options;
    this.size = worlds * learners;
    this.#agents = opponents.reduce((sum, group) => {
      this.#first.push(sum);
      return sum + group.count;
    }, learners);
    this.#rows = new Rows(this.size);
    this.rows = this.#rows;
    this.rewards = new Float32Array(this.size);
    this.truncated = new Uint8Array(this.size);
    this.finalObservations = new Uint8Array(this.size * OBSERVATION_SIZE);
    this.#inputs = new Inputs(this.#agents * 4);
    const room = new Map<Policy, number>();
    for (const { mix, count } of opponents)
      for (const { policy } of mix) room.set(policy, (room.get(policy) ?? 0) + count * worlds);
    for (const [policy, rows] of room) this.#packs.set(policy, new Rows(rows));
    this.#episode = new Int32Array(worlds);
    this.#end = new Int32Array(worlds);
    this.#drawn = new Int32Array(worlds * opponents.length);
    this.#worlds = Array.from({ length: worlds }, () =>
      createWorld(terrain, { seed: 0, capacity: this.#agents }),
    );
    for (let w = 0; w < worlds; w++) {
      this.#begin(w);
      if (options.stagger) {
        const { first, of } = options.part ?? { first: 0, of: worlds };
        const decisions = Math.ceil(((first + w + 1) * episodeTicks) / (of * DECISION_TICKS));
        this.#end[w] -= episodeTicks - decisions * DECISION_TICKS;
      }
    }
    this.#look();
  }

  /** The worlds themselves, for those who show or check them. */
  get worlds(): readonly World[] {
    return this.#worlds;
  }

  /** One decision of everybody; `actions` [size] are the learners'. */
  step(actions: Uint8Array): void {
    const { learners, opponents, rewarder } = this.options;
    this.#decideOpponents();
    this.rewards.fill(0);
    this.truncated.fill(0);
    const used = new Map<Policy, number>();
    for (let w = 0; w < this.#worlds.length; w++) {
      const world = this.#worlds[w];
      this.#inputs.clear();
      for (let i = 0; i < learners; i++) this.#put(world, i, actions[w * learners + i]);
      for (let g = 0; g < opponents.length; g++) {
        const { policy } = opponents[g].mix[this.#drawn[w * opponents.length + g]];
        const pack = this.#pack(policy);
        let at = used.get(policy) ?? 0;
        for (let k = 0; k < opponents[g].count; k++, at++)
          this.#put(world, this.#first[g] + k, pack.actions[at], pack.tones[at]);
        used.set(policy, at);
      }
      for (let t = 0; t < DECISION_TICKS; t++) {
        step(world, this.#inputs);
        if (t === 0) this.#inputs.clear();
        rewarder.add(world.events, learners, this.rewards, w * learners, world);
      }
      if (world.tick >= this.#end[w]) this.#finish(w);
    }
    this.#look();
  }

  #pack(policy: Policy): Rows {
    const pack = this.#packs.get(policy);
    if (!pack) throw new RangeError('opponents: a policy without rows');
    return pack;
  }

  /** Enters what an agent does and says. The grid must be of this tick. */
  #put(world: World, agent: number, action: number, tone = 0): void {
    if (world.status[agent] !== ALIVE) return;
    if (world.intent[agent] !== action) this.#inputs.act(agent, action);
    if (tone === 0 || world.voice[agent] > 0) return;
    const target = nearestEnemy(world, agent, BALANCE.hearing);
    if (target >= 0) this.#inputs.speak(agent, target, tone);
  }

  /** Fills `rows` with what the learners see, and the opponents' rows. */
  #look(): void {
    const { learners, opponents } = this.options;
    this.#rows.count = 0;
    for (const pack of this.#packs.values()) pack.count = 0;
    for (let w = 0; w < this.#worlds.length; w++) {
      const world = this.#worlds[w];
      sight(world);
      for (let i = 0; i < learners; i++) this.#rows.push(world, i);
      for (let g = 0; g < opponents.length; g++) {
        const pack = this.#pack(opponents[g].mix[this.#drawn[w * opponents.length + g]].policy);
        for (let k = 0; k < opponents[g].count; k++) pack.push(world, this.#first[g] + k);
      }
    }
  }

  #decideOpponents(): void {
    for (const [policy, pack] of this.#packs) policy.act(pack, pack.actions);
  }

  #finish(w: number): void {
    const { learners } = this.options;
    const world = this.#worlds[w];
    sight(world);
    for (let i = 0; i < learners; i++) {
      const row = w * learners + i;
      this.truncated[row] = 1;
      observe(world, i, this.finalObservations, row * OBSERVATION_SIZE);
    }
    this.#episode[w]++;
    const { lives = 1, part } = this.options;
    // Worlds take turns in beginning anew.
    if ((this.#episode[w] + w + (part?.first ?? 0)) % lives === 0) this.#begin(w);
    else this.#goOn(w);
  }

  /** The next episode of a world that lives on: others may decide, and about half of the players are new to everybody. */
  #goOn(w: number): void {
    const world = this.#worlds[w];
    const chance = mix32(mix32(world.seed ^ 0x1f83) + this.#episode[w]);
    this.#drawOpponents(w, chance);
    this.#inputs.clear();
    this.#replacePlayers(world, chance);
    step(world, this.#inputs);
    this.#inputs.clear();
    for (let t = 1; t < DECISION_TICKS; t++) step(world, this.#inputs);
    this.#end[w] = world.tick + this.options.episodeTicks;
  }

  /** About half of the players leave; others, whom nobody knows, come in their place. */
  #replacePlayers(world: World, chance: number): void {
    const { learners } = this.options;
    for (let i = learners; i < this.#agents; i++) {
      if (world.role[i] !== WANDERER || (mix32(chance + i) >>> 16) & 1) continue;
      this.#inputs.leave(i);
      this.#inputs.join(i, { role: WANDERER, tag: world.tag[i] + this.#agents, coins: PURSE });
    }
  }

  #drawOpponents(w: number, chance: number): void {
    const { opponents } = this.options;
    for (let g = 0; g < opponents.length; g++) {
      const total = opponents[g].mix.reduce((sum, { weight }) => sum + weight, 0);
      let at = (mix32(chance + g + 1) / 2 ** 32) * total;
      let drawn = 0;
      while (drawn < opponents[g].mix.length - 1 && at >= opponents[g].mix[drawn].weight)
        at -= opponents[g].mix[drawn++].weight;
      this.#drawn[w * opponents.length + g] = drawn;
    }
  }

  #begin(w: number): void {
    const { seed, part, learners, role, opponents, episodeTicks, warmupTicks } = this.options;
    const worldSeed = mix32(mix32(mix32(seed) + (part?.first ?? 0) + w) + this.#episode[w]);
    const world = this.#worlds[w];
    resetWorld(world, worldSeed);
    this.#inputs.clear();
    for (let i = 0; i < learners; i++) this.#inputs.join(i, { role, tag: i + 1 });
    for (let g = 0; g < opponents.length; g++) {
      const first = this.#first[g];
      for (let k = 0; k < opponents[g].count; k++)
        this.#inputs.join(first + k, {
          role: opponents[g].role,
          tag: first + k + 1,
          coins: opponents[g].role === WANDERER ? PURSE : 0,
        });
    }
    this.#drawOpponents(w, worldSeed);
    const decisions = Math.floor(
      ((mix32(worldSeed ^ 0x77a2) >>> 8) / 2 ** 24) * (warmupTicks / DECISION_TICKS + 1),
    );
    for (let d = 0; d < decisions; d++) {
      for (let t = 0; t < DECISION_TICKS; t++) {
        step(world, this.#inputs);
        if (t === 0) this.#inputs.clear();
      }
      this.#decideByRule(world);
    }
    if (decisions > 0) this.#replacePlayers(world, worldSeed);
    step(world, this.#inputs);
    this.#inputs.clear();
    for (let t = 1; t < DECISION_TICKS; t++) step(world, this.#inputs);
    this.#end[w] = world.tick + episodeTicks;
  }

  #decideByRule(world: World): void {
    sight(world);
    for (let i = 0; i < this.#agents; i++) {
      if (world.status[i] !== ALIVE) continue;
      observe(world, i, this.#scratch, 0);
      const draw = drawFor(this.#draw, world.seed, world.tick, i, world);
      const action = scriptedRule(world.role[i])(this.#scratch, 0, legal(world, i), draw);
      this.#put(world, i, action, draw.tone);
    }
  }

  /** Everything that `load` needs to continue exactly here. */
  save(): Record<string, Uint8Array | Int32Array> {
    const length = this.#worlds[0].bytes.length;
    const worlds = new Uint8Array(length * this.#worlds.length);
    this.#worlds.forEach((world, w) => {
      worlds.set(world.bytes, w * length);
    });
    return { worlds, episode: this.#episode.slice(), end: this.#end.slice(), drawn: this.#drawn.slice() };
  }

  /** @throws RangeError when the state is of an environment with other options. */
  load(state: Record<string, Uint8Array | Int32Array>): void {
    const length = this.#worlds[0].bytes.length;
    const { worlds, episode, end, drawn } = state;
    if (
      worlds?.length !== length * this.#worlds.length ||
      episode?.length !== this.#episode.length ||
      end?.length !== this.#end.length ||
      drawn?.length !== this.#drawn.length
    )
      throw new RangeError('environment: the saved state is of other options');
    this.#worlds.forEach((world, w) => {
      world.bytes.set(worlds.subarray(w * length, (w + 1) * length) as Uint8Array);
    });
    this.#episode.set(episode);
    this.#end.set(end);
    this.#drawn.set(drawn);
    this.#look();
  }
}
