import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** The rule's graph in the studio, as hands move it. */

const node = (page: Page, key: string) => page.locator(`.graph .node[data-key="${key}"]`);
export const placeOf = (page: Page, key: string): Promise<string | null> =>
  node(page, key).getAttribute('transform');

/** Where a place is on the page, in CSS pixels. */
async function middle(page: Page, key: string): Promise<{ x: number; y: number }> {
  await node(page, key).scrollIntoViewIfNeeded();
  const box = (await node(page, key).locator('> circle').boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Circles and names of the places stand clear of one another, within the drawing. */
export async function expectNothingOverlaps(page: Page): Promise<void> {
  const overlaps = await page.evaluate(() => {
    const frame = document.querySelector('.graph')!.getBoundingClientRect();
    const boxes = [...document.querySelectorAll('.graph .node')].flatMap((one) =>
      ['circle', '.name', '.many'].map((part) => ({
        key: one.getAttribute('data-key'),
        box: one.querySelector(`:scope > ${part}`)!.getBoundingClientRect(),
      })),
    );
    const out = boxes.filter(
      ({ box }) =>
        box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom,
    );
    const upon = boxes.filter(({ key, box }) =>
      boxes.some(
        (other) =>
          other.key !== key &&
          box.left < other.box.right &&
          other.box.left < box.right &&
          box.top < other.box.bottom &&
          other.box.top < box.bottom,
      ),
    );
    return [...out, ...upon].map(({ key }) => key);
  });
  expect(overlaps).toEqual([]);
}

/** A mouse drags the first place: its line follows, what one edits stays; Escape, arrows and the button. */
export async function movesByMouse(page: Page): Promise<void> {
  const first = await placeOf(page, '0.0');
  const line = page.locator('.graph [data-edge="1.0"]').first();
  const drawn = await line.getAttribute('d');
  const edited = await page.locator('.editor h2').textContent();
  const from = await middle(page, '1.0');
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x - 30, from.y - 120, { steps: 4 });
  await page.locator('.graph .lifted').waitFor();
  expect(await line.getAttribute('d')).not.toBe(drawn);
  await page.keyboard.press('Escape');
  expect(await line.getAttribute('d')).toBe(drawn);
  await page.mouse.up();
  expect(await page.getByRole('button', { name: 'Reset layout' }).isDisabled()).toBe(true);

  const seed = await middle(page, '0.0');
  await page.mouse.move(seed.x, seed.y);
  await page.mouse.down();
  await page.mouse.move(seed.x + 20, seed.y - 110, { steps: 4 });
  await page.mouse.up();
  const moved = await placeOf(page, '0.0');
  expect(moved).not.toBe(first);
  expect(await line.getAttribute('d')).toContain(`M${moved!.slice(10, -1)}`.replaceAll('.0', ''));
  expect(await page.locator('.editor h2').textContent()).toBe(edited);
  await node(page, '0.0').focus();
  for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowDown');
  expect(await page.evaluate(() => (document.activeElement as SVGElement).dataset.key)).toBe('0.0');
  expect(await placeOf(page, '0.0')).not.toBe(moved);
  await expectNothingOverlaps(page);
}

export async function resets(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Reset layout' }).click();
  expect(await page.getByRole('button', { name: 'Reset layout' }).isDisabled()).toBe(true);
}

/** A finger that swipes over a place moves nothing; one that holds it first does, onto another place as near as can be. */
export async function movesByFinger(page: Page): Promise<void> {
  const before = await placeOf(page, '0.0');
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0, y = 0) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
  const swipe = async (holdMs: number, dx: number, dy: number) => {
    const { x, y } = await middle(page, '0.0');
    await touch('touchStart', x, y);
    await page.waitForTimeout(holdMs);
    for (let n = 1; n <= 6; n++) await touch('touchMove', x + (dx * n) / 6, y + (dy * n) / 6);
    await touch('touchEnd');
  };
  await swipe(0, 0, -150);
  expect(await placeOf(page, '0.0')).toBe(before);
  const scrolled = await page.evaluate(() => scrollY);
  await swipe(500, -90, 130);
  expect(await placeOf(page, '0.0')).not.toBe(before);
  // The finger held the place, not the page, once that was where it could be seen.
  expect(Math.abs((await page.evaluate(() => scrollY)) - scrolled)).toBeLessThan(400);
  await expectNothingOverlaps(page);
}
