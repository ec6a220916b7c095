/** Writes `assets/vectors/art.json`: `node --import tsx ml/art/make-vectors.ts`. Run when the art is meant to change. */
import { readFileSync, writeFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { accelerateSync } from '#shared/art/grid/kernel.ts';
import { loadArtModel } from '#shared/art/model.ts';
import { type ArtCase, artSweep, artVectors } from '#shared/art/vectors.ts';

const model = loadArtModel(readFileSync('assets/art/companion.safetensors'));
const cases: ArtCase[] = [];
// every stage × branch thrice: the darkest and the brightest genome, then drawn ones, every frame in turn
for (let stage = 0; stage < 5; stage++)
  for (let branch = 0; branch < 5; branch++)
    for (let n = 0; n < 3; n++) {
      const drawn = bytesToHex(sha256(utf8ToBytes(`art vector ${stage} ${branch} ${n}`)));
      const edge = (stage + branch) % 2 === 0 ? '00'.repeat(32) : 'ff'.repeat(32);
      cases.push({
        genome: n === 0 ? edge : drawn,
        stage,
        branch,
        frame: n === 2 ? 1 + ((stage * 5 + branch) % 7) : 0,
      });
    }
const answers = artVectors(model, cases);
const SWEEP = 10_000;
if (model.inputs === 'art-v2') accelerateSync(model.grid);
const sweep = JSON.stringify({ count: SWEEP, hash: artSweep(model, SWEEP) });
const rows = cases.map((one, i) => `    ${JSON.stringify({ ...one, ...answers[i] })}`).join(',\n');
writeFileSync(
  'assets/vectors/art.json',
  `{\n  "model": "${model.id}",\n  "sweep": ${sweep},\n  "cases": [\n${rows}\n  ]\n}\n`,
);
console.log(`${cases.length} cases`);
