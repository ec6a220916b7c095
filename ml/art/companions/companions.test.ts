import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readGrid } from '#shared/art/grid/file.ts';
import { Ink } from '#shared/art/types.ts';
import { dataRoot, type TrainingSprite } from '../finetune.ts';
import { companionSprites, HELD_OUT, ICONS } from './index.ts';

let sprites: TrainingSprite[];
beforeAll(() => {
  sprites = companionSprites(7);
}, 60_000);

describe('the strips that companions are learnt from', () => {
  it('are the ones of which the committed model says that it learnt them', () => {
    const { provenance } = readGrid(new Uint8Array(readFileSync('assets/art/companion.safetensors')));
    expect(provenance.data).toBe(dataRoot(sprites));
    expect(provenance.creatures).toBe(new Set(sprites.map(({ creature }) => creature)).size);
  });

  it('hold nothing of the icons that are kept to judge by', () => {
    expect(ICONS.filter(({ name }) => HELD_OUT.includes(name))).toEqual([]);
    expect(new Set(ICONS.map(({ name }) => name)).size).toBe(ICONS.length);
  });

  it('show a creature that grows, its eyes marked on both sides, without outline around it', () => {
    for (const { pixels, stage } of sprites) {
      const filled = pixels.filter((ink) => ink !== Ink.none).length;
      expect(filled).toBeGreaterThan(40);
      const eyes = Array.from(pixels.keys()).filter((at) => pixels[at] === Ink.eye);
      expect(eyes).toHaveLength(8);
      expect(eyes.filter((at) => at % 32 < 16)).toHaveLength(4);
      expect(stage).toBeDefined();
    }
    const area = (stage: number) =>
      sprites.reduce(
        (sum, one) => (one.stage === stage ? sum + one.pixels.filter((ink) => ink > 0).length : sum),
        0,
      ) / sprites.filter((one) => one.stage === stage).length;
    expect(area(2)).toBeLessThan(area(3));
    expect(area(3)).toBeLessThan(area(4));
  });
});
