import type Phaser from 'phaser';
import { DEPTH, PX } from './depth.ts';
import { FONT } from './font.ts';

/** What a creature is drawn from. Positions in 1/256 tile, speed in tiles a second. */
export interface Posture {
  x: number;
  y: number;
  facing: number;
  status: number;
  speed: number;
  health: number;
  windup: boolean;
  guarding: boolean;
  gathering: boolean;
  shield: boolean;
  fruit: number;
  crystal: number;
}

const DOWN = 2;
const STRIKE_SHOWN_MS = 260;
const FLASH_MS = 180;
const BAR = 44;

/** One small animal: its pose, its steps, blows and wounds, its name and health over its head. */
export class Creature {
  readonly image: Phaser.GameObjects.Image;
  look: string;
  private readonly scene: Phaser.Scene;
  private loot: Phaser.GameObjects.Image | null = null;
  private label: Phaser.GameObjects.Text | null = null;
  private barBack: Phaser.GameObjects.Rectangle | null = null;
  private bar: Phaser.GameObjects.Rectangle | null = null;
  private stride = 0;
  private struckAt = -1e9;
  private hurtAt = -1e9;
  private downAt = 0;
  private flip = false;
  private wasWindup = false;
  private pose = '';
  private readonly phase: number;
  /** Set on each footfall, for dust and sound. */
  onStep: ((x: number, y: number) => void) | null = null;

  constructor(scene: Phaser.Scene, look: string, seed: number) {
    this.scene = scene;
    this.look = look;
    this.phase = (seed * 1.7) % 6.28;
    this.image = scene.add.image(0, 0, 'creatures', `${look}/idle`);
  }

  get x(): number {
    return this.image.x;
  }
  get y(): number {
    return this.image.y;
  }

  /** A name over the head; empty for none. */
  name(text: string, colour: string): void {
    if (!text) {
      this.label?.destroy();
      this.label = null;
      return;
    }
    this.label ??= this.scene.add
      .text(0, 0, '', {
        fontFamily: FONT,
        fontSize: '15px',
        fontStyle: 'bold',
        stroke: '#2a2038',
        strokeThickness: 4,
      })
      .setOrigin(0.5, 1)
      .setResolution(2);
    if (this.label.text !== text) this.label.setText(text);
    this.label.setColor(colour);
  }

  swing(nowMs: number): void {
    this.struckAt = nowMs;
  }

  wound(nowMs: number): void {
    this.hurtAt = nowMs;
  }

