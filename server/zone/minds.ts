import type { Brain } from '#shared/brain/file.ts';
import { type BrainHandle, createKernelSync, type Kernel } from '#shared/brain/kernel.ts';
import {
  ACTION_COUNT,
  ALIVE,
  FORAGER,
  GUARDIAN,
  legal,
  OBSERVATION_LAYOUT,
  OBSERVATION_SIZE,
  observe,
  RAIDER,
  ROLE_NAMES,
  sight,
  TRADER,
  type World,
} from '#shared/world/index.ts';

/** How many inhabitants of which role a zone has; they take the first places, in this order. */
export interface Population {
  role: number;
  count: number;
}
export const POPULATION: readonly Population[] = [
  { role: FORAGER, count: 36 },
  { role: RAIDER, count: 14 },
  { role: GUARDIAN, count: 6 },
  { role: TRADER, count: 4 },
];

/** A brain that does not fit the world; the message names the field. */
export class BrainMismatch extends Error {
  override name = 'BrainMismatch';
}

/** @throws BrainMismatch when it is of another role, or reads or decides what this world does not have */
export function fitsRole(name: string, { manifest, network }: Brain): void {
  if (manifest.role !== name) throw new BrainMismatch(`brain ${name}: manifest.role is ${manifest.role}`);
  if (manifest.observation !== OBSERVATION_LAYOUT)
    throw new BrainMismatch(
      `brain ${name}: manifest.observation is ${manifest.observation}, the world gives ${OBSERVATION_LAYOUT}`,
    );
  if (network.layers[0].inputs !== OBSERVATION_SIZE)
    throw new BrainMismatch(
      `brain ${name}: reads ${network.layers[0].inputs} observations, the world gives ${OBSERVATION_SIZE}`,
    );
  if (manifest.actions > ACTION_COUNT)
    throw new BrainMismatch(
      `brain ${name}: decides among ${manifest.actions} actions, at most ${ACTION_COUNT}`,
    );
}

interface Group {
  first: number;
  count: number;
  brain: Brain;
  handle: BrainHandle;
}

/**
 * Decides for all NPCs of a zone: what they perceive goes to the kernel in one batch per brain. The NPCs stand in
 * places 0..count-1; their decisions enter the world as inputs like everyone's.
 */
export class Minds {
  readonly count: number;
  /** What each NPC perceived at the last decision, [count][64]. */
  readonly observations: Uint8Array;
  readonly masks: Uint32Array;
  readonly actions: Uint8Array;
  private readonly groups: Group[] = [];
  private readonly kernel: Kernel = createKernelSync();
  private readonly npcs: Uint32Array;

  /**
   * @param brains by the name of the role they are for
   * @throws BrainMismatch when a role has no brain, or a brain reads other observations than this world gives
   */
  constructor(brains: ReadonlyMap<string, Brain>, population: readonly Population[] = POPULATION) {
    let first = 0;
    for (const { role, count } of population) {
      const name = ROLE_NAMES[role];
      const brain = brains.get(name);
      if (!brain) throw new BrainMismatch(`brain ${name}: is missing`);
      fitsRole(name, brain);
      this.groups.push({ first, count, brain, handle: this.kernel.load(brain.network) });
      first += count;
    }
    this.count = first;
    this.observations = new Uint8Array(first * OBSERVATION_SIZE);
    this.masks = new Uint32Array(first);
    this.actions = new Uint8Array(first);
    this.npcs = Uint32Array.from({ length: first }, (_, i) => i);
  }

  /** Brain ids of the NPCs, one per role in order, as 64 hex digits. */
  get ids(): string[] {
    return this.groups.map((g) => g.brain.id);
  }

  get counts(): number[] {
    return this.groups.map((g) => g.count);
  }

  /**
   * Another brain decides for a role from now on. To be called between two epochs alone: an epoch's leaves name its
   * brains.
   * @throws BrainMismatch when it does not fit or nobody here has the role; then nothing changed
   */
  swap(role: string, brain: Brain): void {
    fitsRole(role, brain);
    const group = this.groups.find((g) => g.brain.manifest.role === role);
    if (!group) throw new BrainMismatch(`brain ${role}: nobody here has this role`);
    const before = group.handle;
    group.handle = this.kernel.load(brain.network);
    group.brain = brain;
    this.kernel.unload(before);
  }

  roleOf(npc: number): number {
    const group = this.groups.find((g) => npc < g.first + g.count);
    return ROLE_NAMES.indexOf(group?.brain.manifest.role as (typeof ROLE_NAMES)[number]);
  }

  /** Writes what every NPC perceives now to `observations` and `masks`. */
  perceive(world: World): void {
    sight(world);
    for (let npc = 0; npc < this.count; npc++) {
      observe(world, npc, this.observations, npc * OBSERVATION_SIZE);
      this.masks[npc] = legal(world, npc);
    }
  }

  /** Perceives and decides; the choices stand in `actions`. Those not alive choose nothing (see `decides`). */
  decide(world: World): void {
    this.perceive(world);
    for (const { first, count, handle } of this.groups) {
      const end = first + count;
      this.kernel.decideBatch(
        handle,
        {
          observations: this.observations.subarray(first * OBSERVATION_SIZE, end * OBSERVATION_SIZE),
          masks: this.masks.subarray(first, end),
          worldSeed: world.seed,
          tick: world.tick,
          npcs: this.npcs.subarray(first, end),
          count,
        },
        this.actions.subarray(first, end),
      );
    }
  }

  decides(world: World, npc: number): boolean {
    return world.status[npc] === ALIVE;
  }
}
