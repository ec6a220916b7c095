import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ArtVectors } from '#shared/art/vectors.ts';
import { errorsOf } from './browser.ts';
import { workshop } from './stage.ts';

const vectors = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../assets/vectors/${name}.json`, import.meta.url), 'utf8'));
const set = workshop();

test('Chromium reaches the hashes of every world and every picture in the vectors', async () => {
  const page = await set.browser.newPage();
  const errors = errorsOf(page);
  await page.goto(set.urlOf('e2e/vectors.html'));
  await page.waitForFunction(() => window.__vectors, null, { timeout: 60_000 });
  const answers = (await page.evaluate(() => window.__vectors))!;
  const worlds = vectors('worlds') as { hash: string }[];
  const art = vectors('art') as ArtVectors;
  const first = vectors('art-v1') as Omit<ArtVectors, 'sweep'>;
  const hashesOf = (cases: ArtVectors['cases']) =>
    cases.map(({ picture, png, svg }) => ({ picture, png, svg }));
  expect(answers.worlds).toEqual(worlds.map((w) => w.hash));
  expect(answers.model).toBe(art.model);
  expect(answers.art).toEqual(hashesOf(art.cases));
  expect(answers.kernel).toEqual(hashesOf(art.cases));
  expect(answers.first).toEqual(hashesOf(first.cases));
  // ten thousand genomes, drawn by the kernel
  expect(answers.sweep).toBe(art.sweep.hash);
  expect(art.sweep.count).toBe(10_000);
  expect(worlds.length).toBeGreaterThan(8);
  expect(art.cases.length).toBeGreaterThan(50);
  expect(errors).toEqual([]);
});
