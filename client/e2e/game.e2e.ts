import { readFileSync } from 'node:fs';
import { hexToBytes } from '@noble/hashes/utils';
import { expect, test } from 'vitest';
import { TestPlayer, until } from '#server/testing/player.ts';
import { loadArtModel } from '#shared/art/model.ts';
import { pictureHash, toRgba } from '#shared/art/picture.ts';
import { drawSprite } from '#shared/art/sprite.ts';
import { DEEDS, FORAGER, RAIDER, WALK_FIRST } from '#shared/world/index.ts';
import { read, worldShown } from './browser.ts';
import { onChain } from './chain.ts';
import { stage } from './stage.ts';
import { terrain, Walker } from './walker.ts';

const model = loadArtModel(readFileSync(new URL('../../assets/art/companion.safetensors', import.meta.url)));
// Its first step comes within a minute of play.
const set = stage({ firstStep: 14 });

test('a first visit shows how to play, and the first key walks', async () => {
  const { page, errors } = await set.open(true);
  await page.locator('#help[open]').waitFor();
  await page.getByRole('button', { name: 'Into the Hollow' }).click();
  expect(await page.locator('#help[open]').count()).toBe(0);
  const walker = new Walker(page);
  const before = await read(page, 'position');
  const tile = (before.y >> 8) * terrain.width + (before.x >> 8);
  await walker.hold(
    [0, 2, 4, 6].sort((a, b) => terrain.ahead[tile * 8 + b] - terrain.ahead[tile * 8 + a])[0],
  );
  await page.waitForFunction(
    (p) => Math.hypot(window.__symbiont!.position.x - p.x, window.__symbiont!.position.y - p.y) > 200,
    before,
  );
  await walker.hold(-1);
  await page.reload();
  await worldShown(page);
  expect(await page.locator('#help[open]').count()).toBe(0);
  expect(errors).toEqual([]);
});

test('what the page predicts is where the server says one is', async () => {
  const { page } = await set.open();
  const walker = new Walker(page);
  await walker.goTo(terrain.camps[0].x >> 8, (terrain.camps[0].y >> 8) - 6);
  const watcher = await TestPlayer.join(set.server.url);
  const slot = await read(page, 'slot');
  await page.waitForTimeout(600);
  const shown = await read(page, 'position');
  const told = () => watcher.view?.agents.find((a) => a.slot === slot);
  await until('the watcher sees the page’s player', () => told() !== undefined);
  expect(Math.abs(told()!.x - shown.x)).toBeLessThan(3);
  expect(Math.abs(told()!.y - shown.y)).toBeLessThan(3);
  await watcher.leave();
});

test('another player is seen to come, to walk, to speak and to go', async () => {
  const { page } = await set.open();
  const other = await TestPlayer.join(set.server.url);
  const slot = other.welcome!.slot;
  await page.waitForFunction((s) => window.__symbiont!.others.some((o) => o.slot === s), slot);
  const place = () => page.evaluate((s) => window.__symbiont!.others.find((o) => o.slot === s) ?? null, slot);
  const before = await place();
  const tile = (before!.y >> 8) * terrain.width + (before!.x >> 8);
  const [east, west] = [0, 4].map((d) => terrain.ahead[tile * 8 + d]);
  other.act(WALK_FIRST + (east > west ? 0 : 4));
  await page.waitForFunction(
    ([s, x]) => Math.abs((window.__symbiont!.others.find((o) => o.slot === s)?.x ?? x) - x) > 150,
    [slot, before!.x] as const,
  );
  other.act(0);
  other.send('chat', { text: 'hello <b>there</b>' });
  await page.locator('.chat li', { hasText: 'hello <b>there</b>' }).waitFor();
  expect(await read(page, 'names')).toContain(other.welcome!.name);
  await other.leave();
  await page.waitForFunction((n) => !window.__symbiont!.names.includes(n), other.welcome!.name);
});

