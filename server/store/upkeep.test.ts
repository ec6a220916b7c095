import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { Store } from './store.ts';
import { sweep } from './upkeep.ts';
import { commitZone, keepLeaves, leavesOf, loadZone } from './worlds.ts';

afterAll(removeHomes);

function sizeOf(dir: string): number {
  return readdirSync(dir, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(dir, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(path) : statSync(path).size);
  }, 0);
}

const NONE = { deeds: new Map(), goods: new Map(), evolutions: [], choices: [] };

test('a database that is written and pruned all day does not grow all day', async () => {
  const home = await preparedHome();
  const store = await Store.open({ dir: join(home, 'db'), url: null });
  await loadZone(store, { id: 1, name: 'test', seed: 1 });
  const noise = Uint8Array.from({ length: 30_000 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
  let epoch = 0;
  /** What two and a half hours write in snapshots and journal, in a hurry. */
  const write = async () => {
    for (let i = 0; i < 300; i++, epoch++) {
      const tick = epoch * 600;
      await keepLeaves(store, 1, epoch, noise);
      await commitZone(store, {
        ...NONE,
        zone: 1,
        throughTick: tick,
        journal: Array.from({ length: 20 }, (_, k) => ({
          tick: tick + k,
          inputs: noise.subarray(0, 300),
          brains: null,
        })),
        snapshots: [{ tick, bytes: noise }],
        epochs: [{ epoch, header: noise.subarray(0, 164), hash: noise.subarray(0, 32), growths: [] }],
        pruneBefore: tick,
        leavesFrom: epoch - 10,
      });
      if (i % 30 === 29) await sweep(store);
    }
  };
  await write();
  const once = sizeOf(join(home, 'db', 'base'));
  await write();
  await write();
  // Headers stay for ever; all else takes the room that was given back. The log is bounded on its own.
  expect(sizeOf(join(home, 'db', 'base')) - once).toBeLessThan(2 * 1024 * 1024);
  expect(sizeOf(join(home, 'db', 'pg_wal'))).toBeLessThan(100 * 1024 * 1024);
  expect(await leavesOf(store, 1, epoch - 1)).toEqual(noise);
  expect(await leavesOf(store, 1, epoch - 20)).toBeNull();
  const { snapshots, journal } = await loadZone(store, { id: 1, name: 'test', seed: 1 });
  expect([snapshots.length, journal.length]).toEqual([1, 1]);
  await store.close();
}, 120_000);
