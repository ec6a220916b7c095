import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { merkleRoot } from '#shared/proof/merkle.ts';
import { Refusal } from '../refusal.ts';
import { sha256 } from '../store/cipher.ts';
import { Store } from '../store/store.ts';
import { keepLeaves, loadZone } from '../store/worlds.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { ZONE_ID } from '../zone/host.ts';
import { packEpoch } from '../zone/leaves.ts';
import { Proofs } from './proofs.ts';

const EPOCHS = 20;
const leavesIn = (epoch: number): Uint8Array[] =>
  Array.from({ length: 300 + epoch }, (_, i) => sha256(`${epoch}.${i}`));

let store: Store;
beforeAll(async () => {
  store = await Store.open({ dir: join(await preparedHome(), 'db'), url: null });
  await loadZone(store, { id: ZONE_ID, name: 'test', seed: 1 });
  for (let epoch = 0; epoch < EPOCHS; epoch++)
    await keepLeaves(store, ZONE_ID, epoch, await packEpoch(leavesIn(epoch)));
});
afterAll(async () => {
  await store.close();
  removeHomes();
});

test('trees of many epochs asked for at once are built in turn, and those beyond the limit refused', async () => {
  const proofs = new Proofs(store);
  const asked = await Promise.allSettled(
    Array.from({ length: EPOCHS }, async (_, epoch) => (await proofs.tree(epoch))?.tree.root()),
  );
  asked.forEach((one, epoch) => {
    if (epoch < 12) expect(one).toEqual({ status: 'fulfilled', value: merkleRoot(leavesIn(epoch)) });
    else
      expect(one).toMatchObject({
        status: 'rejected',
        reason: { status: 503, field: 'epoch', message: expect.stringContaining('12 others') },
      });
  });
  // Who asks again in a moment is answered.
  expect((await proofs.tree(EPOCHS - 1))?.leaves).toHaveLength(300 + EPOCHS - 1);
});

test('one that is kept is answered however many wait', async () => {
  const proofs = new Proofs(store);
  await proofs.tree(15);
  const waiting = Array.from({ length: 3 }, (_, epoch) => proofs.tree(epoch));
  expect((await proofs.tree(15))?.leaves).toHaveLength(315);
  await Promise.all(waiting);
  expect(await proofs.tree(EPOCHS)).toBeNull();
  expect(() => {
    for (let epoch = 0; epoch < EPOCHS; epoch++) void proofs.tree(epoch);
  }).toThrow(Refusal);
});
