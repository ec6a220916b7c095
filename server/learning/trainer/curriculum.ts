import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Behavior, type BehaviorFields, readBehavior } from '#ml/behavior.ts';
import type { Brain } from '#shared/brain/file.ts';

/** How strongly the candidate holds on to what the role does now: the weight of KL(π ‖ parent). */
export const KL_ANCHOR = 0.05;
/** Fine-tuning learns in smaller steps than learning from nothing. */
const SLOWER = 0.3;
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
}

/** The behaviour that a role's brains are made by. @throws BehaviorError */
export function standardBehavior(role: string): Behavior | null {
  const file = fileURLToPath(new URL(`../../../ml/behaviors/${role}.yaml`, import.meta.url));
  return existsSync(file) ? readBehavior(file) : null;
}

const named = ({ policy }: Weighted): boolean => !policy.includes('.safetensors');

/**
 * The behaviour of a lesson, as a file's text: the role's own rewards, against scripted players and clones in equal
 * shares and a league of the brains that live here. Half of the players stay scripted, so that whoever floods the log
 * can at most be the other half.
 */
export function lessonBehavior(base: Behavior, lesson: Lesson): string {
  const { hash: _, folder: __, ...fields } = base;
  const opponents = fields.opponents.map((group): BehaviorFields['opponents'][number] =>
    group.role === 'wanderer'
      ? { ...group, mix: withClones(group.mix, lesson.clones) }
      : { ...group, mix: withLeague(group.mix, lesson.league.get(group.role) ?? []) },
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
    opponents,
    network: [
      lesson.parent.network.layers[0].inputs,
      ...lesson.parent.network.layers.map(({ outputs }) => outputs),
    ],
    imitation: { steps: 0 },
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
  return [...normalised(mix.filter(named)), ...normalised(league)].slice(0, 16);
}

/** Weights that sum up to one. */
function normalised(mix: readonly Weighted[]): Weighted[] {
  const total = mix.reduce((sum, { weight }) => sum + weight, 0);
  return mix.map(({ policy, weight }) => ({ policy, weight: weight / total }));
}
