import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockDirectory } from '#ml/run/lock.ts';
import { MAX_BRAIN_BYTES } from '#shared/brain/file.ts';
import { ROOT } from '../../config.ts';
import { type Log, reason } from '../../log.ts';
import { getSetting, setSetting } from '../../store/blobs.ts';
import type { TermRow } from '../../store/brains.ts';
import { countPlays, dropPlays } from '../../store/plays.ts';
import type { Store } from '../../store/store.ts';
import { mustWait } from '../../zone/loop.ts';
import type { Brains, Succession } from '../brains.ts';
import { epochRoot } from '../log/seal.ts';
import { exportPlays } from './export.ts';
import {
  type FromTrainer,
  GATE_EPISODES,
  type LessonResult,
  type LessonTask,
  scoresOf,
  type ToTrainer,
} from './task.ts';

export interface TeacherOptions {
  store: Store;
  brains: Brains;
  zone: number;
  zoneName: string;
  /** Where lessons are held; emptied before each. */
  dir: string;
  key: Uint8Array;
  /** Minutes between two lessons; 0: none. */
  every: number;
  steps: number;
  memoryMb: number;
  /** Milliseconds that a tick takes, the 99th percentile. */
  strain: () => number;
  epoch: () => number;
  /** The epoch with which what is decided now may begin. */
  soon: () => number;
  onAppointed: (succession: Succession) => void;
  log: Log;
  /** For tests: how much play is enough, and how long evaluations are. */
  least?: number;
  episodes?: number;
}

export interface TeacherStatus {
  running: boolean;
  paused: boolean;
  stage: string;
  /** What came of the last lesson, in one line. */
  last: string;
}

/** A lesson that did not come to an end; the message says why. */
export class LessonFailed extends Error {
  override name = 'LessonFailed';
}

/** Decisions of one person near inhabitants from which on their manner can be told: two minutes. */
const LEAST = 600;
const LOOK_MS = 1000;
/** A lesson that takes longer is given up. */
const MOST_MS = 3 * 3600_000;
/** A brain that was put back stays for a day: who put it back knew why. */
const HOLD_MS = 24 * 3600_000;
/** Free space below which no lesson is held, beside what the log may take. */
const LEAST_DISK = 256 * 1024 * 1024;
/** Earlier brains of each role that a candidate meets besides. */
const PAST_BRAINS = 2;
/** Lessons whose run is kept, so that it can be verified. */
const LESSONS_KEPT = 3;
const LAST = 'learning.last';

/**
 * Holds lessons: a child process at the lowest priority learns from what was played and proposes a brain. The world
 * goes on beside it; only a proposal that passed every comparison is appointed.
 */
export class Teacher {
  private readonly options: TeacherOptions;
  private timer: NodeJS.Timeout | null = null;
  private child: ChildProcess | null = null;
  private lesson: Promise<LessonResult | null> | null = null;
  private cancelled = '';
  private paused = false;
  private stage = '';
  private last = 'none yet';

  constructor(options: TeacherOptions) {
    this.options = options;
  }

  start(): void {
    const { every } = this.options;
    if (every === 0) return;
    this.timer = setInterval(() => {
      if (!this.lesson) void this.tryToTeach();
    }, every * 60_000);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.cancel('the server stops');
    await this.lesson?.catch(() => {});
  }

  get status(): TeacherStatus {
    return {
      running: this.lesson !== null,
      paused: this.paused,
      stage: this.lesson ? this.stage : '',
      last: this.last,
    };
  }

  /** What is being learnt must not be learnt any more. */
  cancel(why: string): void {
    this.cancelled = why;
    this.child?.kill('SIGKILL');
  }

  /** A lesson, where enough was played since the last one. Errors are logged: the world goes on as it is. */
  async tryToTeach(): Promise<void> {
    try {
      await this.teach();
    } catch (error) {
      this.last = reason(error);
      this.options.log(`no lesson: ${this.last}`);
    }
  }

  /**
   * Holds one lesson and appoints what came of it. @returns null where there is too little new play
   * @throws LessonFailed, BrainsRefused, or the system's error; the brains are then as they were
   */
  teach(): Promise<LessonResult | null> {
    this.lesson ??= this.hold().finally(() => {
      this.lesson = null;
    });
    return this.lesson;
  }

