import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils';
import { parseBehavior } from '#ml/behavior.ts';
import { brainPolicy, type Policy } from '#ml/env/policy.ts';
import { loadTerrain } from '#ml/env/terrain.ts';
import { mannerPolicy, roleNumber, scriptedPolicy } from '#ml/scripted/index.ts';
import { train } from '#ml/train.ts';
import { decodeBrain } from '#shared/brain/file.ts';
import { createKernel, type Kernel } from '#shared/brain/kernel.ts';
import { WANDERER } from '#shared/world/index.ts';
import { LogKey } from '../log/seal.ts';
import { figuresOf, taleOf } from './behaviour.ts';
import { type Clone, cloneOf } from './clone.ts';
import { againstClones, KL_ANCHOR, type Lesson, lessonBehavior, standardBehavior } from './curriculum.ts';
import { readExport } from './export.ts';
import { judge } from './gate.ts';
import { type PlayerType, typesOf } from './profile.ts';
import { type ReadLog, readLog } from './read.ts';
import type { LessonResult, LessonTask } from './task.ts';

export interface LessonListener {
  /** Told what is being done; may take its time. */
  onStage: (stage: string, done: number) => void;
}

/** Inhabitants of a role must have met people at so many decisions at least, that they may learn. */
const LEAST_MET = 100;
/** Players of the stage on which a change of behaviour is measured. */
const PLAYERS = 10;

/**
 * One lesson: reads the log, finds the kinds of players in it, fine-tunes a role's brain against them and judges what
 * came of it. What it does is a function of the log, the brains and the code, so that it can be done again.
 */
export async function holdLesson(task: LessonTask, listener: LessonListener): Promise<LessonResult> {
  const began = performance.now();
  const { onStage } = listener;
  onStage('reading', 0);
  const key = new LogKey(Uint8Array.from(Buffer.from(task.key, 'hex')));
  const log = await readLog(key, task.zone, readExport(join(task.dir, 'plays.bin')));
  const dataRoot = bytesToHex(log.root);
  const seed = new DataView(log.root.buffer, log.root.byteOffset).getUint32(0, true);
  const known = log.people.filter(({ plays }) => plays.length >= task.least);
  const result: LessonResult = {
    role: null,
    why: '',
    dataRoot,
    people: known.length,
    decisions: known.reduce((sum, { plays }) => sum + plays.length, 0),
    refused: log.refused,
    types: [],
    candidate: null,
    verdict: null,
    tale: null,
    seconds: 0,
  };
  const end = (why: string): LessonResult => ({
    ...result,
    why,
    seconds: (performance.now() - began) / 1000,
  });
  if (known.length === 0) return end(`nobody played ${task.least} decisions near inhabitants`);
  const role = roleOf(task, log);
  if (!role) return end('no inhabitants met enough people');
  const base = standardBehavior(role);
  if (!base) return end(`${role}: there is no behaviour to learn by`);
  result.role = role;

  const clones = clonesOf(typesOf(known, seed), task.dir, seed, onStage);
  result.types = clones.map(({ type, clone }) => ({
    people: type.people.length,
    decisions: clone.decisions,
    loss: clone.loss,
    baseline: clone.baseline,
    habit: type.habit,
  }));
  if (clones.length === 0) return end('what people did follows no pattern that could be learnt');

  const parentFile = join(task.dir, 'brains', `${role}.safetensors`);
  const active = Uint8Array.from(readFileSync(parentFile));
  const lesson: Lesson = {
    role,
    parent: decodeBrain(active),
    league: leagueOf(task.dir),
    clones: clones.map(({ file, type }) => ({ file: basename(file), people: type.people.length })),
    seed,
    steps: task.steps,
    quick: task.quick,
  };
  const text = lessonBehavior(base, lesson);
  const behaviorFile = join(task.dir, 'lesson.yaml');
  writeFileSync(behaviorFile, text);
  const trained = await train(
    {
      behaviorFile,
      out: join(task.dir, 'run'),
      parent: parentFile,
      klAnchor: KL_ANCHOR,
      data: dataRoot,
      threads: 0,
      episodes: 2,
    },
    {
      onIteration: ({ metrics, totalSteps }) => onStage('learning', Math.min(1, metrics.steps / totalSteps)),
    },
  );
  if (!trained.finished || !trained.brainFile) return end('the training was cut off');
  const candidate = Uint8Array.from(readFileSync(trained.brainFile));
  if (decodeBrain(candidate).id === lesson.parent.id) return end('nothing new was learnt');
  result.candidate = trained.brainFile;

  const kernel = await createKernel();
  const behavior = parseBehavior(text, behaviorFile, task.dir);
  result.verdict = await judge({
    role,
    active,
    candidate,
    clones: againstClones(behavior, lesson.clones),
    kernel,
    episodes: task.episodes,
    quick: lesson.quick,
    onDone: (share) => onStage('judging', share),
  });
  if (!result.verdict.passed) {
    const { what, wanted, low, high } = result.verdict.comparisons.find((one) => !one.passed) ?? {};
    return end(
      `its candidate stays out: ${what}: ${low?.toFixed(3)} … ${high?.toFixed(3)}, wanted ${wanted}`,
    );
  }
  result.tale = measure(task, lesson, kernel, candidate, onStage);
  return end('its candidate passed');
}

