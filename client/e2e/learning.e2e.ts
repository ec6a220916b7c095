import { expect, test } from 'vitest';
import type { LearningCard } from '#shared/protocol/http.ts';
import { picture } from './browser.ts';
import { stage } from './stage.ts';

const set = stage();

test('a player is told that inhabitants learn from them, sees what is kept, and stops it', async () => {
  const { page, errors } = await set.open();
  await page.locator('.notes', { hasText: 'learn from how you play' }).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'You: name, look and wallet' }).click();
  await page.getByRole('button', { name: 'What they learn' }).click();
  const dialog = page.locator('#learning[open]');
  await dialog.getByText('Nothing is kept of you now').waitFor();
  await dialog.getByText('They are as they came here.').waitFor();
  const allowed = dialog.getByRole('checkbox', { name: 'They may learn from me' });
  expect(await allowed.isChecked()).toBe(true);
  await picture(page, 'learning');
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
