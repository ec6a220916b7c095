import Phaser from 'phaser';
import { type SceneParts, ZoneScene } from './zone-scene.ts';

/**
 * Starts Phaser in `parent`: WebGL where there is one, else Canvas; `?renderer=canvas` asks for Canvas.
 * Gives back how to find a position (1/256 tile) on the page.
 */
export function startGame(
  parent: HTMLElement,
  parts: SceneParts,
): (x: number, y: number) => { x: number; y: number } {
  const canvas = new URLSearchParams(location.search).get('renderer') === 'canvas';
  const ratio = () => (canvas ? 1 : Math.min(2, devicePixelRatio || 1));
  const scene = new ZoneScene(parts);
  const game = new Phaser.Game({
    type: canvas ? Phaser.CANVAS : Phaser.AUTO,
    parent,
    width: Math.round(innerWidth * ratio()),
    height: Math.round(innerHeight * ratio()),
    backgroundColor: '#4a7a3f',
    scale: { mode: Phaser.Scale.NONE },
    render: { antialias: true, roundPixels: true, powerPreference: 'high-performance' },
    audio: { noAudio: true },
    input: { keyboard: false, mouse: false, touch: false, gamepad: false },
    banner: false,
    scene,
  });
  addEventListener('resize', () => {
    game.scale.resize(Math.round(innerWidth * ratio()), Math.round(innerHeight * ratio()));
    game.canvas.style.width = '100%';
    game.canvas.style.height = '100%';
  });
  return (x, y) => scene.toPage(x, y);
}
