import { genomeOf } from '../genomes.ts';

/** Creatures that are shown while the model learns, and which. */
export const PREVIEWS = 4;
export const previewOf = (row: number, stage: number) => ({
  genome: genomeOf(row * 31 + 5),
  stage,
  branch: stage > 1 ? row + 1 : 0,
});
