import type { BrowserContext, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { until } from '#server/testing/player.ts';
import { QUICK_TICK_MS } from '#server/testing/server.ts';
import type { HttpApi } from '#shared/protocol/index.ts';
import { answer, picture, read, worldShown } from './browser.ts';
import { expectNothingOverlaps, movesByFinger, movesByMouse, placeOf, resets } from './graph.ts';
import { Managing } from './managing.ts';
import { stage } from './stage.ts';
import { creatures, others, sheet } from './studio-pictures.ts';
import { Walker } from './walker.ts';

const set = stage({ tickMs: QUICK_TICK_MS });
const errors: string[] = [];

async function openStudio(context: BrowserContext, step: string): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${set.server.url}/studio#${step}`);
  await page.locator('#way a').first().waitFor();
  return page;
}

const step = (page: Page, name: string) => page.locator(`#way a[href="#${name}"]`).click();

test('from pictures to a minted symbiont that evolves', { timeout: 300_000 }, async () => {
  const context = await set.browser.newContext({ viewport: { width: 1200, height: 860 } });
  await context.addInitScript(() => localStorage.setItem('symbiont.seen-help', '1'));
  await context.addInitScript(() => {
    const long: number[] = [];
    Object.assign(window, { longTasks: long });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) long.push(duration);
    }).observe({ type: 'longtask' });
  });
  let page = await openStudio(context, 'pictures');

  // Pictures: what cannot be taken says why, the rest is taken.
  const bad = others();
  await page.setInputFiles('.drop input', [...creatures(), ...bad.map(({ why: _, ...file }) => file)]);
  await page.getByText('24 sprites, reduced').waitFor();
  for (const { name, why } of bad)
    expect(await page.locator('.refused li', { hasText: name }).textContent()).toContain(why);
  expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false);
  await page.getByText('I may use these pictures').click();
  await picture(page, 'studio-pictures');

  // Training: the page is closed in the middle, and goes on where it was.
  await step(page, 'train');
  await page.getByRole('button', { name: 'A first look' }).click();
  await page.waitForFunction(
    () => Number(/kept up to step\s*(\d+)/.exec(document.querySelector('.told')?.textContent ?? '')?.[1]) > 0,
  );
  const tensors = await page.locator('.told dd').last().textContent();
  await page.close();
  page = await openStudio(context, 'train');
  await page.getByRole('heading', { name: 'Paused' }).waitFor();
  const kept = Number(/step(\d+) of/.exec((await page.locator('.told').textContent())!)?.[1]);
  expect(kept).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.waitForFunction(
    (n) => Number(/step(\d+) of/.exec(document.querySelector('.told')?.textContent ?? '')?.[1]) > n,
    kept,
  );
  expect(await page.locator('.told dd').last().textContent()).toBe(tensors);
  await page.getByRole('heading', { name: 'It has learnt' }).waitFor({ timeout: 60_000 });
  await page.locator('.strips canvas').nth(19).waitFor();
  await picture(page, 'studio-train');

  // The map: one is pinned and named.
  await step(page, 'explore');
  await page.getByRole('button', { name: 'Pin it' }).click();
  await page.getByRole('textbox', { name: 'Its name' }).fill('Fern');
  await picture(page, 'studio-explore');

  // The rule: what cannot be one is said where it is wrong; a preset mends it.
  await step(page, 'growth');
  await page.locator('.node[data-key="1.0"] .many', { hasText: '1,000' }).waitFor();
  await page.getByRole('spinbutton', { name: 'Points', exact: true }).fill('0');
  await page.locator('.node.wrong[data-key="1.0"]').waitFor();
  await page.locator('.problems li', { hasText: 'It asks for nothing' }).waitFor();
  await page.getByRole('combobox', { name: 'Begin with' }).selectOption('A test: at once');
  await page.locator('.node[data-key="1.0"] .many', { hasText: '1,000' }).waitFor();
  await movesByMouse(page);
  await picture(page, 'studio-growth');
  await resets(page);
  // One step is enough to see it evolve: the epoch's end comes but twice a minute.
  for (let n = 0; n < 3; n++) await page.getByRole('button', { name: '− stage' }).click();
  await page.locator('#way a[href="#growth"] small', { hasText: '2 stages' }).waitFor();

  const long = await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks);
  console.log(`long tasks (ms): ${long.map(Math.round).join(' ') || 'none'}`);

  // Release: signed in, handed in, a signature refused once; then all of it.
  await step(page, 'release');
  await page.getByLabel('Name', { exact: true }).fill('Mosslings');
  await page.getByLabel('Symbol').fill('MOSS');
  await page.getByRole('button', { name: 'Developer wallet' }).click();
  await answer(page, 'Approve');
  await page.getByRole('button', { name: 'Get test SOL' }).click();
  await page.getByRole('button', { name: 'Hand it in' }).click();
  await page.locator('.signs li').nth(1).waitFor();
  await picture(page, 'studio-release');
  await page.locator('.signs .go').first().click();
  await answer(page, 'Reject');
  await page.getByText('Your wallet said no.').first().waitFor();
  for (let left = 2; left > 0; left--) {
    await page.locator('.signs .go:enabled').first().click();
    await answer(page, 'Approve');
    await page.waitForFunction((n) => document.querySelectorAll('.signs li').length === n, left - 1);
  }
  await page.getByText('on chain, with its art').waitFor();
  await page.getByRole('button', { name: 'Draw' }).click();
  await page.locator('.signs .go:enabled').first().click();
  await answer(page, 'Approve');
  const minted = page.locator('.dropped a');
  await minted.waitFor();
  const asset = (await minted.getAttribute('href'))!.split('/').at(-1)!;
  await picture(page, 'studio-minted', true);

  // Management, to the last: it is another's in the end.
  const gallery = await page.getByRole('link', { name: 'in the gallery' }).getAttribute('href');
  const collection = gallery!.split('=').at(-1)!;
  const managing = new Managing(set.server.url, page, collection);
  await managing.pauses();
  await managing.setsTerms();
  await managing.handsOver(await set.browser.newContext({ viewport: { width: 390, height: 800 } }));
  await page.close();

  const indexed = async (version: number) => {
    const shown = await fetch(`${set.server.url}/api/gallery/${asset}`);
    return (
      shown.ok && ((await shown.json()) as HttpApi['GET /api/gallery/:asset']).symbiont.version === version
    );
  };
  await until('the index', () => indexed(0), 60_000, 300);

  // The world: it is chosen as companion, and what is done there makes it grow.
  const game = await context.newPage();
  game.on('pageerror', (error) => errors.push(String(error)));
  await game.goto(`${set.server.url}/?renderer=canvas`);
  await worldShown(game);
  await game.waitForFunction(() => window.__symbiont!.symbiont?.state === 'settled');
  await game.locator('#your-symbionts').click();
  await game.locator(`#companions [data-asset="${asset}"]`).click();
  await game.waitForFunction((one) => window.__symbiont!.symbiont?.asset === one, asset);
  await picture(game, 'studio-companion');
  await game.locator('#companions').getByRole('button', { name: 'Close' }).click();
  const walker = new Walker(game);
  await walker.forageUntilGrown(120_000);
  const card = (await read(game, 'symbiont'))!;
  expect(card).toMatchObject({ asset, stage: 1, version: 1, held: 'wallet' });
  expect(card.branch).toBeGreaterThan(0);
  expect(await read(game, 'pictureHash')).toBe(card.picture);
  await picture(game, 'studio-evolved');

  // The gallery draws it with the creator's model: the same pictures as on the chain.
  await until('the gallery', () => indexed(1), 60_000, 300);
  await game.goto(`${set.server.url}/gallery/${asset}`);
  await game.getByText('Deeds proven').waitFor();
  expect(await game.locator('.growth > li').count()).toBe(2);
  expect(await game.locator('.proof .no').count()).toBe(0);
  await picture(game, 'studio-gallery', true);
  expect(errors).toEqual([]);
  await context.close();
});