/** The first role in turn that met enough people and can learn. */
function roleOf(task: LessonTask, { met }: ReadLog): string | null {
  return (
    task.roles.find((role) => (met.get(roleNumber(role)) ?? 0) >= LEAST_MET && standardBehavior(role)) ?? null
  );
}

function clonesOf(
  types: readonly PlayerType[],
  dir: string,
  seed: number,
  onStage: LessonListener['onStage'],
): { type: PlayerType; clone: Clone; file: string }[] {
  return types.flatMap((type, k) => {
    onStage('imitating players', k / types.length);
    const clone = cloneOf(type, seed + k, () => onStage('imitating players', k / types.length));
    if (!clone) return [];
    const file = join(dir, `players-${k}.safetensors`);
    writeFileSync(file, clone.file);
    return [{ type, clone, file }];
  });
}

/** Files of brains by role, as the lesson's behaviour file names them, the one that decides now first: ROLE.safetensors, then ROLE-1.safetensors and so on. */
function leagueOf(dir: string): Map<string, string[]> {
  const folder = join(dir, 'brains');
  const league = new Map<string, string[]>();
  for (const name of readdirSync(folder).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
    const role = /^([a-z]+)(?:-\d+)?\.safetensors$/.exec(name)?.[1];
    if (role) league.set(role, [...(league.get(role) ?? []), join('brains', name)]);
  }
  return league;
}

/** What the candidate does otherwise, in the zone as it is now and among the players that were logged. */
function measure(
  task: LessonTask,
  lesson: Lesson,
  kernel: Kernel,
  candidate: Uint8Array,
  onStage: LessonListener['onStage'],
): string | null {
  const load = (file: string, name: string): Policy =>
    brainPolicy(name, kernel, decodeBrain(Uint8Array.from(readFileSync(join(task.dir, file)))).network);
  const minds = new Map([...lesson.league].map(([role, [file]]) => [role, load(file, role)] as const));
  const clones = lesson.clones.map(({ file }) => load(file, 'player'));
  const scripted = [scriptedPolicy(WANDERER), mannerPolicy('stroller')];
  const players = Array.from({ length: PLAYERS }, (_, k) =>
    k < PLAYERS / 2 ? clones[k % clones.length] : scripted[k % scripted.length],
  );
  let played = 0;
  const episodes = Math.max(4, Math.ceil(task.episodes / 8));
  const stage = {
    role: lesson.role,
    zone: loadTerrain(),
    minds,
    players,
    episodes,
    seed: lesson.seed,
    pause: () => onStage('watching', played++ / (2 * episodes)),
  };
  const before = figuresOf(stage, brainPolicy('before', kernel, lesson.parent.network));
  const after = figuresOf(stage, brainPolicy('after', kernel, decodeBrain(candidate).network));
  return taleOf(lesson.role, task.zoneName, stage.zone, before, after);
}
