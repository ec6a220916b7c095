import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeHomes } from '#server/testing/homes.ts';
import { type SpawnedServer, spawnServer } from '#server/testing/server.ts';
import type { LearningCard } from '#shared/protocol/http.ts';
import { launch, openGame } from './browser.ts';

let browser: Browser;
let server: SpawnedServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), spawnServer()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.kill();
  removeHomes();
});

test('a player is told that inhabitants learn from them, sees what is kept, and stops it', async () => {
  const { page, errors } = await openGame(browser, server.url);
  await page.locator('.notes', { hasText: 'learn from how you play' }).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'You: name, look and wallet' }).click();
  await page.getByRole('button', { name: 'What they learn' }).click();
  const dialog = page.locator('#learning[open]');
  await dialog.getByText('Nothing is kept of you now').waitFor();
  await dialog.getByText('They are as they came here.').waitFor();
  const allowed = dialog.getByRole('checkbox', { name: 'They may learn from me' });
  expect(await allowed.isChecked()).toBe(true);
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/learning.png` });
  const answered = page.waitForResponse((r) => r.request().method() === 'PUT');
  await allowed.uncheck();
  expect(((await (await answered).json()) as LearningCard).allowed).toBe(false);
  await dialog.getByRole('button', { name: 'Delete all of it' }).click();
  await dialog.getByText('It is gone').waitFor();
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save as a file' }).click();
  expect((await download).suggestedFilename()).toBe('learning.json');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.reload();
  await page.waitForFunction(() => window.__symbiont?.ready);
  await page.getByRole('button', { name: 'You: name, look and wallet' }).click();
  await page.getByRole('button', { name: 'What they learn' }).click();
  await dialog.getByText('Nothing is kept of you now').waitFor();
  expect(await allowed.isChecked()).toBe(false);
  expect(errors).toEqual([]);
});
