import { hexToBytes } from '@noble/hashes/utils';
import modelUrl from '#assets/art/companion.safetensors?url';
import firstUrl from '#assets/art/seedling.safetensors?url';
import { saveGrid } from '#shared/art/grid/file.ts';
import type { ArtModel } from '#shared/art/model.ts';
import { pictureHash, toRgba } from '#shared/art/picture.ts';
import { loadQuickArt } from '#shared/art/quick.ts';
import { drawSprite, morphStrip } from '#shared/art/sprite.ts';
import { type Conditions, type FRAMES, SIZE, type Sprite } from '#shared/art/types.ts';

/**
 * What a symbiont is drawn from: its genome as 64 hex digits, its stage and its branch. `picture`: the hash on the chain,
 * which says which model drew it; without it the newest does.
 */
export interface Portrait {
  genome: string;
  stage: number;
  branch: number;
  picture?: string;
  /** Id of the art model of a creator's collection; nothing: one of the world's own. */
  model?: string | null;
}

/** The world's models, newest first. */
let models: readonly ArtModel[] = [];

/** @param what names it where it cannot be had */
async function fetchModel(what: string, url: string): Promise<ArtModel> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${what}: the server answered ${response.status}`);
  return loadQuickArt(new Uint8Array(await response.arrayBuffer()));
}

/** The same network by the rules before its own, by which it drew before: what its files were, newest first. */
function earlier(model: ArtModel): Promise<ArtModel[]> {
  if (model.inputs !== 'art-v2') return Promise.resolve([]);
  const { grid } = model;
  const before = ([2, 1] as const).filter((rules) => rules < grid.rules);
  return Promise.all(before.map((rules) => loadQuickArt(saveGrid({ ...grid, rules }))));
}

/** Fetches the art models, once. */
export async function loadArt(): Promise<void> {
  const [newest, first] = await Promise.all([modelUrl, firstUrl].map((url) => fetchModel('art model', url)));
  models = [newest, ...(await earlier(newest)), first];
}

/** Models of creators, by their ids. */
const brought = new Map<string, ArtModel>();
const fetching = new Map<string, Promise<void>>();
const AGAIN_MS = 15_000;

/** Fetches a creator's model, once. @throws Error where it cannot be had or is another than it is called */
export function needModel(id: string | null | undefined): Promise<void> {
  if (!id || brought.get(id) || models.some((model) => model.id === id)) return Promise.resolve();
  let coming = fetching.get(id);
  if (!coming) {
    coming = (async () => {
      const model = await fetchModel(`art model ${id}`, `/api/studio/models/${id}`);
      if (model.id !== id) throw new Error(`art model ${id}: has another hash, ${model.id}`);
      brought.set(id, model);
    })();
    fetching.set(id, coming);
    coming.then(
      () => fetching.delete(id),
      // Somebody walks by again and again: it is not asked for each time.
      () => setTimeout(() => fetching.delete(id), AGAIN_MS),
    );
  }
  return coming;
}

/** Whether its model is there; where it is not, it is sent for. */
export function drawable({ model }: Portrait): boolean {
  if (!model || brought.get(model) || models.some(({ id }) => id === model)) return true;
  needModel(model).catch((error: unknown) => console.warn(error));
  return false;
}

const conditionsOf = ({ genome, stage, branch }: Portrait): Conditions => ({
  genome: hexToBytes(genome),
  stage,
  branch,
});

/** Which model drew a picture, by its hash; filled as pictures are seen. */
const drewIt = new Map<string, ArtModel>();
const MOST_KNOWN = 4096;

function modelOf(p: Portrait): ArtModel {
  if (models.length === 0) throw new Error('art model: not loaded yet');
  if (p.model) {
    const own = brought.get(p.model) ?? models.find(({ id }) => id === p.model);
    // Nothing is drawn by another's.
    if (!own) throw new Error(`art model ${p.model}: not loaded yet`);
    return own;
  }
  if (!p.picture) return models[0];
  const known = drewIt.get(p.picture);
  if (known) return known;
  const conditions = conditionsOf(p);
  const found = models.find((model) => pictureHash(drawSprite(model, conditions)) === p.picture) ?? models[0];
  if (drewIt.size >= MOST_KNOWN) drewIt.clear();
  drewIt.set(p.picture, found);
  return found;
}

const drawn = (p: Portrait, frame: number) => drawSprite(modelOf(p), conditionsOf(p), frame);

/** SHA-256 of the picture as this page draws it, 64 hex digits: the same as on the chain. */
export const portraitHash = (p: Portrait): string => pictureHash(drawn(p, 0));

function canvasOf(frames: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = SIZE * frames;
  canvas.height = SIZE;
  return canvas;
}

/** Puts sprites side by side; the canvas takes on their size. */
function paint(canvas: HTMLCanvasElement, sprites: readonly Sprite[]): HTMLCanvasElement {
  const side = sprites[0].width;
  canvas.width = side * sprites.length;
  canvas.height = side;
  const context = canvas.getContext('2d')!;
  sprites.forEach((sprite, n) => {
    const image = context.createImageData(side, side);
    image.data.set(toRgba(sprite));
    context.putImageData(image, n * side, 0);
  });
  return canvas;
}

/**
 * One frame, or all of them side by side, as a canvas of 32 pixels a frame, or of 64 where its model draws so large. It
 * stays empty until the model of a creator's collection is there.
 */
export function portraitCanvas(p: Portrait, frames: 1 | typeof FRAMES = 1): HTMLCanvasElement {
  const canvas = canvasOf(frames);
  const fill = () =>
    paint(
      canvas,
      Array.from({ length: frames }, (_, f) => drawn(p, f)),
    );
  if (drawable(p)) return fill();
  needModel(p.model).then(fill, () => {});
  return canvas;
}

/** Pictures of an evolution, both forms' own among them. */
export const MORPH_FRAMES = 12;

/** The way from one form to the next, side by side: `MORPH_FRAMES` square pictures. */
export function morphCanvas(from: Portrait, to: Portrait): HTMLCanvasElement {
  const strip = morphStrip(modelOf(to), conditionsOf(from), conditionsOf(to), MORPH_FRAMES);
  return paint(canvasOf(MORPH_FRAMES), strip);
}