  update(p: Posture, nowMs: number, elapsedMs: number): void {
    const { image } = this;
    if (p.windup && !this.wasWindup) this.struckAt = nowMs;
    this.wasWindup = p.windup;
    if ([3, 4, 5].includes(p.facing)) this.flip = true;
    else if ([0, 1, 7].includes(p.facing)) this.flip = false;
    const down = p.status === DOWN;
    if (!down) this.downAt = nowMs;
    const striking = nowMs - this.struckAt < STRIKE_SHOWN_MS && !down;
    const walking = p.speed > 0.4 && !down && !striking;
    let [dx, dy, sx, sy, tilt] = [0, 0, 1, 1, 0];
    let pose = 'idle';
    if (down) pose = 'down';
    else if (striking) {
      pose = 'strike';
      const t = (nowMs - this.struckAt) / STRIKE_SHOWN_MS;
      const lunge = t < 0.35 ? -6 * (t / 0.35) : 16 * Math.sin(((t - 0.35) / 0.65) * Math.PI);
      const angle = (p.facing * Math.PI) / 4;
      dx = Math.cos(angle) * lunge;
      dy = Math.sin(angle) * lunge * 0.7;
      sx = 1 + Math.max(0, lunge) * 0.006;
    } else if (p.guarding) {
      pose = 'guard';
      sy = 0.97;
    } else if (p.gathering) {
      pose = 'gather';
      tilt = Math.sin(nowMs / 70) * 0.06;
      dy = Math.abs(Math.sin(nowMs / 140)) * 3;
    } else if (walking) {
      const before = Math.floor(this.stride * 2);
      this.stride += (elapsedMs / 1000) * (0.6 + p.speed * 0.62);
      if (Math.floor(this.stride * 2) !== before) this.onStep?.(image.x, image.y);
      const beat = this.stride % 1;
      pose = beat < 0.3 ? 'walk-a' : beat < 0.5 ? 'idle' : beat < 0.8 ? 'walk-b' : 'idle';
      const hop = Math.abs(Math.sin(beat * Math.PI * 2));
      dy = -hop * 5;
      sx = 1.03 - hop * 0.05;
      sy = 0.97 + hop * 0.05;
      tilt = Math.sin(beat * Math.PI * 2) * 0.05;
    } else {
      const breath = Math.sin(nowMs / 420 + this.phase);
      sx = 1 - breath * 0.012;
      sy = 1 + breath * 0.018;
    }
    const flash = nowMs - this.hurtAt < FLASH_MS && !down;
    if (flash) dx += Math.sin(nowMs / 14) * 4;
    const frame = `${this.look}/${pose}`;
    if (frame !== this.pose) {
      this.pose = frame;
      image.setFrame(frame);
    }
    const x = p.x * PX;
    const y = p.y * PX + 12;
    const lying = nowMs - this.downAt;
    image
      .setPosition(x + dx, y + dy)
      .setScale(sx, sy)
      .setRotation(this.flip ? -tilt : tilt)
      .setFlipX(this.flip)
      .setDepth(DEPTH.standing + y)
      .setAlpha(down ? Math.max(0.25, 1 - lying / 3500) : p.shield ? 0.8 + 0.2 * Math.sin(nowMs / 120) : 1);
    if (flash) image.setTint(0xff8a80);
    else image.clearTint();
    // A mirrored picture turns about its middle, so the foot's place is mirrored with it.
    image.setOrigin(this.flip ? 1 - image.frame.pivotX : image.frame.pivotX, image.frame.pivotY);
    this.drawLoot(x + dx + (this.flip ? 17 : -17), y + dy - 26, p, down);
    this.drawHead(x, y - 92, p, down);
  }

  destroy(): void {
    for (const part of [this.image, this.loot, this.label, this.bar, this.barBack]) part?.destroy();
  }

  /** A crystal or a fruit on the back of whoever carries some: worth a raid, or a defence. */
  private drawLoot(x: number, y: number, p: Posture, down: boolean): void {
    const frame = p.crystal > 0 ? 'item-crystal' : p.fruit > 2 ? 'item-fruit' : '';
    if (!frame || down) {
      this.loot?.setVisible(false);
      return;
    }
    this.loot ??= this.scene.add.image(0, 0, 'things', frame);
    this.loot
      .setFrame(frame)
      .setVisible(true)
      .setPosition(x, y)
      .setScale(0.62)
      .setDepth(this.image.depth - 0.2);
  }

  private drawHead(x: number, y: number, p: Posture, down: boolean): void {
    const hurt = p.health < 100 && !down;
    if (hurt) {
      this.barBack ??= this.scene.add.rectangle(0, 0, BAR + 4, 9, 0x2a2038, 0.85).setOrigin(0.5);
      this.bar ??= this.scene.add.rectangle(0, 0, BAR, 5, 0x7ed957).setOrigin(0, 0.5);
      const share = Math.max(0, p.health / 100);
      this.barBack
        .setPosition(x, y + 6)
        .setDepth(DEPTH.label)
        .setVisible(true);
      this.bar
        .setPosition(x - BAR / 2, y + 6)
        .setSize(Math.max(1, BAR * share), 5)
        .setFillStyle(share > 0.6 ? 0x7ed957 : share > 0.3 ? 0xffc93c : 0xf4514a)
        .setDepth(DEPTH.label)
        .setVisible(true);
    } else {
      this.bar?.setVisible(false);
      this.barBack?.setVisible(false);
    }
    this.label
      ?.setPosition(x, y + (hurt ? -2 : 6))
      .setDepth(DEPTH.label)
      .setVisible(!down);
  }
}
