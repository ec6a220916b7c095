import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { until } from '#server/testing/player.ts';
import type { HttpApi } from '#shared/protocol/index.ts';
import { answer, errorsOf, picture, read } from './browser.ts';
import { stage } from './stage.ts';
import { terrain, Walker } from './walker.ts';

// Its first step comes with the first tiles that are walked.
const set = stage({ firstStep: 1 });

/** A new player's symbiont goes to the developer wallet of the page, and may grow there. */
async function intoWallet(page: Page): Promise<void> {
  await page.waitForFunction(() => window.__symbiont!.symbiont?.state === 'settled');
  const name = (await read(page, 'symbiont'))!.name;
  await page.locator('#symbiont-card .wallet:not(.others)').click();
  await page.getByRole('button', { name: 'Developer wallet' }).click();
  await answer(page, 'Approve');
  await page.getByRole('button', { name: `Let ${name} grow` }).click();
  await answer(page, 'Approve');
  await page.waitForFunction(() => window.__symbiont!.symbiont?.consent === true);
  await page.locator('#wallet').getByRole('button', { name: 'Close' }).click();
}

test('a wallet’s owner and a guest have a child: asked, agreed, signed, hatched, and shown with its family', async () => {
  const opened = await Promise.all([set.open(), set.open()]);
  const [ada, ben] = opened.map(({ page }) => page);
  const pages = [ada, ben];
  await intoWallet(ada);
  const walkers = pages.map((page) => new Walker(page));
  const camp = terrain.camps[0];
  // up and down the village until both have sprouted: an epoch has to end before its deeds can grow anything
  const grown = async () =>
    (await Promise.all(pages.map((page) => read(page, 'symbiont')))).map((card) => card?.stage ?? 0);
  for (let turn = 0; turn < 60 && (await grown()).some((stage) => stage < 1); turn++)
    await Promise.all(
      walkers.map((walker) => walker.goTo((camp.x >> 8) + (turn % 2 ? 4 : -4), camp.y >> 8, 2)),
    );
  expect(await grown()).toEqual([1, 1]);
  const [names, parents] = await Promise.all([
    Promise.all(pages.map((page) => page.locator('.me h2').textContent())),
    Promise.all(pages.map((page) => read(page, 'symbiont'))),
  ]);
  const ask = ada.getByRole('button', { name: `Ask ${names[1]} for a child` });
  // Who lets go of a key late on a busy machine walks past: once more, until both stand together.
  for (let turn = 0; turn < 8 && !(await ask.isVisible()); turn++)
    await Promise.all(walkers.map((walker, i) => walker.goTo((camp.x >> 8) + i, camp.y >> 8, 1)));
  await ask.click();
  await picture(ada, 'breeding-ask');
  await ada.getByRole('button', { name: 'Not now' }).click();
  await ask.click();
  await ada.getByRole('button', { name: `It goes with ${names[1]}` }).click();
  const question = ben.locator('#asked[open]');
  await question.waitFor();
  expect(await question.textContent()).toContain(`${names[0]} asks for a child`);
  expect(await question.textContent()).toContain('It would be yours.');
  await picture(ben, 'breeding-asked');
  await question.getByRole('button', { name: 'I would rather not' }).click();
  await ada.getByText(`${names[1]} would rather not have a child now.`).waitFor();

  await ask.click();
  await ada.getByRole('button', { name: `It goes with ${names[1]}` }).click();
  await question.getByRole('button', { name: 'Yes, gladly' }).click();
  await Promise.all(pages.map((page) => page.locator('.courtship .brood').waitFor()));
  // The guest's word is the server's to give; the wallet's is its owner's alone, who may say no and think again.
  const sign = ada.getByRole('button', { name: 'Sign with your wallet' });
  await sign.click();
  await ada.locator('dialog.developer-wallet[open]').waitFor();
  await picture(ada, 'breeding-sign');
  await answer(ada, 'Reject');
  await ada.locator('.brood .sign').getByText('Your wallet said no.').waitFor();
  await picture(ada, 'breeding-progress');
  expect(await ben.locator('.brood .sign').count()).toBe(0);
  await sign.click();
  await answer(ada, 'Approve');
  // a page that is loaded again goes on where it was
  await ben.reload();
  await Promise.all(pages.map((page) => page.locator('.brood.hatched').waitFor({ timeout: 60_000 })));
  // Side by side, not one upon the other.
  await walkers[0].hold(4);
  await ada.waitForTimeout(450);
  await walkers[0].hold(-1);
  await picture(ada, 'breeding-hatched');
  expect(await ben.locator('.brood.hatched').textContent()).toContain('Your child of');
  expect(await ada.locator('.brood.hatched').textContent()).toContain(`${names[1]}’s child of`);
  const href = await ada.locator('.brood.hatched a').getAttribute('href');
  const asset = href?.split('/').pop() as string;

  const shown = async () => {
    const answer = await fetch(`${set.server.url}/api/gallery/${asset}`);
    return answer.ok ? ((await answer.json()) as HttpApi['GET /api/gallery/:asset']) : null;
  };
  await until('finality', async () => (await shown()) !== null, 60_000, 500);
  const child = (await shown())!;
  expect(child.symbiont).toMatchObject({
    owner: await read(ben, 'address'),
    parents: parents.map((card) => card?.asset),
    generation: 1,
    stage: 0,
  });
  expect(child.ancestors.map(({ address }) => address)).toEqual(parents.map((card) => card?.asset));

  // both rest now
  await ada.getByRole('button', { name: 'Lovely' }).click();
  await ask.click();
  await ada.getByRole('button', { name: 'It stays with me' }).click();
  await ada.getByText(/rests for \d+ hours more/).waitFor();

  const page = await set.browser.newPage({ viewport: { width: 390, height: 844 } });
  const errors = errorsOf(page);
  await page.goto(`${set.server.url}${href}`);
  const family = page.locator('#family');
  await family.waitFor();
  expect(await family.locator('.pair .leaf b').allTextContents()).toEqual(parents.map((card) => card?.name));
  expect(await family.locator('.self b').textContent()).toBe(child.symbiont.name);
  expect(await page.locator('.proof .no').count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  await family.scrollIntoViewIfNeeded();
  await picture(page, 'breeding-family-phone');
  await family.locator('.pair a.leaf').first().click();
  await page.locator('#family .brood .leaf').waitFor();
  expect(await page.locator('#family .brood b').textContent()).toBe(child.symbiont.name);
  await page.setViewportSize({ width: 1100, height: 800 });
  await page.goto(`${set.server.url}${href}`);
  await family.waitFor();
  await family.scrollIntoViewIfNeeded();
  await picture(page, 'breeding-family');
  expect([...errors, ...opened.flatMap((one) => one.errors)]).toEqual([]);
}, 240_000);
