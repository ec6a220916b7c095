import { Resvg } from '@resvg/resvg-js';
import { paletteOf } from '#shared/art/palette.ts';

/** A cell of a sheet: roles, drawn in the colours that the genome and the branch choose. */
export interface Cell {
  readonly pixels: Uint8Array;
  readonly size: number;
  readonly genome: Uint8Array;
  readonly branch: number;
}

const hex = (value: number) => value.toString(16).padStart(2, '0');

/** Rows of sprites as a PNG, `scale` screen pixels a pixel; `labels` are written before the rows. */
export function sheetPng(
  rows: readonly (readonly Cell[])[],
  scale: number,
  labels?: readonly string[],
): Uint8Array {
  const size = Math.max(...rows.flat().map((cell) => cell.size));
  const pitch = size + 4;
  const margin = labels ? Math.round(size * 3.2) : 4;
  const width = margin + Math.max(...rows.map((row) => row.length)) * pitch;
  const height = rows.length * pitch + 4;
  const shapes: string[] = [];
  rows.forEach((row, y) => {
    if (labels)
      labels[y].split('\n').forEach((line, n) => {
        const size = n === 0 ? 7 : 5;
        shapes.push(
          `<text x="4" y="${y * pitch + 12 + n * 7}" font-size="${size}" font-family="sans-serif" fill="#23301c">${line}</text>`,
        );
      });
    row.forEach((cell, x) => {
      shapes.push(cellSvg(cell, margin + x * pitch, 4 + y * pitch));
    });
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><rect width="${width}" height="${height}" fill="#a9c98a"/>${shapes.join('')}</svg>`;
  return new Resvg(svg, { fitTo: { mode: 'width', value: width * scale } }).render().asPng();
}

function cellSvg({ pixels, size, genome, branch }: Cell, left: number, top: number): string {
  const palette = paletteOf({ genome, stage: 4, branch });
  let out = '';
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; ) {
      const ink = pixels[y * size + x];
      let run = 1;
      while (x + run < size && pixels[y * size + x + run] === ink) run++;
      if (ink > 0) {
        const [r, g, b] = palette.subarray(ink * 4, ink * 4 + 3);
        out += `<path shape-rendering="crispEdges" fill="#${hex(r)}${hex(g)}${hex(b)}" d="M${left + x} ${top + y}h${run}v1h-${run}z"/>`;
      }
      x += run;
    }
  return out;
}
