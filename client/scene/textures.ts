import { FONT } from './font.ts';

/** The veil that looks nearest to multiplying by a colour: a darker one of it, and how opaque it is. */
export function veil(colour: number): [colour: number, alpha: number] {
  const channels = [16, 8, 0].map((shift) => (colour >> shift) & 255);
  const alpha = (1 - Math.min(...channels) / 255) * 0.72;
  return [channels.reduce((c, v) => (c << 8) | Math.round(v * 0.42), 0), alpha];
}

/** A soft round light. */
export function glow(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 128;
  const context = canvas.getContext('2d')!;
  const light = context.createRadialGradient(64, 64, 4, 64, 64, 64);
  light.addColorStop(0, 'rgba(255, 226, 150, .75)');
  light.addColorStop(0.4, 'rgba(255, 196, 96, .28)');
  light.addColorStop(1, 'rgba(255, 180, 80, 0)');
  context.fillStyle = light;
  context.fillRect(0, 0, 128, 128);
  return canvas;
}

/** A key as it looks on a keyboard. */
export function keyCap(letter: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = 68;
  canvas.height = 72;
  const context = canvas.getContext('2d')!;
  const block = (y: number, h: number, colour: string) => {
    context.fillStyle = colour;
    context.beginPath();
    context.roundRect(2, y, 64, h, 18);
    context.fill();
  };
  block(8, 62, '#a58f6a');
  block(2, 58, '#fff3d6');
  context.fillStyle = '#3a2d4d';
  context.font = `bold 38px ${FONT}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(letter, 34, 32);
  return canvas;
}
