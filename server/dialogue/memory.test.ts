import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIdentity } from '../store/identities.ts';
import { memoriesOf } from '../store/memories.ts';
import { Store } from '../store/store.ts';
import { loadZone } from '../store/worlds.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { Memory, MOST_MEMORIES, pack, unpack } from './memory.ts';
import { similarity, type Understood } from './understanding.ts';

const ZONE = 1;
const [GREETING, THREAT, QUESTION] = [1, 3, 5];
let store: Store;
let home: string;
let made = 0;
const logged: string[] = [];
const memory = () => new Memory(store, ZONE, (line) => logged.push(line));

beforeAll(async () => {
  home = await preparedHome();
  store = await Store.open({ dir: join(home, 'db'), url: null });
  await loadZone(store, { id: ZONE, name: 'test', seed: 1 });
});
afterAll(async () => {
  await store?.close();
  removeHomes();
});

async function somebody(): Promise<number> {
  const tokenHash = Uint8Array.from({ length: 32 }, () => made);
  made++;
  const address = `1111111111111111111111111111111${made}`;
  return (
    await createIdentity(store, { tokenHash, name: 'Ada', look: 0, address, secret: new Uint8Array(64) })
  ).id;
}

/** A sentence in one of 200 directions: those of different numbers have nothing in common. */
function meaning(tone: number, direction: number): Understood {
  const embedding = new Float32Array(200);
  embedding[direction] = 1;
  return { tone, confidence: 1, embedding, german: false };
}
const at = (tick: number, model = 'm') => ({ tick, model });

test('an NPC recalls what is alike, across restarts, and nobody else does', async () => {
  const [ada, bob] = [await somebody(), await somebody()];
  const first = memory();
  await first.remember(7, ada, meaning(THREAT, 3), at(100));
  await first.remember(7, ada, meaning(THREAT, 3), at(160));
  await first.remember(7, ada, meaning(GREETING, 9), at(200));
  await first.close();
  const second = memory();
  const recalled = await second.recall(7, ada, meaning(THREAT, 3), 'm');
  expect(recalled.met).toBe(3);
  expect(recalled.alike).toMatchObject({ tone: THREAT, times: 2, tick: 160 });
  expect(recalled.strongest).toMatchObject({ tone: THREAT });
  expect(recalled.last).toMatchObject({ tone: GREETING, tick: 200 });
  expect((await second.recall(7, ada, meaning(THREAT, 4), 'm')).alike).toBeNull();
  expect((await second.recall(7, ada, meaning(THREAT, 3), 'another encoder')).alike).toBeNull();
  expect((await second.recall(8, ada, meaning(THREAT, 3), 'm')).met).toBe(0);
  expect((await second.recall(7, bob, meaning(THREAT, 3), 'm')).met).toBe(0);
  await second.close();
});

test('at most 16 are kept, in mind and in the database; a threat outlives small talk', async () => {
  const ada = await somebody();
  const mind = memory();
  await mind.remember(1, ada, meaning(THREAT, 0), at(1));
  for (let n = 1; n < 40; n++) {
    await mind.remember(1, ada, meaning(QUESTION, n), at(n * 40));
    if (n % 7 === 0) await mind.write();
  }
  await mind.close();
  const kept = await memoriesOf(store, ada);
  expect(kept).toHaveLength(MOST_MEMORIES);
  expect(kept.filter((row) => row.tone === THREAT)).toHaveLength(1);
  expect(Math.min(...kept.filter((row) => row.tone === QUESTION).map((row) => row.tick))).toBe(25 * 40);
});

test('a forgotten player is forgotten everywhere, also what was about to be written', async () => {
  const [ada, bob] = [await somebody(), await somebody()];
  const mind = memory();
  for (const who of [ada, bob]) await mind.remember(2, who, meaning(GREETING, 1), at(5));
  await mind.write();
  await mind.remember(2, ada, meaning(THREAT, 2), at(50));
  expect(await mind.forget(ada)).toBe(1);
  expect((await mind.recall(2, ada, meaning(THREAT, 2), 'm')).met).toBe(0);
  await mind.close();
  expect(await memoriesOf(store, ada)).toEqual([]);
  expect(await memoriesOf(store, bob)).toHaveLength(1);
});

test('memories of one who is not in the database are dropped, the others are written', async () => {
  const ada = await somebody();
  const mind = memory();
  await mind.remember(3, 999_999, meaning(GREETING, 1), at(5));
  await mind.remember(3, ada, meaning(GREETING, 1), at(5));
  await mind.write();
  await mind.write();
  expect(await memoriesOf(store, ada)).toHaveLength(1);
  expect(logged.some((line) => line.startsWith('memories:'))).toBe(true);
  await mind.close();
});

test('a packed embedding points where it did', () => {
  const vector = Float32Array.from({ length: 160 }, (_, i) => Math.sin(i * 1.7) / Math.sqrt(80));
  expect(similarity(unpack(pack(vector)), vector)).toBeGreaterThan(0.98);
});
