/**
 * Writes assets/vectors/worlds.json: hashes that every machine, process and browser must reach. Run after a change of
 * the rules: `node --import tsx assets/src/vectors/worlds.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils';
import { meadow } from '#shared/world/meadow.ts';
import { playCrowd } from '#shared/world/testing.ts';
import { parseMap } from '#shared/world/tiled.ts';
import { worldHash } from '#shared/world/world.ts';

const maps = {
  meadow: meadow(),
  hollow: parseMap(JSON.parse(readFileSync('assets/maps/hollow.json', 'utf8'))),
};
const vectors = [];
for (const map of ['meadow', 'hollow'] as const)
  for (const seed of [1, 2, 3, 1_000_003])
    for (const ticks of [100, 2000])
      vectors.push({ map, seed, ticks, hash: bytesToHex(worldHash(playCrowd(maps[map], seed, ticks))) });
writeFileSync('assets/vectors/worlds.json', `${JSON.stringify(vectors, null, 1)}\n`);
console.log(`${vectors.length} worlds`);
