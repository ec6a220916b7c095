import { join } from 'node:path';
import { PublicKey } from '@solana/web3.js';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { NO_DEEDS } from '#shared/growth/index.ts';
import { sha256 } from '../store/cipher.ts';
import { createIdentity, type IdentityRow, type SymbiontRow } from '../store/identities.ts';
import { symbionts } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { Choices } from './choices.ts';
import { type Known, People } from './people.ts';

let store: Store;
let ada: IdentityRow;
let moss: SymbiontRow;
let people: People;
let settled: Known[];
let told: string[];
let choices: Choices;

beforeAll(async () => {
  store = await Store.open({ dir: join(await preparedHome(), 'db'), url: null });
  const secret = sha256('Ada');
  const address = new PublicKey(secret).toBase58();
  ada = await createIdentity(store, { tokenHash: secret, name: 'Ada', look: 0, address, secret });
  const row = { identity: ada.id, asset: address, genome: secret, name: 'Moss', picture: secret, uri: 'x' };
  moss = await store.run(async (db) => (await db.insert(symbionts).values(row).returning())[0]);
});
afterAll(async () => {
  await store.close();
  removeHomes();
});
beforeEach(() => {
  people = new People();
  settled = [];
  told = [];
  choices = new Choices({
    store,
    people,
    log: (line) => told.push(line),
    onSettled: (person) => settled.push(person),
  });
});

const FIVE = [5, 5, 5, 5, 5, 5, 5, 5];
const withMoss = () => ({ symbiont: moss, counters: FIVE, evolving: false });

test('who is chosen comes with its own counters, and the one before keeps its own', async () => {
  const before = { ...moss, asset: 'before' };
  const person = people.know({ ...ada, deeds: [...NO_DEEDS] }, before, true);
  const seats = person.counters;
  person.counters[0] = 3;
  choices.choose(ada.id, withMoss());
  const made = choices.turn();
  expect(made).toEqual([
    { identity: ada.id, from: { asset: 'before', counters: [3, 0, 0, 0, 0, 0, 0, 0] }, to: withMoss() },
  ]);
  expect(person).toMatchObject({ symbiont: moss, counters: FIVE, evolving: false });
  expect(person.counters).toBe(seats);
  expect(choices.turn()).toEqual([]);
  await choices.settle(made);
  expect(settled).toEqual([person]);
});

test('nobody else is chosen until the choice is saved', async () => {
  people.know(ada, null, false);
  expect(choices.reserve(ada.id)).toBe(true);
  expect(choices.reserve(ada.id)).toBe(false);
  choices.release(ada.id);
  expect(choices.reserve(ada.id)).toBe(true);
  choices.choose(ada.id, withMoss());
  // What is chosen is not taken back.
  choices.release(ada.id);
  const made = choices.turn();
  expect(choices.reserve(ada.id)).toBe(false);
  await choices.settle(made);
  expect(choices.reserve(ada.id)).toBe(true);
});

test('a choice that changes nothing, or is of nobody known, leaves the way free', () => {
  choices.choose(ada.id, withMoss());
  expect(choices.turn()).toEqual([]);
  expect(choices.reserve(ada.id)).toBe(true);
  people.know(ada, moss, false);
  choices.choose(ada.id, withMoss());
  expect(choices.turn()).toEqual([]);
  expect(choices.reserve(ada.id)).toBe(true);
});

test('who was forgotten while their choice was saved can choose again', async () => {
  people.know(ada, null, false);
  choices.choose(ada.id, withMoss());
  const made = choices.turn();
  people.keep(() => false);
  await choices.settle(made);
  expect(settled).toEqual([]);
  expect(choices.reserve(ada.id)).toBe(true);
});

test('where the database does not answer that is told, and they can choose again', async () => {
  people.know(ada, null, false);
  choices.choose(ada.id, withMoss());
  const made = choices.turn();
  const gone = await Store.open({ dir: join(await preparedHome(), 'db'), url: null });
  await gone.close();
  const cut = new Choices({ store: gone, people, log: (line) => told.push(line), onSettled: () => {} });
  expect(cut.reserve(ada.id)).toBe(true);
  await cut.settle(made);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(`companion of ${ada.id}: `);
  expect(cut.reserve(ada.id)).toBe(true);
});
