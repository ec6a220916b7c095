import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { Way } from '#client/game/way.ts';
import { HOME_OF, parseMap } from '#shared/world/index.ts';
import { read } from './browser.ts';

/** The world that the server runs. */
export const terrain = parseMap(
  JSON.parse(readFileSync(new URL('../../assets/maps/hollow.json', import.meta.url), 'utf8')),
);

/** Keys of the eight directions, 0 = east, clockwise. */
const KEYS = [
  ['KeyD'],
  ['KeyD', 'KeyS'],
  ['KeyS'],
  ['KeyS', 'KeyA'],
  ['KeyA'],
  ['KeyA', 'KeyW'],
  ['KeyW'],
  ['KeyW', 'KeyD'],
];

/** Plays the page by its keyboard, as a person would who knows the map. */
export class Walker {
  private held: string[] = [];
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Walks until within `near` steps of a tile. @throws Error when that takes longer than `ms` */
  async goTo(tileX: number, tileY: number, near = 0, ms = 60_000): Promise<void> {
    const way = new Way(terrain, tileX, tileY);
    const end = performance.now() + ms;
    for (;;) {
      const { x, y } = await read(this.page, 'position');
      const [px, py] = [Math.round(x), Math.round(y)];
      if (way.left(px, py) <= near) break;
      if (performance.now() > end)
        throw new Error(`walk to ${tileX},${tileY}: still at ${px >> 8},${py >> 8} after ${ms} ms`);
      await this.hold(way.direction(px, py));
      await this.page.waitForTimeout(40);
    }
    await this.hold(-1);
  }

  /** Walks to the nearest place that holds something, and gathers until it is empty or the pack is full. */
  async forage(): Promise<void> {
    const { x, y } = await read(this.page, 'position');
    const goods = await read(this.page, 'goods');
    const tile = (y >> 8) * terrain.width + (x >> 8);
    const nodes = await read(this.page, 'nodes');
    const best = nodes
      .map((node, n) => ({ ...node, n, steps: terrain.nodeSteps[tile * terrain.nodeCount + n] }))
      .filter((n) => n.amount > 0 && (n.kind === 0 ? goods.fruit : goods.crystal) < 12)
      .sort((a, b) => a.steps - b.steps)[0];
    if (!best) return this.home();
    await this.goTo(best.x >> 8, best.y >> 8, 1);
    const before = (await read(this.page, 'deeds'))[0];
    await this.page.keyboard.press('KeyE');
    for (let n = 0; n < 60; n++) {
      await this.page.waitForTimeout(100);
      const now = (await read(this.page, 'deeds'))[0];
      if (now - before >= best.amount || (await read(this.page, 'status')) !== 1) break;
    }
  }

  /** Forages until the symbiont has grown; an epoch has to end before its deeds can grow anything. */
  async forageUntilGrown(ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (performance.now() < end) {
      const card = (await read(this.page, 'symbiont'))!;
      if (card.stage > 0 && card.state === 'settled') return;
      if (card.state === 'evolving') await this.page.waitForTimeout(200);
      else await this.forage();
    }
  }

  async home(): Promise<void> {
    const camp = terrain.camps[HOME_OF[0]];
    await this.goTo(camp.x >> 8, camp.y >> 8, 2);
  }

  /** Holds the keys of a direction; -1 lets go. */
  async hold(direction: number): Promise<void> {
    const wanted = direction < 0 ? [] : KEYS[direction];
    for (const key of this.held) if (!wanted.includes(key)) await this.page.keyboard.up(key);
    for (const key of wanted) if (!this.held.includes(key)) await this.page.keyboard.down(key);
    this.held = [...wanted];
  }
}
