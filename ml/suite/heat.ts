import { EVENT, type Terrain, TILE, type World } from '#shared/world/index.ts';

/** How often something happened on each tile. */
export class Heat {
  readonly terrain: Terrain;
  readonly counts: Float64Array;

  constructor(terrain: Terrain) {
    this.terrain = terrain;
    this.counts = new Float64Array(terrain.width * terrain.height);
  }

  at(world: World, i: number, by = 1): void {
    this.counts[(world.y[i] >> 8) * this.terrain.width + (world.x[i] >> 8)] += by;
  }

  /** The share of all within so many tiles of a point. */
  shareNear(x: number, y: number, tiles: number): number {
    const { width } = this.terrain;
    let near = 0;
    let all = 0;
    this.counts.forEach((n, t) => {
      all += n;
      if (Math.hypot((t % width) - (x >> 8), Math.floor(t / width) - (y >> 8)) <= tiles) near += n;
    });
    return all === 0 ? 0 : near / all;
  }
}

/** Where each role spends its time, where goods are robbed and traded, and where people fall. */
export class Behaviour {
  readonly time: readonly Heat[];
  readonly robbed: Heat;
  readonly traded: Heat;
  readonly fallen: Heat;

  constructor(terrain: Terrain) {
    this.time = [0, 1, 2, 3, 4].map(() => new Heat(terrain));
    this.robbed = new Heat(terrain);
    this.traded = new Heat(terrain);
    this.fallen = new Heat(terrain);
  }

  watch(world: World): void {
    if (world.tick % 4 === 0)
      for (let i = 0; i < world.capacity; i++)
        if (world.status[i] === 1) this.time[world.role[i]].at(world, i);
    const { events } = world;
    for (let e = 0; e < events.count; e++) {
      const kind = events.kind(e);
      if (kind === EVENT.stole) this.robbed.at(world, events.target(e));
      else if (kind === EVENT.paid) this.traded.at(world, events.actor(e));
      else if (kind === EVENT.down) this.fallen.at(world, events.target(e));
    }
  }
}

const SCALE = 6;
const GROUND = ['#e3e9d3', '#efe5c6', '#e6d9bb'] as const;
const BLOCKED = '#bcc8aa';

/** The map as an SVG's inside, six units a tile, with its camps, places and markets named. */
export function mapInside(terrain: Terrain, named = true): string {
  const { width, height, ground, blocked, camps, places, stalls } = terrain;
  const parts = [`<rect width="${width * SCALE}" height="${height * SCALE}" fill="${GROUND[0]}"/>`];
  const runs = (colour: string, is: (tile: number) => boolean) => {
    let path = '';
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        if (!is(y * width + x)) continue;
        const from = x;
        while (x < width && is(y * width + x)) x++;
        path += `M${from * SCALE} ${y * SCALE}h${(x - from) * SCALE}v${SCALE}h${(from - x) * SCALE}z`;
      }
    parts.push(`<path d="${path}" fill="${colour}"/>`);
  };
  runs(GROUND[1], (t) => ground[t] === 1 && !blocked[t]);
  runs(GROUND[2], (t) => ground[t] === 2 && !blocked[t]);
  runs(BLOCKED, (t) => blocked[t] === 1);
  const at = (v: number) => ((v / TILE) * SCALE).toFixed(1);
  for (const { x, y, radius } of camps)
    parts.push(
      `<circle cx="${at(x)}" cy="${at(y)}" r="${at(radius)}" fill="none" stroke="#6d6a5c" stroke-width="1.5" stroke-dasharray="4 3"/>`,
    );
  const label = (x: number, y: number, words: string, more: string) =>
    parts.push(
      `<text x="${at(x)}" y="${at(y)}" text-anchor="middle" font-size="13" paint-order="stroke" stroke="#fbfaf6" stroke-width="3" stroke-opacity="0.8" ${more}>${words.replace(/[&<>]/g, '')}</text>`,
    );
  if (named) for (const { name, x, y } of places) label(x, y, name, 'fill="#5d5a6b" font-style="italic"');
  for (const { name, x, y } of camps) label(x, y + TILE, name, 'fill="#3f3d36" font-weight="bold"');
  for (const { x, y } of stalls) parts.push(`<path d="M${at(x)} ${at(y - 200)}l7 8h-14z" fill="#8a5a2b"/>`);
  return parts.join('');
}

