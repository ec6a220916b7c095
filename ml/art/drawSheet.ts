import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';
import { Resvg } from '@resvg/resvg-js';
import { type ArtModel, type Conditions, drawSprite, sizeOf, toSvg } from '#shared/art/index.ts';

export const SHEET_MODES = ['growth', 'branches', 'seeds', 'frames'] as const;
export type SheetMode = (typeof SHEET_MODES)[number];

export interface SheetOptions {
  readonly count: number;
  readonly seed: string;
  readonly mode: SheetMode;
  readonly scale: number;
}

type Cell = Conditions & { readonly frame: number };

/**
 * A row of a sheet is one symbiont. growth: seed, sprout, then two branches from young to elder. branches: none and the four
 * branches at young, grown and elder. seeds: the same at seed and sprout. frames: the eight animation frames.
 */
function rowOf(genome: Uint8Array, n: number, mode: SheetMode): Cell[] {
  const cell = (stage: number, branch: number, frame = 0): Cell => ({ genome, stage, branch, frame });
  const each = (stages: number[]) =>
    stages.flatMap((stage) => [0, 1, 2, 3, 4].map((branch) => cell(stage, branch)));
  if (mode === 'branches') return each([2, 3, 4]);
  if (mode === 'seeds') return each([0, 1]);
  if (mode === 'frames') return [0, 1, 2, 3, 4, 5, 6, 7].map((frame) => cell(1 + (n % 4), n % 5, frame));
  // the seed and the sprout before any branch, then what each of two branches makes of it
  const first = 1 + (n % 4);
  const second = 1 + ((n + 1 + (n >> 2)) % 4);
  const grown = [first, second].flatMap((branch) => [2, 3, 4].map((stage) => cell(stage, branch)));
  return [cell(0, 0), cell(1, 0), ...grown];
}

/** A sheet of symbionts as PNG. */
export function drawSheet(model: ArtModel, { count, seed, mode, scale }: SheetOptions): Uint8Array {
  const size = sizeOf(model);
  const side = size + 4;
  const rows = Array.from({ length: count }, (_, n) =>
    rowOf(sha256(utf8ToBytes(`symbiont ${seed} ${n}`)), n, mode),
  );
  const width = rows[0].length * side + 4;
  const height = rows.length * side + 4;
  const cells = rows.flatMap((row, y) =>
    row.map((cell, x) => {
      const inner = toSvg(drawSprite(model, cell, cell.frame)).replace(/^<svg[^>]*>|<\/svg>$/g, '');
      return `<g transform="translate(${4 + x * side} ${4 + y * side})">${inner}</g>`;
    }),
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" shape-rendering="crispEdges"><rect width="${width}" height="${height}" fill="#a9c98a"/>${cells.join('')}</svg>`;
  return new Resvg(svg, { fitTo: { mode: 'width', value: width * scale } }).render().asPng();
}
