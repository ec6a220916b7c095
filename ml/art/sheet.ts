/**
 * A sheet of symbionts: `node --import tsx ml/art/sheet.ts [--count 8] [--seed 7] [--mode growth|branches|seeds|frames] [--out docs/symbionts.png]`.
 * A row is one symbiont. growth: seed, sprout, then two branches from young to elder. branches: none and the four branches at
 * young, grown and elder. seeds: the same at seed and sprout. frames: the eight animation frames.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';
import { Resvg } from '@resvg/resvg-js';
import { loadArtModel } from '#shared/art/model.ts';
import { toSvg } from '#shared/art/picture.ts';
import { drawSprite } from '#shared/art/sprite.ts';

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '8' },
    seed: { type: 'string', default: '7' },
    mode: { type: 'string', default: 'growth' },
    scale: { type: 'string', default: '4' },
    model: { type: 'string', default: 'assets/art/companion.safetensors' },
    out: { type: 'string', default: 'docs/symbionts.png' },
  },
});
const model = loadArtModel(readFileSync(options.model));
const count = Number(options.count);
const genomeOf = (n: number) => sha256(utf8ToBytes(`symbiont ${options.seed} ${n}`));

type Cell = { genome: Uint8Array; stage: number; branch: number; frame: number };
const rows: Cell[][] = [];
for (let n = 0; n < count; n++) {
  const genome = genomeOf(n);
  if (options.mode === 'branches')
    rows.push(
      [2, 3, 4].flatMap((stage) => [0, 1, 2, 3, 4].map((branch) => ({ genome, stage, branch, frame: 0 }))),
    );
  else if (options.mode === 'seeds')
    rows.push(
      [0, 1].flatMap((stage) => [0, 1, 2, 3, 4].map((branch) => ({ genome, stage, branch, frame: 0 }))),
    );
  else if (options.mode === 'frames')
    rows.push(
      Array.from({ length: 8 }, (_, frame) => ({ genome, stage: 1 + (n % 4), branch: n % 5, frame })),
    );
  else {
    // a row: the seed and the sprout before any branch, then what each of two branches makes of it
    const first = 1 + (n % 4);
    const second = 1 + ((n + 1 + (n >> 2)) % 4);
    rows.push([
      { genome, stage: 0, branch: 0, frame: 0 },
      { genome, stage: 1, branch: 0, frame: 0 },
      ...[first, second].flatMap((branch) => [2, 3, 4].map((stage) => ({ genome, stage, branch, frame: 0 }))),
    ]);
  }
}

const CELL = 36;
const width = rows[0].length * CELL + 4;
const height = rows.length * CELL + 4;
const cells = rows.flatMap((row, y) =>
  row.map((cell, x) => {
    const inner = toSvg(drawSprite(model, cell, cell.frame)).replace(/^<svg[^>]*>|<\/svg>$/g, '');
    return `<g transform="translate(${4 + x * CELL} ${4 + y * CELL})">${inner}</g>`;
  }),
);
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" shape-rendering="crispEdges"><rect width="${width}" height="${height}" fill="#a9c98a"/>${cells.join('')}</svg>`;
const png = new Resvg(svg, { fitTo: { mode: 'width', value: width * Number(options.scale) } })
  .render()
  .asPng();
mkdirSync(dirname(options.out), { recursive: true });
writeFileSync(options.out, png);
console.log(`${options.out}: ${rows.length} rows, ${png.length} bytes`);
