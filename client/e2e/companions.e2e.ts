import { expect, test } from 'vitest';
import { Creator, draftOf, ownModel } from '#server/testing/creator.ts';
import { until } from '#server/testing/player.ts';
import { drawSprite, loadArtModel, pictureHash } from '#shared/art/index.ts';
import { picture, read } from './browser.ts';
import { stage } from './stage.ts';

const set = stage();

test('what a creator dropped is among one’s symbionts, is drawn by its own model, and walks along when chosen', async () => {
  const { page, errors } = await set.open();
  await page.waitForFunction(() => window.__symbiont!.symbiont?.state === 'settled', null, {
    timeout: 60_000,
  });
  const first = (await read(page, 'symbiont'))?.asset;
  const address = await read(page, 'address');

  const creator = await Creator.enter(set.server.url);
  const file = ownModel(9);
  const model = await creator.bring(file);
  const { collection } = await creator.make(draftOf(model));
  const [asset] = await creator.drop(collection.address, { to: address });
  const indexed = async () => (await fetch(`${set.server.url}/api/gallery/${asset}`)).ok;
  await until('the index', indexed, 60_000, 500);

  const card = page.locator('#symbiont-card');
  await card.waitFor();
  if (await card.evaluate((element) => element.classList.contains('closed')))
    await page.locator('#symbiont-card .top').click();
  await page.locator('#your-symbionts').click();
  const tiles = page.locator('#companions .own button');
  await expect.poll(() => tiles.count()).toBe(2);
  await picture(page, 'your-symbionts');
  const tile = page.locator(`#companions [data-asset="${asset}"]`);
  expect(await tile.textContent()).toContain('Lanterns');
  await tile.click();
  await page.waitForFunction((wanted) => window.__symbiont!.symbiont?.asset === wanted, asset);
  await expect.poll(() => tile.getAttribute('aria-pressed')).toBe('true');
  await picture(page, 'chosen');

  const shown = await read(page, 'symbiont');
  expect(shown).toMatchObject({ model, collection: collection.address, stage: 0 });
  const genome = Uint8Array.from(Buffer.from(shown?.genome ?? '', 'hex'));
  const drawn = pictureHash(drawSprite(loadArtModel(file), { genome, stage: 0, branch: 0 }));
  await page.waitForFunction((wanted) => window.__symbiont!.pictureHash === wanted, drawn);
  expect(shown?.picture).toBe(drawn);

  // And back again.
  await page.locator(`#companions [data-asset="${first}"]`).click();
  await page.waitForFunction((wanted) => window.__symbiont!.symbiont?.asset === wanted, first);
  await page.locator('#companions .go').click();
  await page.goto(`${set.server.url}/gallery/${asset}`);
  await page.locator('.proof .yes').first().waitFor();
  await picture(page, 'gallery');
  expect(errors).toEqual([]);
}, 180_000);