/** The map alone. */
export const mapSvg = (terrain: Terrain): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${terrain.width * SCALE}" height="${terrain.height * SCALE}" viewBox="0 0 ${terrain.width * SCALE} ${terrain.height * SCALE}" font-family="DejaVu Sans, Verdana, sans-serif">${mapInside(terrain)}</svg>`;

/** Spreads a count over its neighbours, so that one sees where, not on which tile. */
function blurred(heat: Heat): Float64Array {
  const { width, height } = heat.terrain;
  let from = heat.counts;
  for (let round = 0; round < 2; round++) {
    const to = new Float64Array(from.length);
    for (let y = 1; y < height - 1; y++)
      for (let x = 1; x < width - 1; x++) {
        let sum = 0;
        for (let dy = -1; dy <= 1; dy++)
          for (let dx = -1; dx <= 1; dx++)
            sum += from[(y + dy) * width + x + dx] * (dx === 0 ? 2 : 1) * (dy === 0 ? 2 : 1);
        to[y * width + x] = sum / 16;
      }
    from = to;
  }
  return from;
}

/** From pale yellow over orange to a dark red. */
function ramp(value: number): string {
  const stops = [
    [255, 221, 128],
    [244, 140, 60],
    [200, 45, 60],
    [92, 12, 62],
  ];
  const at = Math.min(0.999, value) * (stops.length - 1);
  const k = Math.floor(at);
  const mix = stops[k].map((c, i) => Math.round(c + (stops[k + 1][i] - c) * (at - k)));
  return `rgb(${mix.join(',')})`;
}

/** A heat map over the map; without a title there is no head. @param marks more SVG in units of the map, such as a way; @param places whether named places are written */
export function heatSvg(heat: Heat, title: string, note = '', marks = '', places = true): string {
  const { terrain } = heat;
  const values = blurred(heat);
  // The 99.5th percentile is the hottest colour, so that a crowd in a camp does not bleach the rest.
  const sorted = [...values].filter((v) => v > 0).sort((a, b) => a - b);
  const most = sorted.length === 0 ? 1 : sorted[Math.floor(0.995 * (sorted.length - 1))];
  const cells: string[] = [];
  values.forEach((v, t) => {
    const share = Math.sqrt(Math.min(1, v / most));
    if (share < 0.06) return;
    const [x, y] = [(t % terrain.width) * SCALE, Math.floor(t / terrain.width) * SCALE];
    cells.push(
      `<path d="M${x} ${y}h${SCALE}v${SCALE}h-${SCALE}z" fill="${ramp(share)}" opacity="${(0.25 + 0.65 * share).toFixed(2)}"/>`,
    );
  });
  const [width, height] = [terrain.width * SCALE, terrain.height * SCALE];
  const head = title === '' ? 0 : 46;
  const words =
    head === 0
      ? ''
      : `<text x="8" y="-26" font-size="17" font-weight="bold" fill="#2b2b33">${title}</text><text x="8" y="-9" font-size="12" fill="#8a8a96">${note}</text>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + head}" viewBox="0 -${head} ${width} ${height + head}" font-family="DejaVu Sans, Verdana, sans-serif">` +
    `<rect y="-46" width="100%" height="46" fill="#fbfaf6"/>${mapInside(terrain, false)}${cells.join('')}` +
    `${mapInside(terrain, places).replace(/^.*?(?=<circle)/s, '')}${marks}${words}</svg>`
  );
}