  private async hold(): Promise<LessonResult | null> {
    const { store, dir, epoch, log, least = LEAST } = this.options;
    this.cancelled = '';
    this.stage = 'gathering what was played';
    const before = JSON.parse((await getSetting(store, LAST)) ?? '{"epoch":-1,"role":""}') as {
      epoch: number;
      role: string;
    };
    const now = epoch();
    const fresh = await countPlays(store, undefined, before.epoch);
    if (fresh.own < least) {
      this.last = `too little was played: ${fresh.own} decisions, ${least} are enough`;
      return null;
    }
    const roles = await this.rolesAfter(before.role, now);
    if (roles.length === 0) {
      this.last = 'every brain was put back by hand lately';
      return null;
    }
    mkdirSync(dir, { recursive: true });
    const unlock = lockDirectory(dir);
    try {
      const room = statfsSync(dir);
      if (room.bavail * room.bsize < LEAST_DISK + fresh.bytes)
        throw new LessonFailed(
          `disk: ${Math.floor((room.bavail * room.bsize) / 1e6)} MB free, ${Math.ceil((LEAST_DISK + fresh.bytes) / 1e6)} MB are needed`,
        );
      const work = join(dir, `lesson-${now}`);
      rmSync(work, { recursive: true, force: true });
      let appointed = false;
      try {
        mkdirSync(join(work, 'brains'), { recursive: true });
        await this.writeBrains(join(work, 'brains'), now);
        await exportPlays(store, this.options.zone, join(work, 'plays.bin'));
        const result = await this.run(this.task(work, roles));
        appointed = await this.conclude(result, now);
        return result;
      } finally {
        // What people did stays in the log alone; how a brain came to be stays for whoever verifies it.
        rmSync(join(work, 'plays.bin'), { force: true });
        if (!appointed) rmSync(work, { recursive: true, force: true });
        forgetLessons(dir);
      }
    } catch (error) {
      if (this.cancelled) throw new LessonFailed(`given up: ${this.cancelled}`);
      log(`lesson: ${reason(error)}`);
      throw error;
    } finally {
      unlock();
    }
  }

  /** Roles in turn, without those whose brain was put back by hand lately. */
  private async rolesAfter(last: string, epoch: number): Promise<string[]> {
    const { brains } = this.options;
    const list = await brains.list(epoch);
    const all = brains.roles;
    const from = all.indexOf(last) + 1;
    const held = (role: string): boolean => {
      const term = list.filter((one) => one.role === role).at(-1);
      return term !== undefined && isHeld(term);
    };
    return [...all.slice(from), ...all.slice(0, from)].filter((role) => !held(role));
  }

  /** The brains that decide now, and for each role the last ones before: opponents to learn against. */
  private async writeBrains(dir: string, epoch: number): Promise<void> {
    const { brains } = this.options;
    const list = await brains.list(epoch);
    for (const role of brains.roles) {
      const { brain, file } = brains.active(role);
      writeFileSync(join(dir, `${role}.safetensors`), file);
      const past = list.filter((one) => one.role === role && one.state === 'past').map((one) => one.id);
      const others = [...new Set(past.reverse())].filter((id) => id !== brain.id).slice(0, PAST_BRAINS);
      for (const [k, id] of others.entries()) {
        const old = await brains.usable(role, id);
        if (old) writeFileSync(join(dir, `${role}-${k + 1}.safetensors`), old);
      }
    }
  }

  private task(dir: string, roles: string[]): LessonTask {
    const { zone, zoneName, key, steps, memoryMb, least = LEAST, episodes = GATE_EPISODES } = this.options;
    return {
      dir,
      zone,
      zoneName,
      roles,
      key: Buffer.from(key).toString('hex'),
      steps,
      episodes,
      least,
      memoryMb,
    };
  }

