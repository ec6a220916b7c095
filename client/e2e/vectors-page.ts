import { bytesToHex } from '@noble/hashes/utils';
import modelUrl from '#assets/art/seedling.safetensors?url';
import map from '#assets/maps/hollow.json';
import art from '#assets/vectors/art.json';
import worlds from '#assets/vectors/worlds.json';
import { loadArtModel } from '#shared/art/model.ts';
import { artVectors } from '#shared/art/vectors.ts';
import { parseMap, worldHash } from '#shared/world/index.ts';
import { meadow } from '#shared/world/meadow.ts';
import { playCrowd } from '#shared/world/testing.ts';

/** What this browser computes for the vectors' cases; the test compares it with what they say. */
const terrains = { meadow: meadow(), hollow: parseMap(map) };
const model = loadArtModel(new Uint8Array(await (await fetch(modelUrl)).arrayBuffer()));

export const answers = {
  worlds: worlds.map(({ map: name, seed, ticks }) =>
    bytesToHex(worldHash(playCrowd(terrains[name as keyof typeof terrains], seed, ticks))),
  ),
  model: model.id,
  art: artVectors(model, art.cases),
};

declare global {
  interface Window {
    __vectors?: typeof answers;
  }
}
window.__vectors = answers;
