/**
 * A sheet of training pictures: `node --import tsx ml/art/data/sheet.ts --out FILE [--size 32] [--from 0] [--count 20]
 * [--branch 0]`. A row is one creature: its five stages without a branch, then young to elder on one.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';
import { sheetPng } from '../judge/sheet.ts';
import { grammarSprites, heldOut, realSprites, trainingRoot } from './index.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    size: { type: 'string', default: '32' },
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: '20' },
    source: { type: 'string', default: 'real' },
    scale: { type: 'string', default: '2' },
  },
});
const size = values.size === '64' ? 64 : 32;
const sprites =
  values.source === 'grammar'
    ? grammarSprites(size, 20, 7)
    : values.source === 'held'
      ? heldOut(size)
      : realSprites(size);
const creatures = [...new Set(sprites.map((one) => one.creature))];
console.log(`${creatures.length} creatures, ${sprites.length} pictures, root ${trainingRoot(sprites)}`);
if (values.out) {
  const from = Number(values.from);
  const rows = creatures.slice(from, from + Number(values.count)).map((creature, n) => {
    const own = sprites.filter((one) => one.creature === creature);
    const plain = own.filter((one) => one.branch === 0);
    const branched = own.filter((one) => one.branch === 1 + (n % 4) && one.stage > 0);
    return [...plain, ...branched].map(({ pixels, stage, branch }) => ({
      pixels,
      size,
      genome: sha256(utf8ToBytes(`colours ${creature}`)),
      branch: branch || (stage > 1 ? 1 : 0),
    }));
  });
  writeFileSync(values.out, sheetPng(rows, Number(values.scale)));
}
