import Phaser from 'phaser';
import { DEPTH, TILE_PX } from './depth.ts';
import type { MapPictures } from './map.ts';

const BUTTERFLIES = 5;
const FIREFLIES = 14;
const GLINT_MS = 420;
const SMOKE_MS = 900;

interface Flyer {
  image: Phaser.GameObjects.Image;
  angle: number;
  phase: number;
}

/** Small life that carries no rule: butterflies by day, fireflies by night, glints on the water, smoke over roofs. */
export class Ambience {
  private readonly scene: Phaser.Scene;
  private readonly map: MapPictures;
  private readonly butterflies: Flyer[] = [];
  private readonly fireflies: Flyer[] = [];
  private readonly chimneys: { x: number; y: number }[];
  private glintAt = 0;
  private smokeAt = 0;

  constructor(scene: Phaser.Scene, map: MapPictures) {
    this.scene = scene;
    this.map = map;
    this.chimneys = map.objects
      .filter((o) => o.name.startsWith('house'))
      .map((o) => ({ x: o.x * TILE_PX + 53, y: o.y * TILE_PX - 184 }));
    for (let i = 0; i < BUTTERFLIES; i++)
      this.butterflies.push(this.flyer('things', 'fx-butterfly', DEPTH.effect, i));
    for (let i = 0; i < FIREFLIES; i++) {
      const f = this.flyer('glow', undefined, DEPTH.glow, i);
      f.image.setScale(0.16).setBlendMode(Phaser.BlendModes.ADD);
      this.fireflies.push(f);
    }
  }

  update(view: Phaser.Geom.Rectangle, night: number, nowMs: number, elapsedMs: number): void {
    const step = Math.min(elapsedMs, 50) / 1000;
    for (const b of this.butterflies) {
      this.drift(b, view, step, 46);
      const flap = Math.sin(nowMs / 55 + b.phase);
      b.image.setScale(0.35 + Math.abs(flap) * 0.4, 0.7).setVisible(night < 0.3);
    }
    for (const f of this.fireflies) {
      this.drift(f, view, step, 18);
      f.image.setVisible(night > 0.3).setAlpha(Math.max(0, Math.sin(nowMs / 700 + f.phase * 2)) * night);
    }
    if (nowMs > this.glintAt) {
      this.glintAt = nowMs + GLINT_MS;
      this.glint(view);
    }
    if (nowMs > this.smokeAt) {
      this.smokeAt = nowMs + SMOKE_MS;
      for (const c of this.chimneys) if (view.contains(c.x, c.y)) this.smoke(c.x, c.y);
    }
  }

  private flyer(texture: string, frame: string | undefined, depth: number, i: number): Flyer {
    const image = this.scene.add.image(-1e5, -1e5, texture, frame).setDepth(depth).setVisible(false);
    return { image, angle: i * 1.9, phase: i * 2.4 };
  }

  /** Wanders; whoever is left behind by the view comes in again somewhere else. */
  private drift(f: Flyer, view: Phaser.Geom.Rectangle, step: number, speed: number): void {
    const { image } = f;
    if (
      image.x < view.left - 120 ||
      image.x > view.right + 120 ||
      image.y < view.top - 120 ||
      image.y > view.bottom + 120
    )
      image.setPosition(view.left + Math.random() * view.width, view.top + Math.random() * view.height);
    f.angle += (Math.random() - 0.5) * 6 * step;
    image.x += Math.cos(f.angle) * speed * step;
    image.y += (Math.sin(f.angle) * speed + Math.sin(f.phase + image.x / 24) * 22) * step;
  }

  private glint(view: Phaser.Geom.Rectangle): void {
    const { map, scene } = this;
    for (let n = 0; n < 4; n++) {
      const x = view.left + Math.random() * view.width;
      const y = view.top + Math.random() * view.height;
      const open = [-1, 0, 1].every((d) => {
        const tx = Math.floor(x / TILE_PX) + d;
        const ty = Math.floor(y / TILE_PX);
        return (
          map.terrain[ty * map.width + tx] === 'water' &&
          map.terrain[(ty + d) * map.width + tx - d] === 'water'
        );
      });
      if (!open) continue;
      const mark = scene.add.image(x, y, 'things', 'fx-glint').setDepth(DEPTH.mark).setAlpha(0);
      scene.tweens.add({
        targets: mark,
        alpha: { from: 0, to: 0.75 },
        x: x + 10,
        duration: 700,
        yoyo: true,
        onComplete: () => mark.destroy(),
      });
    }
  }

  private smoke(x: number, y: number): void {
    const puff = this.scene.add
      .image(x, y, 'things', 'fx-dust')
      .setDepth(DEPTH.effect)
      .setAlpha(0.5)
      .setScale(0.7);
    this.scene.tweens.add({
      targets: puff,
      x: x + 16 + Math.random() * 14,
      y: y - 60,
      scale: 1.7,
      alpha: 0,
      duration: 2600,
      ease: 'Sine.easeOut',
      onComplete: () => puff.destroy(),
    });
  }
}
