import { bytesToHex } from '@noble/hashes/utils';
import modelUrl from '#assets/art/companion.safetensors?url';
import firstUrl from '#assets/art/seedling.safetensors?url';
import map from '#assets/maps/hollow.json';
import art from '#assets/vectors/art.json';
import first from '#assets/vectors/art-v1.json';
import worlds from '#assets/vectors/worlds.json';
import { accelerate } from '#shared/art/grid/kernel.ts';
import { loadArtModel } from '#shared/art/model.ts';
import { artSweep, artVectors } from '#shared/art/vectors.ts';
import { parseMap, worldHash } from '#shared/world/index.ts';
import { meadow } from '#shared/world/meadow.ts';
import { playCrowd } from '#shared/world/testing.ts';

/** What this browser computes for the vectors' cases; the test compares it with what they say. */
const terrains = { meadow: meadow(), hollow: parseMap(map) };
const load = async (url: string) => loadArtModel(new Uint8Array(await (await fetch(url)).arrayBuffer()));
const [model, firstModel] = [await load(modelUrl), await load(firstUrl)];
/** The reference's pictures, and then the kernel's. */
const plain = artVectors(model, art.cases);
if (model.inputs === 'art-v2') await accelerate(model.grid);

export const answers = {
  worlds: worlds.map(({ map: name, seed, ticks }) =>
    bytesToHex(worldHash(playCrowd(terrains[name as keyof typeof terrains], seed, ticks))),
  ),
  model: model.id,
  art: plain,
  kernel: artVectors(model, art.cases),
  sweep: artSweep(model, art.sweep.count),
  first: artVectors(firstModel, first.cases),
};

declare global {
  interface Window {
    __vectors?: typeof answers;
  }
}
window.__vectors = answers;
