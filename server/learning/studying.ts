import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { EPOCH_TICKS } from '#shared/proof/epoch.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { secretFile } from '../store/cipher.ts';
import type { Store } from '../store/store.ts';
import { ZONE_ID, type ZoneHost } from '../zone/host.ts';
import type { Brains } from './brains.ts';
import { PlayLog } from './log/log.ts';
import { LogKey } from './log/seal.ts';
import { Privacy } from './privacy.ts';
import { Teacher } from './trainer/teacher.ts';

/** Between a change's decision and its epoch at least: the time to write it down. */
const LEAD_TICKS = 200;

export interface Studying {
  playLog: PlayLog;
  privacy: Privacy;
  teacher: Teacher;
  epoch: () => number;
  /** The epoch with which what is decided now may begin. */
  soon: () => number;
  onAppointed: (file: Uint8Array) => void;
}

/** Puts together what learns from play: the log, its people's say over it, and the teacher. */
export function studying(parts: {
  config: Config;
  store: Store;
  host: ZoneHost;
  brains: Brains;
  /** A brain is about to live here. */
  onAppointed: (file: Uint8Array) => void;
  forgetWords: (identity: number) => Promise<number>;
  log: Log;
}): Studying {
  const { config, store, host, brains, onAppointed, forgetWords, log } = parts;
  const secret = secretFile(join(config.home, 'keys', 'learning'), () => Uint8Array.from(randomBytes(32)));
  const key = new LogKey(secret);
  const { world } = host.zone;
  const epoch = () => Math.floor(world.tick / EPOCH_TICKS);
  const soon = () => Math.floor((world.tick + LEAD_TICKS) / EPOCH_TICKS) + 1;
  const playLog = new PlayLog({
    store,
    key,
    zone: ZONE_ID,
    capacity: world.capacity,
    mayLearn: (identity) => host.people.get(identity)?.learning === true && privacy.mayLearn(identity),
    hours: config.learnHours,
    bytes: config.learnLogMb * 1024 * 1024,
    log,
  });
  const teacher = new Teacher({
    store,
    brains,
    zone: ZONE_ID,
    zoneName: host.options.zoneName,
    dir: join(config.home, 'learning'),
    key: secret,
    every: config.learnEvery,
    steps: config.learnSteps,
    memoryMb: config.learnMemoryMb,
    strain: () => host.strain,
    epoch,
    soon,
    onAppointed: ({ loaded }) => onAppointed(loaded.file),
    log,
  });
  const privacy = new Privacy({
    store,
    zone: ZONE_ID,
    key,
    people: host.people,
    playLog,
    hours: config.learnEvery > 0 ? config.learnHours : 0,
    onForgotten: () => teacher.cancel('somebody deleted what it reads'),
    forgetWords,
    log,
  });
  if (config.learnEvery > 0) host.zone.onlooker = playLog;
  return { playLog, privacy, teacher, epoch, soon, onAppointed };
}
