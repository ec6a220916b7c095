import Phaser from 'phaser';
import { DEPTH } from './depth.ts';
import { FONT } from './font.ts';

/** Short-lived marks of what happened. Positions in pixels of the zone. */
export class Effects {
  private readonly scene: Phaser.Scene;

  constructor(scene: Phaser.Scene) {
    this.scene = scene;
  }

  private image(x: number, y: number, frame: string): Phaser.GameObjects.Image {
    return this.scene.add.image(x, y, 'things', frame).setDepth(DEPTH.effect);
  }

  private fade(target: Phaser.GameObjects.GameObject, config: Record<string, unknown>): void {
    this.scene.tweens.add({ targets: target, onComplete: () => target.destroy(), ...config });
  }

  /** Text that rises and fades. */
  rise(x: number, y: number, text: string, colour: string): void {
    const label = this.scene.add
      .text(x, y, text, {
        fontFamily: FONT,
        fontSize: '22px',
        fontStyle: 'bold',
        color: colour,
        stroke: '#2a2038',
        strokeThickness: 5,
      })
      .setOrigin(0.5)
      .setDepth(DEPTH.label);
    this.fade(label, { y: y - 46, alpha: { from: 1, to: 0 }, duration: 900, ease: 'Quad.easeOut' });
  }

  /** A blow that landed; its number only where one's own is meant. */
  hit(x: number, y: number, amount: number, counted: boolean): void {
    const star = this.image(x, y - 36, 'fx-hit')
      .setScale(0.3)
      .setAngle(Math.random() * 90);
    this.fade(star, { scale: 1.15, alpha: { from: 1, to: 0 }, duration: 260, ease: 'Quad.easeOut' });
    if (counted) this.rise(x, y - 70, `-${amount}`, '#ff8a7a');
  }

  swish(x: number, y: number, facing: number): void {
    const angle = (facing * Math.PI) / 4;
    const arc = this.image(x + Math.cos(angle) * 30, y - 32 + Math.sin(angle) * 24, 'fx-swish')
      .setOrigin(0.5)
      .setRotation(angle - 0.7)
      .setScale(0.85);
    this.fade(arc, { rotation: angle + 0.6, alpha: { from: 0.9, to: 0 }, duration: 200 });
  }

  blocked(x: number, y: number): void {
    const shield = this.image(x, y - 44, 'fx-shield').setScale(0.6);
    this.fade(shield, { scale: 1.5, alpha: { from: 1, to: 0 }, duration: 380, ease: 'Back.easeOut' });
  }

  /** A cloud of puffs. */
  poof(x: number, y: number, count = 7): void {
    for (let i = 0; i < count; i++) {
      const angle = (i / count) * Math.PI * 2;
      const puff = this.image(x, y - 20, 'fx-puff').setScale(0.9);
      this.fade(puff, {
        x: x + Math.cos(angle) * 44,
        y: y - 20 + Math.sin(angle) * 30,
        scale: 0.15,
        alpha: { from: 0.95, to: 0 },
        duration: 460 + (i % 3) * 80,
        ease: 'Quad.easeOut',
      });
    }
  }

  dust(x: number, y: number): void {
    const puff = this.image(x + (Math.random() - 0.5) * 10, y - 2, 'fx-dust')
      .setDepth(DEPTH.standing + y - 1)
      .setScale(0.4)
      .setAlpha(0.55);
    this.fade(puff, { y: y - 10, scale: 0.9, alpha: 0, duration: 420 });
  }

  /** A good that flies from one place to another. */
  fly(kind: number, fromX: number, fromY: number, toX: number, toY: number): void {
    const item = this.image(fromX, fromY, kind === 0 ? 'item-fruit' : 'item-crystal');
    this.scene.tweens.add({ targets: item, x: toX, duration: 420, ease: 'Linear' });
    this.scene.tweens.chain({
      targets: item,
      tweens: [
        { y: Math.min(fromY, toY) - 40, scale: 1.15, duration: 210, ease: 'Quad.easeOut' },
        { y: toY, scale: 0.5, duration: 210, ease: 'Quad.easeIn' },
      ],
      onComplete: () => item.destroy(),
    });
  }

  sparkle(x: number, y: number, frame = 'fx-sparkle', count = 3): void {
    for (let i = 0; i < count; i++) {
      const bit = this.image(x + (Math.random() - 0.5) * 60, y - 20 - Math.random() * 40, frame).setScale(
        0.2,
      );
      this.fade(bit, { scale: 0.75, y: bit.y - 26, alpha: { from: 1, to: 0 }, duration: 620, delay: i * 90 });
    }
  }

  ring(x: number, y: number): void {
    const ring = this.image(x, y, 'fx-ring').setDepth(DEPTH.mark).setScale(0.3);
    this.fade(ring, { scale: 1.5, alpha: { from: 1, to: 0 }, duration: 520, ease: 'Quad.easeOut' });
  }

  /** Light and stars about a symbiont that grows. */
  evolve(x: number, y: number): void {
    const glow = this.scene.add
      .image(x, y - 24, 'glow')
      .setDepth(DEPTH.glow)
      .setBlendMode(Phaser.BlendModes.ADD)
      .setScale(0.2);
    this.fade(glow, { scale: 4.5, alpha: { from: 1, to: 0 }, duration: 1900, ease: 'Cubic.easeOut' });
    for (let i = 0; i < 16; i++) {
      const angle = (i / 16) * Math.PI * 2;
      const star = this.image(x, y - 24, i % 2 ? 'fx-star' : 'fx-sparkle')
        .setScale(0.2)
        .setDepth(DEPTH.glow);
      this.fade(star, {
        x: x + Math.cos(angle) * (80 + (i % 3) * 24),
        y: y - 24 + Math.sin(angle) * (70 + (i % 3) * 18),
        scale: 0.9,
        angle: 180,
        alpha: { from: 1, to: 0 },
        duration: 1400 + (i % 4) * 150,
        delay: 150,
        ease: 'Cubic.easeOut',
      });
    }
    for (let i = 0; i < 3; i++) this.scene.time.delayedCall(i * 240, () => this.ring(x, y));
  }
}
