import type Phaser from 'phaser';
import { BALANCE, FRUIT, type Terrain } from '#shared/world/index.ts';
import { DEPTH, PX } from './depth.ts';

/** Bushes and crystals: full, half or empty, and shaken by whoever gathers there. */
export class Places {
  private readonly images: Phaser.GameObjects.Image[] = [];
  private readonly terrain: Terrain;
  private readonly scene: Phaser.Scene;

  constructor(scene: Phaser.Scene, terrain: Terrain) {
    this.scene = scene;
    this.terrain = terrain;
    for (let n = 0; n < terrain.nodeCount; n++) {
      const kind = terrain.nodeKind[n] === FRUIT ? 'fruit' : 'crystal';
      const y = terrain.nodeY[n] * PX + 14;
      this.images.push(
        scene.add
          .image(terrain.nodeX[n] * PX, y, 'things', `${kind}-2`)
          .setDepth(DEPTH.standing + y)
          .setFlipX(n % 2 === 1),
      );
    }
  }

  /** Shows what each place holds; only those in view are touched. */
  update(amounts: ArrayLike<number>, view: Phaser.Geom.Rectangle): void {
    for (let n = 0; n < this.images.length; n++) {
      const image = this.images[n];
      const inView =
        image.x > view.left - 80 &&
        image.x < view.right + 80 &&
        image.y > view.top - 80 &&
        image.y < view.bottom + 120;
      if (image.visible !== inView) image.setVisible(inView);
      if (!inView) continue;
      const most = BALANCE.nodeMax[this.terrain.nodeKind[n]];
      const kind = this.terrain.nodeKind[n] === FRUIT ? 'fruit' : 'crystal';
      const frame = `${kind}-${amounts[n] === 0 ? 0 : amounts[n] < most ? 1 : 2}`;
      if (image.frame.name !== frame) image.setFrame(frame);
    }
  }

  shake(n: number): void {
    const image = this.images[n];
    if (!image || this.scene.tweens.isTweening(image)) return;
    this.scene.tweens.add({
      targets: image,
      scaleX: { from: 1.1, to: 1 },
      scaleY: { from: 0.9, to: 1 },
      duration: 260,
      ease: 'Back.easeOut',
    });
  }

  position(n: number): { x: number; y: number } {
    return { x: this.images[n].x, y: this.images[n].y };
  }
}
