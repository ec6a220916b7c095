import { createKernelSync } from '#shared/brain/index.ts';
import { EVENT, GUARDIAN, TICKS_PER_SECOND, TILE, WANDERER, type World } from '#shared/world/index.ts';
import { roleNumber } from '../scripted/index.ts';
import { Arena, type Mind, type Seat } from './arena.ts';
import { Heat, heatSvg } from './heat.ts';
import type { RoleMind } from './jobs.ts';
import { suiteMap } from './maps/index.ts';
import { policyOf } from './policies.ts';
import { record, replay, type Session } from './session.ts';
import { TRICKS } from './tricks.ts';

/** A session to look at: a robber goes about among those who work, ten minutes long, and guards learn its ways. */

/** Few enough that the file stays small: who lives there, by role. */
const FOLK = { forager: 16, raider: 6, guard: 6, trader: 2 } as const;
const MINUTES = 10;
const MINUTE = 60 * TICKS_PER_SECOND;
/** Inhabitants are about for three minutes before the robber comes. */
const COMES = 3 * MINUTE;
const END = COMES + MINUTES * MINUTE;
/** Where guards are is compared between the two minutes before the robber comes and the last two. */
const BEFORE: readonly [number, number] = [COMES - 2 * MINUTE, COMES];
const AFTER: readonly [number, number] = [END - 2 * MINUTE, END];
/** What it robs is compared between its first two minutes and its last. */
const FIRST: readonly [number, number] = [COMES, COMES + 2 * MINUTE];

const within = (tick: number, [from, to]: readonly [number, number]) => tick >= from && tick < to;

/** Plays and records such a session with brains as they are. */
export function recordPath(minds: readonly RoleMind[], seed: number): Session {
  const kernel = createKernelSync();
  const seats: Seat[] = [];
  for (const { role, judged } of minds) {
    const mind: Mind = { policy: policyOf(judged, role, kernel), blind: judged.blind };
    for (let k = 0; k < FOLK[role]; k++)
      seats.push({ who: { role: roleNumber(role), tag: seats.length + 1 }, mind });
  }
  seats.push({
    who: { role: WANDERER, tag: 1_000_001, coins: 5000 },
    mind: { manner: TRICKS.robber.manner },
    at: COMES,
  });
  const arena = new Arena(suiteMap('hollow'), seed, seats);
  return record(arena, 'hollow', 'Guards learn the ways of a robber', END);
}

/** What a replay of a session shows: where guards were before and after, and what the player got and suffered. */
export interface PathStory {
  readonly before: Heat;
  readonly after: Heat;
  /** The player's way, in 1/256 tile, once a second. */
  readonly way: readonly (readonly [x: number, y: number])[];
  /** Goods that it robbed in its first two minutes and in the last two, and how often guards brought it down. */
  readonly robbed: readonly [first: number, last: number];
  readonly felled: readonly [first: number, last: number];
  /** Share of the guards' time within eight tiles of where it went in its first two minutes. */
  readonly onTheWay: readonly [before: number, after: number];
}

const NEAR_WAY = 8;

/** Replays a session of one player (the last seat). @throws SessionError when it ends in another state than was recorded */
export function pathStory(session: Session): PathStory {
  const terrain = suiteMap(session.map);
  const [before, after] = [new Heat(terrain), new Heat(terrain)];
  const player = session.capacity - 1;
  const way: [number, number][] = [];
  const robbed: [number, number] = [0, 0];
  const felled: [number, number] = [0, 0];
  replay(session, (world: World) => {
    const tick = world.tick - 1;
    const heat = within(tick, BEFORE) ? before : within(tick, AFTER) ? after : null;
    if (heat && tick % 4 === 0)
      for (let i = 0; i < world.capacity; i++)
        if (world.role[i] === GUARDIAN && world.status[i] === 1) heat.at(world, i);
    if (within(tick, FIRST) && tick % TICKS_PER_SECOND === 0 && world.status[player] === 1)
      way.push([world.x[player], world.y[player]]);
    const window = within(tick, FIRST) ? 0 : within(tick, AFTER) ? 1 : null;
    if (window === null) return;
    const { events } = world;
    for (let e = 0; e < events.count; e++) {
      if (events.kind(e) === EVENT.stole && events.actor(e) === player) robbed[window]++;
      if (events.kind(e) === EVENT.down && events.target(e) === player) felled[window]++;
    }
  });
  const close = (heat: Heat) => {
    let near = 0;
    let all = 0;
    heat.counts.forEach((n, t) => {
      if (n === 0) return;
      all += n;
      const [x, y] = [t % terrain.width, Math.floor(t / terrain.width)];
      if (way.some(([wx, wy]) => Math.hypot(x - (wx >> 8), y - (wy >> 8)) <= NEAR_WAY)) near += n;
    });
    return all === 0 ? 0 : near / all;
  };
  return { before, after, way, robbed, felled, onTheWay: [close(before), close(after)] };
}

/** The two pictures. */
export function pathPictures({ before, after, way, robbed, felled, onTheWay }: PathStory): [string, string] {
  const line = way.map(([x, y]) => `${((x / TILE) * 6).toFixed(1)} ${((y / TILE) * 6).toFixed(1)}`).join('L');
  const marks = `<path d="M${line}" fill="none" stroke="#1f5fbf" stroke-width="2.2" stroke-linejoin="round" opacity="0.85"/>`;
  const share = (k: 0 | 1) => `${(onTheWay[k] * 100).toFixed(0)} % of their time near its ways (blue)`;
  return [
    heatSvg(before, 'Guards before a robber comes', share(0), marks),
    heatSvg(
      after,
      'The same guards after ten minutes of one robber',
      `${share(1)}; in two minutes: robs ${robbed.join(' → ')} goods, falls ${felled.join(' → ')} times`,
      marks,
    ),
  ];
}
