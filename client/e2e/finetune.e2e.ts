import { expect, test } from 'vitest';
import { errorsOf } from './browser.ts';
import { workshop } from './stage.ts';

const set = workshop();

test('Chromium goes on training the world’s art model on fifty pictures, in a worker', async () => {
  const page = await set.browser.newPage();
  const errors = errorsOf(page);
  await page.goto(set.urlOf('e2e/finetune.html'));
  await page.waitForFunction(() => window.__tuned, null, { timeout: 150_000 });
  const { losses, medianMs, planned, sprites, tensors, filled } = (await page.evaluate(
    () => window.__tuned,
  ))!;
  const mean = (part: number[]) => part.reduce((a, b) => a + b, 0) / part.length;
  expect(sprites).toBe(50);
  expect(mean(losses.slice(-8))).toBeLessThan(mean(losses.slice(0, 8)));
  expect(tensors[1]).toBe(tensors[0]);
  expect(filled).toBeGreaterThan(60);
  expect(errors).toEqual([]);
  console.log(
    `a step takes ${medianMs.toFixed(0)} ms, ${planned} steps ${((medianMs * planned) / 1000).toFixed(0)} s`,
  );
});
