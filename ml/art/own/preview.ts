import { drawSprite, loadArtModel, STAGES, toRgba } from '#shared/art/index.ts';
import { mulberry32 } from '#shared/random.ts';

/** 32 bytes from a number: genomes that are the same each time they are looked at. */
export function genomeOf(seed: number): Uint8Array {
  const next = mulberry32(seed);
  return Uint8Array.from({ length: 32 }, () => next() & 255);
}

/** Creatures that are shown while a model learns, and which. */
export const PREVIEWS = 4;
export const previewOf = (row: number, stage: number) => ({
  genome: genomeOf(row * 31 + 5),
  stage,
  branch: stage > 1 ? row + 1 : 0,
});

/** Those creatures at every stage, row by row, RGBA. */
export function drawPreviews(file: Uint8Array): Uint8ClampedArray[] {
  const model = loadArtModel(file);
  return Array.from({ length: PREVIEWS * STAGES.length }, (_, i) => {
    const form = previewOf(Math.floor(i / STAGES.length), i % STAGES.length);
    return new Uint8ClampedArray(toRgba(drawSprite(model, form)));
  });
}
