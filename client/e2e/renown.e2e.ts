import { expect, test } from 'vitest';
import { errorsOf, picture } from './browser.ts';
import { workshop } from './stage.ts';

const set = workshop();

test('who robs again and again is an outlaw: told, marked and named in red, until a quiet while has passed', async () => {
  const page = await set.browser.newPage({ viewport: { width: 1100, height: 700 } });
  const errors = errorsOf(page);
  await page.goto(`${set.urlOf('e2e/renown.html')}?renderer=canvas`);
  await page.waitForFunction(() => window.__renown, null, { timeout: 60_000 });
  const badge = page.locator('.me .renown');
  await page.evaluate(() => window.__renown!.look('robber'));
  await page.locator('.me h2', { hasText: 'Robber' }).waitFor();
  expect(await badge.isVisible()).toBe(false);
  expect(await page.evaluate(() => window.__renown!.red())).toBe(0);

  await page.evaluate(() => window.__renown!.rob());
  expect((await page.evaluate(() => window.__renown!.state())).loot).toBeGreaterThan(8);
  await page.locator('.me .renown.outlaw', { hasText: 'Outlaw' }).waitFor();
  await page.locator('.notes').getByText('You are an outlaw now').waitFor();
  expect(await badge.getAttribute('title')).toContain('guards look for you');
  await page.waitForFunction(() => window.__renown!.red() > 20);
  await picture(page, 'renown-outlaw');

  // Another player sees the red name, and has no badge.
  await page.evaluate(() => window.__renown!.look('witness'));
  await page.locator('.me h2', { hasText: 'Witness' }).waitFor();
  await page.waitForFunction(() => window.__renown!.red() > 20);
  expect(await badge.isVisible()).toBe(false);
  await picture(page, 'renown-witness');

  await page.evaluate(() => window.__renown!.look('robber'));
  await badge.waitFor();
  await page.evaluate(() => window.__renown!.keepQuiet());
  await page.locator('.notes').getByText('The guards no longer look for you.').waitFor();
  await badge.waitFor({ state: 'hidden' });
  await page.waitForFunction(() => window.__renown!.red() === 0);
  expect(errors).toEqual([]);
});
