import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeHomes } from '#server/testing/homes.ts';
import { type SpawnedServer, spawnServer } from '#server/testing/server.ts';
import { launch } from './browser.ts';
import { creatures } from './studio-pictures.ts';

let browser: Browser;
let server: SpawnedServer;
const errors: string[] = [];

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), spawnServer()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.kill();
  removeHomes();
});

/** A picture for people to look at, where a folder for them is named. */
async function picture(page: Page, name: string, fullPage = true): Promise<void> {
  const folder = process.env.E2E_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}

async function openStudio(context: BrowserContext, step: string): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto(`${server.url}/studio#${step}`);
  await page.locator('#way a').first().waitFor();
  return page;
}

/** The draft's run, and the model that came of it, as this browser keeps them. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('symbiont-studio');
      opening.onsuccess = () => resolve(opening.result);
    });
    const get = (store: string, key: string) =>
      new Promise<unknown>((resolve) => {
        const asked = database.transaction(store).objectStore(store).get(key);
        asked.onsuccess = () => resolve(asked.result);
      });
    const draft = (await get('draft', 'draft')) as {
      size: number;
      run: { model: string; job: string | null };
    };
    const model = (await get('models', draft.run.model)) as Uint8Array;
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(model)));
    const hex = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return { size: draft.size, run: draft.run, hash: hex, bytes: model.length };
  });
const learnt = (page: Page) =>
  page.getByRole('heading', { name: 'It has learnt' }).waitFor({ timeout: 400_000 });
const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

test('the server trains what the page trains, to the same bytes, while the page is closed', {
  timeout: 900_000,
}, async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true });
  // Both runs begin with the same seed, and so must come to the same model.
  await context.addInitScript(() => {
    const random = crypto.getRandomValues.bind(crypto);
    crypto.getRandomValues = ((array: Uint8Array | Uint32Array) =>
      array instanceof Uint32Array && array.length === 1
        ? array.fill(77)
        : random(array as Uint8Array<ArrayBuffer>)) as typeof crypto.getRandomValues;
  });
  let page = await openStudio(context, 'pictures');
  await page.getByRole('radio', { name: /64 × 64/ }).check();
  await page.setInputFiles('.drop input', creatures());
  await page.getByText('24 sprites, reduced').waitFor();
  await page.getByText('I may use these pictures').click();
  expect(await sideways(page)).toBe(0);
  await picture(page, 'studio-size');

  // On this machine.
  await page.locator('#way a[href="#train"]').click();
  await page
    .getByText(/\d ms a step$/)
    .first()
    .waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'A first look' }).click();
  await learnt(page);
  const here = await kept(page);
  expect(here).toMatchObject({ size: 64, run: { job: null }, hash: here.run.model });

  // On the server, which wants to know for whom.
  await page.getByText('Train anew').click();
  await page.getByRole('radio', { name: /On the server/ }).check();
  await page.getByRole('button', { name: 'Developer wallet' }).click();
  await page.locator('dialog.developer-wallet').getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('button', { name: 'A first look' }).waitFor();
  await picture(page, 'studio-train-where');
  expect(await sideways(page)).toBe(0);
  await page.getByRole('button', { name: 'A first look' }).click();
  await page.getByRole('heading', { name: 'The server is learning them' }).waitFor();
  await page.waitForFunction(
    () => Number(/kept up to step\s*(\d+)/.exec(document.querySelector('.told')?.textContent ?? '')?.[1]) > 0,
  );
  await picture(page, 'studio-train-server');
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('heading', { name: 'Paused' }).waitFor();
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('heading', { name: 'The server is learning them' }).waitFor();
  await page.close();

  page = await openStudio(context, 'train');
  await learnt(page);
  const away = await kept(page);
  expect(away.run.job).not.toBeNull();
  expect(away.hash).toBe(here.hash);
  await page.locator('.strips canvas').nth(19).waitFor();
  await picture(page, 'studio-train-64');
  // What the page has, the server keeps no longer.
  await page.reload();
  await learnt(page);

  // Another size begins with other pictures.
  await page.locator('#way a[href="#pictures"]').click();
  await page.getByRole('radio', { name: /32 × 32/ }).check();
  await page.getByText('or choose files').waitFor();
  expect(await page.locator('.sprites li').count()).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});
