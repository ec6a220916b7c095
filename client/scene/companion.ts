import Phaser from 'phaser';
import { type Portrait, portraitCanvas } from '#client/game/portrait.ts';
import { FRAMES, SIZE } from '#shared/art/types.ts';
import { DEPTH } from './depth.ts';

const SCALE = 2;
/** How far behind its player it keeps, in pixels. */
const BEHIND = 62;

/** A symbiont at its player's heels, drawn from genome, stage and branch by the shared pipeline. */
export class Companion {
  private readonly scene: Phaser.Scene;
  private readonly image: Phaser.GameObjects.Image;
  private readonly shadow: Phaser.GameObjects.Image;
  private key = '';
  private readonly at = new Phaser.Math.Vector2();
  private placed = false;
  private speed = 0;

  constructor(scene: Phaser.Scene) {
    this.scene = scene;
    this.shadow = scene.add.image(0, 0, 'things', 'fx-shadow').setVisible(false);
    this.image = scene.add
      .image(0, 0, 'things', 'fx-dust')
      .setVisible(false)
      .setOrigin(0.5, 0.94)
      .setScale(SCALE);
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
    const key = `symbiont/${portrait.genome}/${portrait.stage}/${portrait.branch}`;
    if (key === this.key) return false;
    if (!this.scene.textures.exists(key)) {
      const texture = this.scene.textures.addCanvas(key, portraitCanvas(portrait, FRAMES))!;
      texture.setFilter(Phaser.Textures.FilterMode.NEAREST);
      for (let f = 0; f < FRAMES; f++) texture.add(String(f), 0, f * SIZE, 0, SIZE, SIZE);
    }
    const changed = this.key !== '';
    this.key = key;
    this.image.setTexture(key, '0').setOrigin(0.5, 0.94).setVisible(true);
    this.shadow.setVisible(true);
    return changed;
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
    this.image.setFrame(String(frame));
    if (Math.abs(dx) > 0.4) this.image.setFlipX(dx < 0);
    const hop = walking ? Math.abs(Math.sin(nowMs / 105)) * 6 : 0;
    this.image
      .setPosition(Math.round(this.at.x), Math.round(this.at.y - hop))
      .setDepth(DEPTH.standing + this.at.y);
    this.shadow.setPosition(this.at.x, this.at.y).setDepth(DEPTH.standing + this.at.y - 0.5);
  }

  destroy(): void {
    this.image.destroy();
    this.shadow.destroy();
  }
}
