import Phaser from 'phaser';
import { drawable, MORPH_FRAMES, morphCanvas, type Portrait, portraitCanvas } from '#client/game/portrait.ts';
import { FRAMES, SIZE } from '#shared/art/types.ts';
import { DEPTH } from './depth.ts';

/** Pixels a side on the ground, whatever the picture's own size. */
const SIDE = 2 * SIZE;
/** How far behind its player it keeps, in pixels. */
const BEHIND = 62;
/** How long it takes to become another form. */
const MORPH_MS = 1400;

/** A symbiont at its player's heels, drawn from genome, stage and branch by the shared pipeline. */
export class Companion {
  private readonly scene: Phaser.Scene;
  private readonly image: Phaser.GameObjects.Image;
  private readonly shadow: Phaser.GameObjects.Image;
  private key = '';
  private worn: Portrait | null = null;
  /** The evolution that is being shown: its pictures' texture, and since when. */
  private morph: { key: string; sinceMs: number | null } | null = null;
  private readonly at = new Phaser.Math.Vector2();
  private placed = false;
  private speed = 0;

  constructor(scene: Phaser.Scene) {
    this.scene = scene;
    this.shadow = scene.add.image(0, 0, 'things', 'fx-shadow').setVisible(false);
    this.image = scene.add.image(0, 0, 'things', 'fx-dust').setVisible(false).setOrigin(0.5, 0.94);
  }

  get x(): number {
    return this.at.x;
  }
  get y(): number {
    return this.at.y;
  }

  /** Takes on a look; true when it changed from another one. */
  wear(portrait: Portrait): boolean {
    if (!/^[0-9a-f]{64}$/.test(portrait.genome)) return false;
    const key = `symbiont/${portrait.genome}/${portrait.stage}/${portrait.branch}/${portrait.model ?? ''}`;
    if (key === this.key || !drawable(portrait)) return false;
    this.texture(key, FRAMES, () => portraitCanvas(portrait, FRAMES));
    const changed = this.key !== '';
    this.grow(portrait, key);
    this.key = key;
    const { genome, stage, branch, model } = portrait;
    this.worn = { genome, stage, branch, model };
    this.image.setTexture(key, '0').setOrigin(0.5, 0.94).setDisplaySize(SIDE, SIDE).setVisible(true);
    this.shadow.setVisible(true);
    return changed;
  }

  /** The frames of a canvas as a texture, made once. */
  private texture(key: string, frames: number, draw: () => HTMLCanvasElement): void {
    if (this.scene.textures.exists(key)) return;
    const canvas = draw();
    const side = canvas.height;
    const texture = this.scene.textures.addCanvas(key, canvas)!;
    texture.setFilter(Phaser.Textures.FilterMode.NEAREST);
    for (let f = 0; f < frames; f++) texture.add(String(f), 0, f * side, 0, side, side);
  }

  /** Begins to show how the creature that it is becomes the next form; another creature is there at once. */
  private grow(next: Portrait, key: string): void {
    this.endMorph();
    const { worn } = this;
    if (worn?.genome !== next.genome || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const morph = `${this.key}>${key}`;
    this.texture(morph, MORPH_FRAMES, () => morphCanvas(worn, next));
    this.morph = { key: morph, sinceMs: null };
  }

  private endMorph(): void {
    if (!this.morph) return;
    if (this.key) this.image.setTexture(this.key, '0');
    this.scene.textures.remove(this.morph.key);
    this.morph = null;
  }

  /** The picture of the evolution at this time; false when there is none (any more). */
  private showMorph(nowMs: number): boolean {
    const { morph } = this;
    if (!morph) return false;
    morph.sinceMs ??= nowMs;
    const part = (nowMs - morph.sinceMs) / MORPH_MS;
    if (part >= 1) {
      this.endMorph();
      return false;
    }
    this.image.setTexture(morph.key, String(Math.floor(part * MORPH_FRAMES)));
    return true;
  }

  /** Follows a player who stands at (x, y) pixels and faces `facing`. */
  follow(x: number, y: number, facing: number, nowMs: number, elapsedMs: number): void {
    if (!this.key) return;
    // A little to the side, so that it is never hidden by its player.
    const angle = (facing * Math.PI) / 4 + Math.PI + (facing === 2 || facing === 6 ? 1.1 : 0.5);
    const goalX = x + Math.cos(angle) * BEHIND;
    const goalY = y + Math.sin(angle) * BEHIND * 0.7;
    const far = Math.hypot(goalX - this.at.x, goalY - this.at.y);
    if (!this.placed || far > 600) {
      this.at.set(goalX, goalY);
      this.placed = true;
    }
    // It lets its player take a few steps before it sets out: that reads as a creature of its own.
    const pull = far < 14 ? 0 : Math.min(1, (elapsedMs / 1000) * 4.2);
    const dx = (goalX - this.at.x) * pull;
    const dy = (goalY - this.at.y) * pull;
    this.at.x += dx;
    this.at.y += dy;
    const pace = (Math.hypot(dx, dy) / Math.max(1, elapsedMs)) * 1000;
    this.speed += (pace - this.speed) * 0.25;
    const walking = this.speed > 26;
    const frame = walking
      ? 4 + (Math.floor(nowMs / 110) % 4)
      : [0, 0, 1, 0, 0, 1, 2, 1][Math.floor(nowMs / 280) % 8];
    if (!this.showMorph(nowMs)) this.image.setFrame(String(frame));
    if (Math.abs(dx) > 0.4) this.image.setFlipX(dx < 0);
    const hop = walking ? Math.abs(Math.sin(nowMs / 105)) * 6 : 0;
    this.image
      .setPosition(Math.round(this.at.x), Math.round(this.at.y - hop))
      .setDepth(DEPTH.standing + this.at.y);
    this.shadow.setPosition(this.at.x, this.at.y).setDepth(DEPTH.standing + this.at.y - 0.5);
  }

  destroy(): void {
    this.endMorph();
    this.image.destroy();
    this.shadow.destroy();
  }
}
