import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Behavior, type BehaviorFields, readBehavior } from '#ml/behavior.ts';
import { TERM_NAMES } from '#ml/env/rewards.ts';
import type { Brain } from '#shared/brain/file.ts';

/** How strongly the candidate holds on to what the role does now: the weight of KL(π ‖ parent). */
export const KL_ANCHOR = 0.05;
/** Fine-tuning learns in smaller steps than learning from nothing. */
const SLOWER = 0.3;
const WEIGHTS = z.partialRecord(z.enum(TERM_NAMES), z.number().min(-1000).max(1000));
const LESSONS = z.strictObject({ forager: WEIGHTS, raider: WEIGHTS, guard: WEIGHTS, trader: WEIGHTS });
/** Learners of a quick lesson's worlds together. */
const QUICK_LEARNERS = 112;
/** Where a behaviour has no players among its opponents, so many are put there. */
const PLAYERS = 8;

/** A policy in an opponents' mix. */
export interface Weighted {
  policy: string;
  weight: number;
}

/** What of a behaviour is changed for one lesson. */
export interface Lesson {
  role: string;
  /** The brain that decides now. */
  parent: Brain;
  /** Brains of all roles, by role: the ones that decide now and some before them. */
  league: ReadonlyMap<string, readonly string[]>;
  /** Clones of players, with how many people each stands for. */
  clones: readonly { file: string; people: number }[];
  seed: number;
  steps: number;
  /** Held while the people it is about are still there; see `lessonBehavior`. */
  quick?: boolean;
}

/** The behaviour that a role's brains are made by. @throws BehaviorError */
export function standardBehavior(role: string): Behavior | null {
  const file = fileURLToPath(new URL(`../../../ml/behaviors/${role}.yaml`, import.meta.url));
  return existsSync(file) ? readBehavior(file) : null;
}

/** Worlds of a quick lesson: few, so that a short one still takes many steps of learning. */
const quickWorlds = (learners: number): number => Math.max(4, Math.ceil(QUICK_LEARNERS / learners));

/** What a quick lesson of a role weighs otherwise than its behaviour (lessons.yaml). @throws ZodError on an unknown name */
export function denied(role: string): Readonly<Record<string, number>> {
  const file = fileURLToPath(new URL('./lessons.yaml', import.meta.url));
  return LESSONS.parse(parse(readFileSync(file, 'utf8')))[role as keyof z.infer<typeof LESSONS>] ?? {};
}

const named = ({ policy }: Weighted): boolean => !policy.includes('.safetensors');

/**
 * The behaviour of a lesson, as a file's text: the role's own rewards, against scripted players and clones in equal
 * shares and a league of the brains that live here. Half of the players stay scripted, so that whoever floods the log
 * can at most be the other half.
 *
 * A quick one is about these people alone: clones play all players, the brains of now all inhabitants, what known players
 * win by weighs more (lessons.yaml), and fewer worlds give more steps of learning for as many decisions.
 */
export function lessonBehavior(base: Behavior, lesson: Lesson): string {
  const { hash: _, folder: __, ...fields } = base;
  const opponents = fields.opponents.map((group): BehaviorFields['opponents'][number] =>
    group.role === 'wanderer'
      ? { ...group, mix: withClones(lesson.quick ? [] : group.mix, lesson.clones) }
      : { ...group, mix: withLeague(lesson.quick ? [] : group.mix, lesson.league.get(group.role) ?? []) },
  );
  if (!opponents.some((group) => group.role === 'wanderer'))
    opponents.push({
      role: 'wanderer',
      count: PLAYERS,
      mix: withClones([{ policy: 'scripted', weight: 1 }], lesson.clones),
    });
  const behavior: BehaviorFields = {
    ...fields,
    seed: lesson.seed,
    steps: lesson.steps,
    rewards: lesson.quick ? { ...fields.rewards, ...denied(lesson.role) } : fields.rewards,
    opponents,
    network: [
      lesson.parent.network.layers[0].inputs,
      ...lesson.parent.network.layers.map(({ outputs }) => outputs),
    ],
    imitation: { steps: 0 },
    world: lesson.quick ? { ...fields.world, worlds: quickWorlds(fields.world.learners) } : fields.world,
    ppo: { ...fields.ppo, learningRate: fields.ppo.learningRate * SLOWER },
  };
  // JSON is YAML.
  return JSON.stringify(behavior, null, 2);
}

/** Only clones play the players: what a candidate is to be better against. */
export function againstClones(behavior: Behavior, clones: Lesson['clones']): Behavior {
  const mix = clones.map(({ file, people }) => ({ policy: file, weight: Math.sqrt(people) }));
  return {
    ...behavior,
    opponents: behavior.opponents.map((group) => (group.role === 'wanderer' ? { ...group, mix } : group)),
  };
}

function withClones(mix: readonly Weighted[], clones: Lesson['clones']): Weighted[] {
  const scripted = normalised(mix.filter(named));
  return [
    ...scripted,
    ...normalised(clones.map(({ file, people }) => ({ policy: file, weight: Math.sqrt(people) }))),
  ].slice(0, 16);
}

function withLeague(mix: readonly Weighted[], brains: readonly string[]): Weighted[] {
  // The one that decides now counts twice.
  const league = brains.map((policy, k) => ({ policy, weight: k === 0 ? 2 : 1 }));
  const rest = normalised(mix.filter(named));
  // Whoever has no brain yet follows the rules.
  if (rest.length + league.length === 0) return [{ policy: 'scripted', weight: 1 }];
  return [...rest, ...normalised(league)].slice(0, 16);
}

/** Weights that sum up to one. */
function normalised(mix: readonly Weighted[]): Weighted[] {
  const total = mix.reduce((sum, { weight }) => sum + weight, 0);
  return mix.map(({ policy, weight }) => ({ policy, weight: weight / total }));
}