  private async conclude(result: LessonResult, epoch: number): Promise<boolean> {
    const { store, brains, zone, zoneName, soon, onAppointed, log } = this.options;
    const bad = result.refused.map(({ epoch, who }) => ({
      zone,
      epoch,
      who: Uint8Array.from(Buffer.from(who, 'hex')),
    }));
    for (const { epoch, who, problem } of result.refused.slice(0, 10))
      log(`epoch ${epoch}, ${who.slice(0, 8)}: refused: ${problem}`);
    await dropPlays(store, bad, epochRoot);
    if (this.cancelled) throw new LessonFailed(this.cancelled);
    const { role, candidate, verdict } = result;
    const line = (text: string): void => {
      this.last = text;
      log(text);
    };
    const passed = role !== null && candidate !== null && verdict?.passed === true;
    if (passed) {
      const file = Uint8Array.from(readFileSync(candidate));
      if (file.length > MAX_BRAIN_BYTES) throw new LessonFailed(`candidate: ${file.length} bytes`);
      const place = zoneName.replace(/^The /, 'the ');
      // Where nothing measured stands out, only what is true of every lesson is told.
      const tale = result.tale ?? `The ${role}s of ${place} have learned from the people they meet.`;
      const told = { why: 'learned' as const, tale, scores: scoresOf(result) };
      const succession = await brains.appoint(role, soon(), file, told);
      onAppointed(succession);
      line(
        `${role}: brain ${succession.loaded.brain.id.slice(0, 12)} takes over with epoch ${succession.since}`,
      );
    } else line(`${role ?? 'nobody'}: ${result.why}`);
    // The epoch that runs is not in the log yet. Where nobody could learn, the same play may do with more.
    if (role) await setSetting(store, LAST, JSON.stringify({ epoch: epoch - 1, role }));
    return passed;
  }

  private run(task: LessonTask): Promise<LessonResult> {
    const { memoryMb, strain } = this.options;
    const child = fork(join(import.meta.dirname, 'child.ts'), [], {
      cwd: ROOT,
      execArgv: ['--import', 'tsx', `--max-old-space-size=${memoryMb}`],
      env: { PATH: process.env.PATH, NODE_ENV: process.env.NODE_ENV, SYMBIONT_TRAINER: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    this.child = child;
    const say = (message: ToTrainer): void => void (child.connected && child.send(message, () => {}));
    let printed = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-2000);
    });
    const watch = setInterval(() => {
      const slow = mustWait(strain(), this.paused);
      if (slow === this.paused) return;
      this.paused = slow;
      say({ pause: slow });
    }, LOOK_MS);
    const limit = setTimeout(() => this.cancel(`took longer than ${MOST_MS / 60_000} minutes`), MOST_MS);
    return new Promise<LessonResult>((resolve, reject) => {
      child.on('message', (message: FromTrainer) => {
        if ('stage' in message) this.stage = `${message.stage} ${Math.round(message.done * 100)} %`;
        else if ('result' in message) resolve(message.result);
        else reject(new LessonFailed(message.failed));
      });
      child.once('error', reject);
      child.once('exit', (code, signal) =>
        reject(
          new LessonFailed(
            this.cancelled ||
              `the trainer ended with ${signal ?? code}${printed ? `: ${reason(printed.trim().split('\n').at(-1))}` : ''}`,
          ),
        ),
      );
      say({ task });
    }).finally(() => {
      clearInterval(watch);
      clearTimeout(limit);
      this.paused = false;
      this.child = null;
      if (child.exitCode === null) child.kill('SIGKILL');
    });
  }
}

/** Keeps the runs of the last lessons that a brain came of, and drops what a killed server left of others. */
function forgetLessons(dir: string): void {
  const lessons = readdirSync(dir)
    .flatMap((name) => /^lesson-(\d+)$/.exec(name)?.[1] ?? [])
    .sort((a, b) => Number(b) - Number(a));
  lessons.forEach((number, k) => {
    const lesson = join(dir, `lesson-${number}`);
    const whole = !existsSync(join(lesson, 'plays.bin'));
    if (k >= LESSONS_KEPT || !whole) rmSync(lesson, { recursive: true, force: true });
  });
}

function isHeld(term: { why: TermRow['why']; created: Date }): boolean {
  return term.why === 'rollback' && Date.now() - term.created.getTime() < HOLD_MS;
}