test('a phone shows every step without a sideways scroll', async () => {
  const context = await set.browser.newContext({ viewport: { width: 390, height: 800 }, hasTouch: true });
  const page = await openStudio(context, 'pictures');
  await page.setInputFiles('.drop input', sheet());
  await page.getByText('12 more are needed').waitFor();
  // A sheet is cut as it is seen to be, and otherwise when one says so.
  await page.getByText('is a sheet of 256 × 128').waitFor();
  await page.getByLabel('Width of a cell').fill('128');
  await page.getByRole('button', { name: 'Cut again' }).click();
  await page.getByText('16 more are needed').waitFor();
  await page.getByLabel('Width of a cell').fill('64');
  await page.getByRole('button', { name: 'Cut again' }).click();
  await page.getByText('12 more are needed').waitFor();
  let moved: string | null = null;
  for (const name of ['pictures', 'train', 'explore', 'growth', 'release']) {
    await step(page, name);
    await page.locator(`#way a[href="#${name}"][aria-current]`).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    if (name === 'growth') {
      await page.locator('.node[data-key="1.0"] .many', { hasText: '1,000' }).waitFor();
      await expectNothingOverlaps(page);
      await movesByFinger(page);
      moved = await placeOf(page, '0.0');
    }
    await picture(page, `studio-phone-${name}`);
  }
  // Another tab waits, so that nothing is trained or paid for twice.
  const second = await context.newPage();
  await second.goto(`${set.server.url}/studio`);
  await second.getByText('open in another tab').waitFor();
  await page.close();
  await second.getByText('8 sprites').waitFor();
  await step(second, 'growth');
  expect(await placeOf(second, '0.0')).toBe(moved);
  await resets(second);
  expect(errors).toEqual([]);
  await context.close();
});
