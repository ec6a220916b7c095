import { readFileSync } from 'node:fs';
import { hexToBytes } from '@noble/hashes/utils';
import { expect, test } from 'vitest';
import { TestPlayer, until } from '#server/testing/player.ts';
import { QUICK_TICK_MS } from '#server/testing/server.ts';
import { loadArtModel } from '#shared/art/model.ts';
import { pictureHash, toRgba } from '#shared/art/picture.ts';
import { drawSprite } from '#shared/art/sprite.ts';
import type { HttpApi } from '#shared/protocol/index.ts';
import { WALK_FIRST } from '#shared/world/index.ts';
import { errorsOf } from './browser.ts';
import { stage } from './stage.ts';

const model = loadArtModel(readFileSync(new URL('../../assets/art/companion.safetensors', import.meta.url)));
// Its first step comes with the first tiles that are walked.
const set = stage({ firstStep: 1, tickMs: QUICK_TICK_MS });

test('the gallery shows how a symbiont grew, draws it as the chain has it, and proves what it did', async () => {
  const player = await TestPlayer.join(set.server.url);
  let turn = 0;
  const walking = setInterval(() => player.act(WALK_FIRST + (turn++ % 8)), 700);
  await until('the evolution', () => (player.card?.version ?? 0) >= 1, 150_000, 500);
  clearInterval(walking);
  const asset = player.card?.asset as string;
  const ask = async () => {
    const answer = await fetch(`${set.server.url}/api/gallery/${asset}`);
    return answer.ok ? ((await answer.json()) as HttpApi['GET /api/gallery/:asset']) : null;
  };
  await until('finality', async () => (await ask())?.symbiont.version === 1, 60_000, 500);
  const shown = (await ask())!;
  const genome = hexToBytes(shown.symbiont.genome);
  expect(shown.versions.map(({ picture }) => picture)).toEqual(
    [0, 1].map((stage) => pictureHash(drawSprite(model, { genome, stage, branch: 0 }))),
  );

  const page = await set.browser.newPage({ viewport: { width: 390, height: 800 } });
  const errors = errorsOf(page);
  await page.goto(`${set.server.url}/gallery`);
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
  const card = await fetch(`${set.server.url}${new URL((await meta('og:image')) ?? '').pathname}`);
  expect(card.headers.get('content-type')).toBe('image/png');
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  expect(errors).toEqual([]);
  await player.leave();
});
