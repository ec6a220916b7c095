import { EPOCH_TICKS } from '#shared/proof/epoch.ts';
import {
  createWorld,
  DECISION_TICKS,
  decodeInputs,
  Inputs,
  restore,
  step,
  type Terrain,
  type World,
} from '#shared/world/index.ts';
import type { Log } from '../log.ts';
import type { JournalRow, SavedZone } from '../store/worlds.ts';
import type { Chronicle } from './chronicle.ts';
import type { Minds } from './minds.ts';

/** A saved zone that cannot be continued. */
export class RestoreError extends Error {
  override name = 'RestoreError';
}

export interface Restoring {
  terrain: Terrain;
  saved: SavedZone;
  capacity: number;
  minds: Minds;
  chronicle: Chronicle;
  log: Log;
}

/**
 * The world after the last saved tick. It is replayed from the start of its epoch, so that the chronicle holds the
 * same leaves as if nothing had happened, and every later snapshot is checked on the way. Where the rules changed
 * since and the replay goes another way, the newest snapshot counts and the epoch is left unproved.
 */
export function restoreZone(options: Restoring): World {
  const { terrain, saved, capacity, chronicle, log } = options;
  const starts = saved.snapshots.map((s) => s.bytes);
  // Before the first snapshot is due, the beginning is known by its seed.
  if (saved.committedTick < 0 || saved.journal[0]?.tick === 0)
    starts.unshift(createWorld(terrain, { seed: saved.seed, capacity }).bytes);
  for (const bytes of starts) {
    const world = restore(terrain, bytes);
    const from = world.tick;
    chronicle.forget();
    if (from % EPOCH_TICKS === 0) chronicle.begin(world);
    if (replay(world, options)) return world;
    log(`the replay from tick ${from} does not meet the next snapshot; trying from that one`);
  }
  throw new RestoreError(`journal: does not lead to tick ${saved.committedTick}`);
}

/** @returns whether the world met every later snapshot on its way to the saved tick. */
function replay(world: World, options: Restoring): boolean {
  const { saved, minds, chronicle } = options;
  const ahead = saved.snapshots.filter((s) => s.tick > world.tick);
  const rows = new Map<number, JournalRow>(saved.journal.map((row) => [row.tick, row]));
  const inputs = new Inputs(world.capacity * 3);
  const none = new Uint8Array(0);
  while (world.tick <= saved.committedTick) {
    const { tick } = world;
    const row = rows.get(tick);
    if (row?.brains) chronicle.setBrains(row.brains.split(','), minds.counts);
    if (chronicle.whole && tick % DECISION_TICKS === 0) minds.perceive(world);
    inputs.clear();
    decodeInputs(row?.inputs ?? none, inputs);
    step(world, inputs);
    if (world.tick % EPOCH_TICKS === 0) chronicle.begin(world);
    else chronicle.note(world, tick, row?.inputs ?? none, minds);
    if (ahead[0]?.tick === world.tick && !Buffer.from(ahead[0].bytes).equals(world.bytes)) return false;
    if (ahead[0]?.tick === world.tick) ahead.shift();
  }
  return ahead.length === 0;
}
