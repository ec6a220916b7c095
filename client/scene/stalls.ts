import type Phaser from 'phaser';
import type { Terrain } from '#shared/world/index.ts';
import { DEPTH, PX } from './depth.ts';
import { FONT } from './font.ts';

/** How far behind the spot where one trades its stall stands, in pixels. */
const BEHIND = 30;

/** The markets: a stall and its name. */
export function drawStalls(scene: Phaser.Scene, terrain: Terrain): void {
  for (const { name, x, y } of terrain.stalls) {
    const [px, py] = [x * PX, y * PX - BEHIND];
    scene.add.image(px, py, 'things', 'stall').setDepth(DEPTH.standing + py);
    scene.add
      .text(px, py - 118, name, {
        fontFamily: FONT,
        fontSize: '30px',
        fontStyle: 'bold',
        color: '#fff3d6',
        stroke: '#2a2038',
        strokeThickness: 6,
      })
      .setOrigin(0.5)
      .setScale(0.5)
      .setDepth(DEPTH.label);
  }
}
