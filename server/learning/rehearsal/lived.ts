import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils';
import { brainPolicy } from '#ml/env/policy.ts';
import { episodeSeed, ZONE } from '#ml/suite/play.ts';
import { type TrickGame, type TrickName, TrickPlay } from '#ml/suite/tricks.ts';
import { decodeBrain } from '#shared/brain/file.ts';
import { createKernel } from '#shared/brain/kernel.ts';
import { DECISION_TICKS, EPOCH_TICKS, TICKS_PER_SECOND } from '#shared/world/index.ts';
import { LogKey } from '../log/seal.ts';
import { holdLesson } from '../trainer/lesson.ts';
import type { LessonResult } from '../trainer/task.ts';
import { Ear, type Seatable } from './ear.ts';

/** Quick lessons that are held while somebody plays. */
export interface Timetable {
  /** Seconds of the player's clock; a lesson begins with the first epoch after each. Rising, at most 16. */
  readonly at: readonly number[];
  /** Epochs of the world (half minutes) until a lesson's brain decides, 1..20. */
  readonly takes: number;
  /** Decisions of a role's training. */
  readonly steps: number;
  /** Episodes of the gate, as LessonTask's. */
  readonly episodes: number;
  /** As the server's own lessons are when false. */
  readonly quick?: boolean;
}

/** What one lesson of one role came to. */
export interface Taught extends Pick<LessonResult, 'role' | 'why' | 'decisions' | 'types' | 'verdict'> {
  /** Second of the player's clock at which it began. */
  readonly at: number;
  readonly passed: boolean;
  /** Processor time, seconds. */
  readonly cpu: number;
}

export interface LivedGame {
  readonly game: TrickGame;
  readonly lessons: readonly Taught[];
  /** What lessons came to, passed or not. */
  readonly candidates: readonly { role: string; file: Uint8Array }[];
}

/** A timetable that cannot be; the message names field and limit. */
export class TimetableError extends Error {
  override readonly name = 'TimetableError';
}

const ZONE_ID = 1;
/** Decisions of a player near inhabitants from which on their manner can be told: a minute. */
const LEAST = 300;
const MOST_LESSONS = 16;

function check({ at, takes, steps }: Timetable): void {
  if (at.length > MOST_LESSONS || at.some((s, k) => !(s >= 0) || (k > 0 && s <= at[k - 1])))
    throw new TimetableError(`at: at most ${MOST_LESSONS} rising seconds, is ${at.join(', ')}`);
  if (!Number.isInteger(takes) || takes < 1 || takes > 20)
    throw new TimetableError(`takes: must be 1 to 20 epochs, is ${takes}`);
  if (!Number.isInteger(steps) || steps < 1)
    throw new TimetableError(`steps: must be 1 or more, is ${steps}`);
}

/**
 * Plays a trick in a zone whose inhabitants take lessons meanwhile, as those of a server do: from the log of play alone, by
 * the server's own lesson and gate, swapped in between two epochs. Until the first brain is swapped in it is `playTrick`'s
 * game of that seed, tick by tick.
 * @param brains files of all four roles' brains @param number of the game; its seed is a hash of it, as in the suite
 * @throws TimetableError, or what reading a brain throws
 */
export async function playLived(
  trick: TrickName,
  brains: ReadonlyMap<string, Uint8Array>,
  timetable: Timetable,
  seed: number,
  number: number,
): Promise<LivedGame> {
  check(timetable);
  const kernel = await createKernel();
  // Of no server: the log leaves this process only to be read by its own lessons.
  const secret = new Uint8Array(32).fill(1);
  const count = Object.values(ZONE).reduce((sum, n) => sum + n, 0);
  const ear = new Ear({ count, capacity: count + 1, key: new LogKey(secret), zone: ZONE_ID });
  const load = (role: string, file: Uint8Array) => brainPolicy(role, kernel, decodeBrain(file).network);
  const files = new Map(brains);
  const minds = new Map<string, Seatable>();
  for (const role of Object.keys(ZONE)) {
    const file = files.get(role);
    if (!file) throw new RangeError(`brains: ${role} is missing`);
    minds.set(role, ear.heard(load(role, file)));
  }
  const play = new TrickPlay(
    trick,
    new Map([...minds].map(([role, policy]) => [role, { policy }])),
    episodeSeed(`trick ${trick}`, seed, number),
    {
      before: (world) => ear.before(world, world.tick > 0 && world.tick % DECISION_TICKS === 0),
      after: (world) => ear.after(world),
    },
  );
  const lessons: Taught[] = [];
  const candidates: { role: string; file: Uint8Array }[] = [];
  const due: { tick: number; role: string; file: Uint8Array }[] = [];
  let held = 0;
  while (play.world.tick < play.end) {
    const { tick: from } = play.world;
    play.runTo(from + EPOCH_TICKS - (from % EPOCH_TICKS));
    const { tick } = play.world;
    while (due.length > 0 && due[0].tick <= tick) {
      const { role, file } = due.shift() as (typeof due)[number];
      files.set(role, file);
      const mind = minds.get(role);
      if (mind) mind.inner = load(role, file);
    }
    const clock = (tick - play.start) / TICKS_PER_SECOND;
    if (play.start < 0 || held >= timetable.at.length || clock < timetable.at[held]) continue;
    held++;
    const log = await ear.export();
    // One role a lesson, as on the server.
    const role = ear.concerned;
    const { taught, candidate } = await teach(role, log, files, timetable, secret);
    lessons.push({ ...taught, at: Math.round(clock) });
    if (candidate) candidates.push({ role, file: candidate });
    if (candidate && taught.passed)
      due.push({ tick: tick + timetable.takes * EPOCH_TICKS, role, file: candidate });
  }
  return { game: play.game, lessons, candidates };
}

async function teach(
  role: string,
  log: Uint8Array,
  files: ReadonlyMap<string, Uint8Array>,
  { steps, episodes, quick = true }: Timetable,
  secret: Uint8Array,
): Promise<{ taught: Omit<Taught, 'at'>; candidate: Uint8Array | null }> {
  const dir = mkdtempSync(join(tmpdir(), 'symbiont-lesson-'));
  try {
    mkdirSync(join(dir, 'brains'));
    for (const [name, file] of files) writeFileSync(join(dir, 'brains', `${name}.safetensors`), file);
    writeFileSync(join(dir, 'plays.bin'), log);
    const began = process.cpuUsage();
    const result = await holdLesson(
      {
        dir,
        zone: ZONE_ID,
        zoneName: 'The Hollow',
        roles: [role],
        key: bytesToHex(secret),
        steps,
        episodes,
        least: LEAST,
        memoryMb: 2048,
        quick,
      },
      { onStage: () => {} },
    );
    const { user, system } = process.cpuUsage(began);
    const { why, decisions, types, verdict, candidate } = result;
    return {
      taught: {
        role,
        why,
        decisions,
        types,
        verdict,
        passed: verdict?.passed ?? false,
        cpu: (user + system) / 1e6,
      },
      candidate: candidate ? Uint8Array.from(readFileSync(candidate)) : null,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
