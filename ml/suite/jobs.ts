import type { Kernel } from '#shared/brain/index.ts';
import { roleNumber } from '../scripted/index.ts';
import { Arena, type Mind, type Seat } from './arena.ts';
import { Encounters, type Outcome } from './encounter.ts';
import { suiteMap } from './maps/index.ts';
import { type Episode, episodeSeed, playEpisode, zoneSeats } from './play.ts';
import { SKILLS, type SkillName, traveller } from './players/peaceful.ts';
import { type Judged, policyOf } from './policies.ts';
import type { Scenario, SuiteRole } from './scenario.ts';
import { playTrick, type TrickGame, type TrickName } from './tricks.ts';

interface Part {
  readonly seed: number;
  /** Number of the first episode, and how many. */
  readonly first: number;
  readonly count: number;
}

/** One piece of work for a thread: plain data. */
export type Job = Part &
  (
    | { readonly kind: 'scenario'; readonly scenario: Scenario; readonly judged: Judged }
    | {
        readonly kind: 'fairness';
        readonly role: SuiteRole;
        readonly skill: SkillName;
        readonly judged: Judged;
      }
    | { readonly kind: 'trick'; readonly trick: TrickName; readonly judged: readonly RoleMind[] }
  );
/** Who plays the inhabitants of one role. */
export interface RoleMind {
  readonly role: SuiteRole;
  readonly judged: Judged;
}
/** One result an episode, by the kind of the job. */
export type JobResult = readonly Episode[] | readonly (readonly Outcome[])[] | readonly TrickGame[];

const FAIRNESS_PLAYERS = 6;
const FAIRNESS_TICKS = 3600;

/** Plays one piece of work. @throws Error when a brain cannot play it */
export function playJob(job: Job, kernel: Kernel): JobResult {
  const episodes = Array.from({ length: job.count }, (_, k) => job.first + k);
  if (job.kind === 'scenario') {
    const { scenario, judged, seed } = job;
    const policy = policyOf(judged, scenario.role, kernel);
    return episodes.map((e) =>
      playEpisode(scenario, policy, episodeSeed(scenario.name, seed, e), judged.blind),
    );
  }
  if (job.kind === 'trick') {
    const minds = new Map(job.judged.map(({ role, judged }) => [role, mind(judged, role, kernel)]));
    return episodes.map((e) => playTrick(job.trick, minds, episodeSeed(`trick ${job.trick}`, job.seed, e)));
  }
  const judgedMind = new Map([[job.role, mind(job.judged, job.role, kernel)]]);
  return episodes.map((e) =>
    fights(job.role, judgedMind, job.skill, episodeSeed(`fairness ${job.skill}`, job.seed, e)),
  );
}

const mind = (judged: Judged, role: string, kernel: Kernel): Mind => ({
  policy: policyOf(judged, role, kernel),
  blind: judged.blind,
});

/** The encounters of some travellers of one level in the Hollow. */
function fights(
  role: SuiteRole,
  minds: ReadonlyMap<string, Mind>,
  skill: SkillName,
  seed: number,
): Outcome[] {
  const seats: Seat[] = zoneSeats(minds);
  for (let k = 0; k < FAIRNESS_PLAYERS; k++)
    seats.push({ who: { role: 0, tag: seats.length + 1 }, mind: { manner: traveller(SKILLS[skill]) } });
  const arena = new Arena(suiteMap('hollow'), seed, seats);
  const encounters = new Encounters(roleNumber(role));
  arena.run(FAIRNESS_TICKS, (world) => encounters.watch(world));
  return encounters.outcomes;
}