test('what was gathered is sold at the market, for coins that stay', async () => {
  const { page, errors } = await set.open();
  const walker = new Walker(page);
  const [stall] = terrain.stalls;
  await walker.goTo(stall.x >> 8, stall.y >> 8);
  const market = page.getByRole('region', { name: 'Market' });
  await market.waitFor();
  expect(await market.getByRole('button', { name: 'Sell a fruit' }).isDisabled()).toBe(true);
  for (let n = 0; n < 5 && (await read(page, 'goods')).fruit === 0; n++) await walker.forage();
  await walker.goTo(stall.x >> 8, stall.y >> 8);
  const { fruit } = await read(page, 'goods');
  await market.getByRole('button', { name: 'Sell a fruit' }).click();
  await page.waitForFunction(() => window.__symbiont!.goods.coins > 0);
  const { coins } = await read(page, 'goods');
  expect((await read(page, 'goods')).fruit).toBe(fruit - 1);
  await page.reload();
  await worldShown(page);
  expect((await read(page, 'goods')).coins).toBe(coins);
  expect(errors).toEqual([]);
});

test('a click walks there, and the right button strikes an inhabitant', async () => {
  const { page } = await set.open();
  const walker = new Walker(page);
  const { x, y } = await read(page, 'position');
  // A click where somebody or something stands means them, not the ground: the freest tile around.
  const things = [...(await read(page, 'others')), ...(await read(page, 'nodes'))];
  const room = ([tx, ty]: number[]) =>
    Math.min(...things.map((t) => Math.hypot(t.x - (tx << 8) - 128, t.y - (ty << 8) - 128)));
  const [near] = [-3, -2, 2, 3]
    .flatMap((dx) => [-1, 0, 1].map((dy) => [(x >> 8) + dx, (y >> 8) + dy]))
    .filter(([tx, ty]) => !terrain.blocked[ty * terrain.width + tx])
    .sort((a, b) => room(b) - room(a));
  const goal = { x: (near[0] << 8) + 128, y: (near[1] << 8) + 128 };
  const at = await page.evaluate((g) => window.__symbiont!.toPage(g.x, g.y), goal);
  await page.mouse.click(at.x, at.y);
  await page.waitForFunction(
    (g) => Math.hypot(window.__symbiont!.position.x - g.x, window.__symbiont!.position.y - g.y) < 64,
    goal,
  );

  for (
    let attempt = 0;
    attempt < 40 && (await read(page, 'deeds'))[DEEDS.indexOf('struck')] === 0;
    attempt++
  ) {
    const here = await read(page, 'position');
    const prey = (await read(page, 'others'))
      // Traders live in the village, where nobody can be struck.
      .filter((o) => (o.role === FORAGER || o.role === RAIDER) && o.status === 1)
      .map((o) => ({ ...o, far: Math.hypot(o.x - here.x, o.y - here.y) }))
      .sort((a, b) => a.far - b.far)[0];
    if (!prey) {
      await walker.goTo(terrain.camps[1].x >> 8, terrain.camps[1].y >> 8, 7);
      continue;
    }
    if (prey.far > 5 * 256) {
      // Whoever is hunted moves: a while of the way there, then another look.
      await walker.goTo(prey.x >> 8, prey.y >> 8, 4, 1500).catch(() => walker.hold(-1));
      continue;
    }
    const spot = await page.evaluate((s) => {
      const o = window.__symbiont!.others.find((a) => a.slot === s);
      return o ? window.__symbiont!.toPage(o.x, o.y - 100) : null;
    }, prey.slot);
    if (spot) await page.mouse.click(spot.x, spot.y, { button: 'right' });
    await page.waitForTimeout(1200);
  }
  expect((await read(page, 'deeds'))[DEEDS.indexOf('struck')]).toBeGreaterThan(0);
  expect(await read(page, 'stamina')).toBeLessThan(100);
});

