import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hexToBytes } from '@noble/hashes/utils';
import { Resvg } from '@resvg/resvg-js';
import {
  BRANCHES,
  describe,
  drawSprite,
  loadArtModel,
  pictureHash,
  SIZE,
  STAGES,
  toPng,
  toSvg,
} from '#shared/art/index.ts';
import { readArguments, UsageError } from './options.ts';

const CELL = SIZE + 4;
const MODEL = new URL('../../assets/art/companion.safetensors', import.meta.url);

/**
 * Draws what a genome becomes: one picture with --stage (and --branch), else a strip of all stages along the branch.
 * Prints the hash that stands on chain for each.
 */
export async function run(args: readonly string[]): Promise<void> {
  const given = readArguments(args, { stage: 'string', branch: 'string', scale: 'string', out: 'string' }, 1);
  const hex = given.positionals[0];
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new UsageError(`GENOME: must be 64 hex digits, is "${hex}"`);
  const genome = hexToBytes(hex.toLowerCase());
  const branch = given.number('branch', 0, BRANCHES.length - 1) ?? 1;
  const only = given.number('stage', 0, STAGES.length - 1);
  const scale = given.number('scale', 1, 32) ?? 8;
  const out = given.text('out') ?? 'runs/symbiont.png';
  const model = loadArtModel(readFileSync(MODEL));

  const stages = only === undefined ? STAGES.map((_, stage) => stage) : [only];
  const sprites = stages.map((stage) => {
    const conditions = { genome, stage, branch: stage < 2 ? 0 : branch };
    const sprite = drawSprite(model, conditions);
    const { element, temperament } = describe(genome, stage, conditions.branch);
    console.log(`${STAGES[stage].padEnd(8)} ${pictureHash(sprite)}  ${element}, ${temperament}`);
    return sprite;
  });
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, sprites.length === 1 ? toPng(sprites[0], scale) : strip(sprites.map(toSvg), scale));
  console.log(out);
}

function strip(pictures: string[], scale: number): Uint8Array {
  const inner = pictures.map(
    (svg, n) => `<g transform="translate(${4 + n * CELL} 2)">${svg.replace(/^<svg[^>]*>|<\/svg>$/g, '')}</g>`,
  );
  const width = pictures.length * CELL + 4;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${CELL}"><rect width="100%" height="100%" rx="4" fill="#a9c98a"/>${inner.join('')}</svg>`;
  return new Resvg(svg, { fitTo: { mode: 'width', value: width * scale } }).render().asPng();
}
