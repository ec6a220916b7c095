import { expect, test } from 'vitest';
import { until } from '#server/testing/player.ts';
import { ALIVE, FORAGER } from '#shared/world/index.ts';
import { read } from './browser.ts';
import { stage } from './stage.ts';
import { terrain, Walker } from './walker.ts';

const set = stage();

test('a forager greeted and then threatened answers twice, and not alike', async () => {
  await until('the encoder is loaded', async () => {
    const answer = await fetch(`${set.server.url}/api/status`);
    return ((await answer.json()) as { dialogue: string }).dialogue === 'encoder';
  });
  const { page, errors } = await set.open();
  const walker = new Walker(page);
  const lines = page.locator('.chat li:not(.said-by-me)');

  /** Clicks the nearest forager and speaks; foragers walk on, so one tries again until one answers. */
  const say = async (text: string): Promise<string> => {
    const before = await lines.count();
    for (let attempt = 0; attempt < 12; attempt++) {
      const at = await read(page, 'position');
      const near = (await read(page, 'others'))
        .filter((o) => o.role === FORAGER && o.status === ALIVE)
        .sort((a, b) => Math.hypot(a.x - at.x, a.y - at.y) - Math.hypot(b.x - at.x, b.y - at.y))[0];
      const goal = near ?? terrain.camps[1];
      await walker.goTo(goal.x >> 8, goal.y >> 8, near ? 4 : 6);
      const spot = await page.evaluate((slot) => {
        const o = window.__symbiont!.others.find((other) => other.slot === slot);
        return o ? window.__symbiont!.toPage(o.x, o.y - 100) : null;
      }, near?.slot);
      if (!spot) continue;
      await page.mouse.click(spot.x, spot.y);
      const input = page.getByRole('textbox', { name: 'Say to them' });
      const reached = input.waitFor({ timeout: 4000 });
      if (
        await reached.then(
          () => false,
          () => true,
        )
      )
        continue;
      await input.fill(text);
      await input.press('Enter');
      const answered = lines.nth(before).waitFor({ timeout: 4000 });
      if (
        await answered.then(
          () => true,
          () => false,
        )
      )
        return (await lines.nth(before).textContent()) ?? '';
      // One sentence in two seconds.
      await page.waitForTimeout(1000);
    }
    throw new Error(`nobody answered to ${JSON.stringify(text)}`);
  };

  const greeted = await say('Hello, nice to meet you!');
  await page.waitForTimeout(2500);
  const threatened = await say('Give me everything you have or I will kill you!');
  expect(greeted.length).toBeGreaterThan(5);
  expect(threatened.length).toBeGreaterThan(5);
  expect(threatened).not.toBe(greeted);
  expect(await page.locator('.chat li.said-by-me').allTextContents()).toHaveLength(2);
  expect(errors).toEqual([]);
});