test('play makes the symbiont evolve, and screen, metadata, chain and a fresh drawing agree', async () => {
  const { page, errors } = await set.open();
  const walker = new Walker(page);
  await page.waitForFunction(
    () => window.__symbiont!.symbiont?.asset && window.__symbiont!.symbiont.state === 'settled',
  );
  const seed = (await read(page, 'symbiont'))!;
  expect(seed.stage).toBe(0);
  await walker.forageUntilGrown(160_000);
  const card = (await read(page, 'symbiont'))!;
  expect(card.stage).toBe(1);
  expect(card.version).toBe(seed.version + 1);
  expect(card.genome).toBe(seed.genome);
  expect(card.picture).not.toBe(seed.picture);

  // The chain, as any wallet reads it.
  const { asset, attributes } = await onChain(set.server.url, card.asset!);
  expect(attributes).toMatchObject({
    stage: '1',
    branch: String(card.branch),
    genome: card.genome,
    picture: card.picture,
  });
  expect(attributes.deeds.trimEnd()).toBe(card.deeds.join(','));
  expect(asset.uri).toBe(card.metadataUri);

  // The metadata under its content's hash, and the picture it names.
  const metadata = (await (await fetch(set.server.url + new URL(asset.uri).pathname)).json()) as {
    image: string;
  };
  const png = new Uint8Array(
    await (await fetch(set.server.url + new URL(metadata.image).pathname)).arrayBuffer(),
  );
  expect([...png.subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
  expect(metadata.image).toContain(card.picture);

  // A fresh drawing from nothing but what the chain says, and the pixels on the screen.
  const sprite = drawSprite(model, { genome: hexToBytes(attributes.genome), stage: 1, branch: card.branch });
  expect(pictureHash(sprite)).toBe(attributes.picture);
  expect(await read(page, 'pictureHash')).toBe(attributes.picture);
  const screen = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('#symbiont-picture canvas')!;
    return [...canvas.getContext('2d')!.getImageData(0, 0, 32, 32).data];
  });
  const drawn = [...toRgba(sprite)];
  for (let i = 0; i < drawn.length; i += 4) if (drawn[i + 3] === 0) drawn.fill(0, i, i + 3);
  expect(screen).toEqual(drawn);
  expect(await page.locator('#symbiont-card').textContent()).toContain('Sprout');
  expect(errors).toEqual([]);
});

test('the same player in a second tab: the first one waits until it is asked back', async () => {
  const { page } = await set.open();
  const second = await page.context().newPage();
  await second.goto(`${set.server.url}/?renderer=canvas`);
  await worldShown(second);
  await page.getByText('You are here twice').waitFor();
  expect(await read(page, 'ready')).toBe(false);
  await page.getByRole('button', { name: 'Go on here' }).click();
  await page.waitForFunction(() => window.__symbiont!.ready);
  await second.getByText('You are here twice').waitFor();
});

test('after kill -9 and a restart the page comes back by itself, as who it was', async () => {
  const { page } = await set.open();
  await page.waitForFunction(() => window.__symbiont!.symbiont?.asset);
  const name = (await page.locator('.me h2').textContent())!;
  const asset = (await read(page, 'symbiont'))!.asset;
  await set.server.kill();
  await page.locator('#link:not([hidden])').waitFor();
  await set.startAgain();
  await page.waitForFunction(() => window.__symbiont!.ready);
  expect(await page.locator('#link:not([hidden])').count()).toBe(0);
  await page.waitForFunction(() => window.__symbiont!.symbiont?.asset);
  expect((await read(page, 'symbiont'))!.asset).toBe(asset);
  expect(await page.locator('.me h2').textContent()).toBe(name);
  expect(name.length).toBeGreaterThan(1);
  const from = await read(page, 'position');
  const tile = (from.y >> 8) * terrain.width + (from.x >> 8);
  const key = terrain.ahead[tile * 8] > terrain.ahead[tile * 8 + 4] ? 'KeyD' : 'KeyA';
  await page.keyboard.down(key);
  await page.waitForFunction((x) => Math.abs(window.__symbiont!.position.x - x) > 64, from.x);
  await page.keyboard.up(key);
});
