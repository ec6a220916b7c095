import { ROLE_COLOURS } from '#client/game/looks.ts';
import type { Play } from '#client/game/play.ts';
import type { ShownAgent } from '#client/net/interpolation.ts';
import type { MapPictures } from '#client/scene/map.ts';
import { h } from './dom.ts';

const COLOURS: Record<string, string> = {
  grass: '#8fca60',
  sand: '#f0dca6',
  path: '#dcbc88',
  water: '#55b6d6',
};
const BUILT = /house|hut|tent|well/;
/** Tiles across the small map, and pixels of a tile. */
const SPAN = 52;
const FINE = 4;
const SIZE = 208;

/** A small map of the surroundings, the player in its middle. */
export class Minimap {
  readonly element: HTMLElement;
  private readonly canvas = h('canvas', { width: String(SIZE), height: String(SIZE) });
  private readonly whole: HTMLCanvasElement;
  private readonly play: Play;

  constructor(play: Play, map: MapPictures) {
    this.play = play;
    this.element = h('div', { class: 'map panel', title: 'The Hollow', 'aria-hidden': 'true' }, this.canvas);
    this.whole = h('canvas', { width: String(map.width * FINE), height: String(map.height * FINE) });
    const context = this.whole.getContext('2d')!;
    map.terrain.forEach((t, i) => {
      context.fillStyle = COLOURS[t] ?? COLOURS.grass;
      context.fillRect((i % map.width) * FINE, Math.floor(i / map.width) * FINE, FINE, FINE);
    });
    for (const o of map.objects) {
      const built = BUILT.test(o.name);
      context.fillStyle = built
        ? o.name === 'tent'
          ? '#8a2c37'
          : '#c8654c'
        : /rock/.test(o.name)
          ? '#97a1ab'
          : '#4a9448';
      const r = built ? FINE * o.w * 0.45 : FINE * 0.62;
      context.beginPath();
      context.arc(o.x * FINE, (o.y - 0.5) * FINE, r, 0, 7);
      context.fill();
    }
  }

  update(others: ReadonlyMap<number, ShownAgent>): void {
    const at = this.play.predictor?.position();
    if (!at) return;
    const context = this.canvas.getContext('2d')!;
    const scale = SIZE / SPAN;
    const px = at.x / 256;
    const py = at.y / 256;
    const left = Math.max(0, Math.min(this.play.terrain.width - SPAN, px - SPAN / 2));
    const top = Math.max(0, Math.min(this.play.terrain.height - SPAN, py - SPAN / 2));
    context.drawImage(this.whole, left * FINE, top * FINE, SPAN * FINE, SPAN * FINE, 0, 0, SIZE, SIZE);
    const dot = (x: number, y: number, r: number, colour: string) => {
      context.beginPath();
      context.arc((x - left) * scale, (y - top) * scale, r, 0, 7);
      context.fillStyle = colour;
      context.fill();
      context.lineWidth = 1.5;
      context.strokeStyle = '#2a2038';
      context.stroke();
    };
    for (const a of others.values()) dot(a.x / 256, a.y / 256, 4, ROLE_COLOURS[a.role]);
    for (const { x, y } of this.play.terrain.stalls) {
      const [sx, sy] = [(x / 256 - left) * scale, (y / 256 - top) * scale];
      context.fillStyle = '#ffcf5a';
      context.fillRect(sx - 4, sy - 4, 8, 8);
      context.strokeRect(sx - 4, sy - 4, 8, 8);
    }
    dot(px, py, 6, '#fff3d6');
  }
}
