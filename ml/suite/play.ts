import { mix32 } from '#shared/brain/decide.ts';
import { TICKS_PER_SECOND } from '#shared/world/index.ts';
import type { Policy } from '../env/policy.ts';
import { randomPolicy, roleNumber, scriptedPolicy } from '../scripted/index.ts';
import { Arena, type Mind, type Seat } from './arena.ts';
import { suiteMap } from './maps/index.ts';
import { MEASURE_NAMES, type MeasureName, Tally } from './measures.ts';
import { MANNERS } from './players/index.ts';
import type { PartnerName, Scenario } from './scenario.ts';

/** What came of one episode: its score, and how often each measure happened to the judged agents, per agent and minute. */
export interface Episode {
  readonly score: number;
  readonly counts: readonly number[];
}

/** The seed of an episode: of its scenario's name and its number, the same for every policy. */
export function episodeSeed(scenario: string, seed: number, episode: number): number {
  let hash = seed >>> 0;
  for (let k = 0; k < scenario.length; k++) hash = mix32(hash + scenario.charCodeAt(k));
  return mix32(hash + episode);
}

const random = randomPolicy();

function mindOf(role: string, manner: PartnerName): Mind {
  if (manner === 'random') return { policy: random };
  if (manner === 'scripted') return { policy: scriptedPolicy(roleNumber(role)) };
  return { manner: MANNERS[manner] };
}

/** The seats of a scenario: the judged first, then the others in their order. Players have tags, so that they are remembered. */
export function seatsOf(scenario: Scenario, judged: Mind): Seat[] {
  const seats: Seat[] = [];
  const add = (role: string, count: number, mind: Mind) => {
    for (let k = 0; k < count; k++)
      seats.push({ who: { role: roleNumber(role), tag: seats.length + 1 }, mind });
  };
  add(scenario.role, scenario.focal, judged);
  for (const { role, manner, count } of scenario.others) add(role, count, mindOf(role, manner));
  return seats;
}

/** How many inhabitants of which role a zone of the server has. */
export const ZONE = { forager: 36, raider: 14, guard: 6, trader: 4 } as const;

/** The seats of a zone's inhabitants, each role by its mind; by the scripted rule where there is none. */
export function zoneSeats(minds: ReadonlyMap<string, Mind>): Seat[] {
  const seats: Seat[] = [];
  for (const [role, count] of Object.entries(ZONE)) {
    const mind = minds.get(role) ?? mindOf(role, 'scripted');
    for (let k = 0; k < count; k++)
      seats.push({ who: { role: roleNumber(role), tag: seats.length + 1 }, mind });
  }
  return seats;
}

/** Plays one held-out episode. @param blind the judged see nothing of habits */
export function playEpisode(scenario: Scenario, policy: Policy, seed: number, blind = false): Episode {
  const seats = seatsOf(scenario, { policy, blind });
  const arena = new Arena(suiteMap(scenario.map), seed, seats);
  arena.run(scenario.settle * TICKS_PER_SECOND);
  const tally = new Tally(seats.length);
  arena.run(scenario.seconds * TICKS_PER_SECOND, (world) => tally.add(world.events));
  const shares = scenario.focal * (scenario.seconds / 60);
  // Groups of one role may stand apart; each is counted where it stands.
  const sum = (measure: MeasureName, of?: string): number => {
    if (of === undefined || of === scenario.role) return tally.sum(measure, 0, scenario.focal);
    let total = 0;
    let at = scenario.focal;
    for (const { role, count } of scenario.others) {
      if (role === of) total += tally.sum(measure, at, count);
      at += count;
    }
    return total;
  };
  return {
    score:
      scenario.score.reduce((score, { measure, weight, of }) => score + weight * sum(measure, of), 0) /
      shares,
    counts: MEASURE_NAMES.map((name) => sum(name) / shares),
  };
}
