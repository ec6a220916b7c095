import { Resvg } from '@resvg/resvg-js';
import { toSvg } from '#shared/art/picture.ts';
import type { Sprite } from '#shared/art/types.ts';

const CELL = 36;

/** Sprites in rows, as a PNG of `scale` pixels a sprite's pixel. @throws RangeError when there is nothing to show */
export function sheetOf(rows: readonly (readonly Sprite[])[], scale = 3): Uint8Array {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  if (columns === 0) throw new RangeError('sheet: needs at least one sprite');
  const [width, height] = [columns * CELL + 4, rows.length * CELL + 4];
  const cells = rows.flatMap((row, y) =>
    row.map((sprite, x) => {
      const inner = toSvg(sprite).replace(/^<svg[^>]*>|<\/svg>$/g, '');
      return `<g transform="translate(${4 + x * CELL} ${4 + y * CELL})">${inner}</g>`;
    }),
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" shape-rendering="crispEdges"><rect width="${width}" height="${height}" fill="#a9c98a"/>${cells.join('')}</svg>`;
  return new Resvg(svg, { fitTo: { mode: 'width', value: width * scale } }).render().asPng();
}
