import Phaser from 'phaser';
import { DEPTH, TILE_PX } from './depth.ts';
import type { MapPictures } from './map.ts';
import { shading } from './shade.ts';

const CHUNK = 12;
/** How bright a lamp is in the deepest night. */
const LAMP = 0.8;
/** Trees and stones are shifted and scaled a little, each always alike; what was built stands straight. */
const WILD = new Set([
  'oak',
  'oak-round',
  'birch',
  'pine',
  'pine-tall',
  'bush',
  'rock',
  'rock-small',
  'cactus',
  'stump',
]);
const TALL = new Set([
  'oak',
  'oak-round',
  'birch',
  'pine',
  'pine-tall',
  'hut',
  'tent',
  'house-red',
  'house-blue',
  'house-straw',
]);

type Standing = MapPictures['objects'][number] & {
  image?: Phaser.GameObjects.Image;
  lamp?: Phaser.GameObjects.Image;
};

/** The map's pictures: ground and flowers as tile layers, shading over them, and things that stand, near the camera only. */
export class Ground {
  private readonly scene: Phaser.Scene;
  private readonly chunks = new Map<string, Standing[]>();
  private shown = new Set<string>();
  private readonly lamps = new Set<Phaser.GameObjects.Image>();
  private night = 0;

  constructor(scene: Phaser.Scene, map: MapPictures) {
    this.scene = scene;
    for (const [data, depth] of [
      [map.ground, DEPTH.ground],
      [map.decor, DEPTH.decor],
    ] as const) {
      const tiles = scene.make.tilemap({ data: data as number[][], tileWidth: TILE_PX, tileHeight: TILE_PX });
      const set = tiles.addTilesetImage('tiles', 'tiles', TILE_PX, TILE_PX, 2, 4)!;
      tiles.createLayer(0, set, 0, 0)!.setDepth(depth);
    }
    scene.textures.addCanvas('shading', shading(map));
    scene.add
      .image(0, 0, 'shading')
      .setOrigin(0)
      .setDisplaySize(map.width * TILE_PX, map.height * TILE_PX)
      .setDepth(DEPTH.shade);
    for (const o of map.objects) {
      const key = `${Math.floor(o.x / CHUNK)},${Math.floor(o.y / CHUNK)}`;
      const chunk = this.chunks.get(key) ?? [];
      chunk.push({ ...o });
      this.chunks.set(key, chunk);
    }
  }

  /** Keeps the chunks around the view on the screen; `night` 0..1 lights the lamps. */
  update(view: Phaser.Geom.Rectangle, night: number): void {
    const wanted = new Set<string>();
    const px = CHUNK * TILE_PX;
    const margin = 3 * TILE_PX;
    for (let cy = Math.floor((view.top - margin) / px); cy <= Math.floor((view.bottom + margin) / px); cy++)
      for (let cx = Math.floor((view.left - margin) / px); cx <= Math.floor((view.right + margin) / px); cx++)
        wanted.add(`${cx},${cy}`);
    for (const key of this.shown) if (!wanted.has(key)) this.hide(key);
    for (const key of wanted) if (!this.shown.has(key)) this.show(key);
    this.shown = wanted;
    if (Math.abs(night - this.night) > 0.02) {
      this.night = night;
      for (const lamp of this.lamps) lamp.setAlpha(night * LAMP);
    }
  }

  /** Lets tall things be seen through that hide (x, y), in pixels. */
  reveal(x: number, y: number): void {
    for (const key of this.shown)
      for (const o of this.chunks.get(key) ?? []) {
        if (!o.image || !TALL.has(o.name)) continue;
        const base = o.image.y;
        const covers =
          base > y + 4 &&
          base - o.image.displayHeight * 0.86 < y - 18 &&
          Math.abs(o.image.x - x) < o.image.displayWidth * 0.42;
        const alpha = covers ? 0.45 : 1;
        if (o.image.alpha !== alpha) o.image.setAlpha(o.image.alpha + (alpha - o.image.alpha) * 0.25);
      }
  }

  private show(key: string): void {
    for (const o of this.chunks.get(key) ?? []) {
      const seed =
        (Math.imul(Math.round(o.x * 2), 73856093) ^ Math.imul(Math.round(o.y * 2), 19349663)) >>> 0;
      const wild = WILD.has(o.name);
      const dx = wild ? ((seed & 15) - 8) * 0.9 : 0;
      const dy = wild ? (((seed >> 4) & 15) - 10) * 0.7 : 0;
      const y = o.y * TILE_PX - 10 + dy;
      o.image = this.scene.add
        .image(o.x * TILE_PX + dx, y, 'things', o.name)
        .setDepth(DEPTH.standing + y)
        .setFlipX(wild && (seed & 256) !== 0)
        .setScale(wild ? 0.92 + ((seed >> 9) & 15) / 70 : 1);
      if (o.name === 'lamp' || o.name === 'campfire') {
        o.lamp = this.scene.add
          .image(o.x * TILE_PX, y - (o.name === 'lamp' ? 66 : 26), 'glow')
          .setScale(o.name === 'lamp' ? 2.6 : 3.4)
          .setBlendMode(Phaser.BlendModes.ADD)
          .setDepth(DEPTH.glow)
          .setAlpha(this.night * LAMP);
        this.lamps.add(o.lamp);
      }
    }
  }

  private hide(key: string): void {
    for (const o of this.chunks.get(key) ?? []) {
      o.image?.destroy();
      if (o.lamp) this.lamps.delete(o.lamp);
      o.lamp?.destroy();
      o.image = undefined;
      o.lamp = undefined;
    }
  }
}
