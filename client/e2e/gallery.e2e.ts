import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hexToBytes } from '@noble/hashes/utils';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeHomes } from '#server/testing/homes.ts';
import { TestPlayer, until } from '#server/testing/player.ts';
import { type SpawnedServer, spawnServer } from '#server/testing/server.ts';
import { loadArtModel } from '#shared/art/model.ts';
import { pictureHash, toRgba } from '#shared/art/picture.ts';
import { drawSprite } from '#shared/art/sprite.ts';
import { DEFAULT_RULE } from '#shared/growth/index.ts';
import type { HttpApi } from '#shared/protocol/index.ts';
import { WALK_FIRST } from '#shared/world/index.ts';
import { launch } from './browser.ts';

const model = loadArtModel(readFileSync(new URL('../../assets/art/companion.safetensors', import.meta.url)));

let browser: Browser;
let server: SpawnedServer;
let scratch: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'symbiont-e2e-'));
  // The embedded world's rule, its first step brought to the first tiles that are walked.
  const rule = structuredClone(DEFAULT_RULE) as unknown as { steps: { minimum: number }[] };
  rule.steps[0].minimum = 1;
  writeFileSync(join(scratch, 'rule.json'), JSON.stringify(rule));
  [browser, server] = await Promise.all([
    launch(),
    spawnServer({ env: { GROWTH_RULE: join(scratch, 'rule.json') } }),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await server?.kill();
  removeHomes();
  rmSync(scratch, { recursive: true, force: true });
});

test('the gallery shows how a symbiont grew, draws it as the chain has it, and proves what it did', async () => {
  const player = await TestPlayer.join(server.url);
  let turn = 0;
  const walking = setInterval(() => player.act(WALK_FIRST + (turn++ % 8)), 700);
  await until('the evolution', () => (player.card?.version ?? 0) >= 1, 150_000, 500);
  clearInterval(walking);
  const asset = player.card?.asset as string;
  const ask = async () => {
    const answer = await fetch(`${server.url}/api/gallery/${asset}`);
    return answer.ok ? ((await answer.json()) as HttpApi['GET /api/gallery/:asset']) : null;
  };
  await until('finality', async () => (await ask())?.symbiont.version === 1, 60_000, 500);
  const shown = (await ask())!;
  const genome = hexToBytes(shown.symbiont.genome);
  expect(shown.versions.map(({ picture }) => picture)).toEqual(
    [0, 1].map((stage) => pictureHash(drawSprite(model, { genome, stage, branch: 0 }))),
  );

  const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${server.url}/gallery`);
  const tile = page.locator(`.tile[href$="${asset}"]`);
  await tile.waitFor();
  const strip = tile.locator('.strip canvas');
  expect(await strip.count()).toBe(2);
  for (const stage of [0, 1]) {
    const pixels = await strip
      .nth(stage)
      .evaluate((canvas: HTMLCanvasElement) => [...canvas.getContext('2d')!.getImageData(0, 0, 32, 32).data]);
    expect(pixels).toEqual([...toRgba(drawSprite(model, { genome, stage, branch: 0 }))]);
  }
  await tile.click();
  await page.getByText('Deeds proven').waitFor();
  // Both pictures and the one leaf.
  expect(await page.locator('.proof .yes').count()).toBe(3);
  expect(await page.locator('.proof .no').count()).toBe(0);
  expect(await page.locator('.growth > li').count()).toBe(2);
  expect(await page.title()).toBe(`${shown.symbiont.name}, sprout`);
  const meta = (name: string) => page.locator(`meta[property="${name}"]`).getAttribute('content');
  expect(await meta('og:title')).toBe(`${shown.symbiont.name}, sprout`);
  const card = await fetch(`${server.url}${new URL((await meta('og:image')) ?? '').pathname}`);
  expect(card.headers.get('content-type')).toBe('image/png');
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  expect(errors).toEqual([]);
  await player.leave();
});
