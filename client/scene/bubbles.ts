import type Phaser from 'phaser';
import type { Play } from '#client/game/play.ts';
import type { Creature } from './creature.ts';
import { DEPTH } from './depth.ts';
import { FONT } from './font.ts';

/** How long a bubble stays: a base, and some for each character to be read. */
const BASE_MS = 2500;
const PER_LETTER_MS = 55;
const ABOVE = 104;

/** What NPCs answer, and what others say to them, above their heads. */
export class Bubbles {
  private readonly scene: Phaser.Scene;
  private readonly shown = new Map<number, { text: Phaser.GameObjects.Text; until: number }>();
  private readonly creature: (slot: number) => Creature | undefined;

  constructor(scene: Phaser.Scene, play: Play, creature: (slot: number) => Creature | undefined) {
    this.scene = scene;
    this.creature = creature;
    // One's own words stand in the chat: over one's head they would hide the answer.
    play.connection.on('said', ({ slot, text }) => {
      if (slot !== play.slot) this.say(slot, text);
    });
  }

  update(nowMs: number): void {
    for (const [slot, { text, until }] of this.shown) {
      const over = this.creature(slot);
      if (!over || nowMs > until) {
        text.destroy();
        this.shown.delete(slot);
      } else text.setPosition(over.x, over.y - ABOVE);
    }
  }

  private say(slot: number, words: string): void {
    this.shown.get(slot)?.text.destroy();
    const text = this.scene.add
      .text(0, 0, words, {
        fontFamily: FONT,
        fontSize: '15px',
        color: '#2a2038',
        backgroundColor: '#fff8e7',
        padding: { x: 9, y: 6 },
        align: 'center',
        wordWrap: { width: 250, useAdvancedWrap: true },
      })
      .setOrigin(0.5, 1)
      .setResolution(2)
      .setDepth(DEPTH.label + 1)
      .setAlpha(0.94);
    this.shown.set(slot, { text, until: performance.now() + BASE_MS + words.length * PER_LETTER_MS });
  }
}
