import { readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Canvas } from '../canvas.ts';
import { paintFace } from '../face.ts';
import { Gene } from '../genes.ts';
import { readGenome } from '../identity.ts';
import { type GridArt, loadArtModel } from '../model.ts';
import { paletteOf } from '../palette.ts';
import { drawSprite, morphStrip } from '../sprite.ts';
import { Ink } from '../types.ts';
import { anatomyIn } from './anatomy.ts';
import { mend } from './clean.ts';
import { readGrid, saveGrid } from './file.ts';
import { accelerateSync } from './kernel.ts';
import { LATENT_MIDDLE, latentOf } from './latent.ts';
import { type GridShape, logitAt, logitCount } from './network.ts';
import { paintLogits } from './paint.ts';

const fileOf = (name: string) => new Uint8Array(readFileSync(`assets/art/${name}.safetensors`));
const open = (name: string) => {
  const model = loadArtModel(fileOf(name)) as GridArt;
  accelerateSync(model.grid);
  return model;
};
const [first, second, third] = ['earlier-companion', 'second-companion', 'companion'].map(open);
const genomeOf = (n: number) => sha256(utf8ToBytes(`rules ${n}`));
const CANVAS: GridShape = { size: 32, latents: 4, hidden: 8, channels: 8, mix: 8, blocks: 1 };

/** Of the pixels that are coat or patch in both pictures, the percentage that are the same of the two. */
function agreement(model: GridArt, genome: Uint8Array): number {
  const egg = drawSprite(model, { genome, stage: 0, branch: 0 }).pixels;
  const sprout = drawSprite(model, { genome, stage: 1, branch: 0 }).pixels;
  const kind = (ink: number) =>
    ink === Ink.patch || ink === Ink.patchShade ? 2 : ink >= Ink.coatShade && ink <= Ink.mark ? 1 : 0;
  let [same, both] = [0, 0];
  egg.forEach((ink, at) => {
    const [a, b] = [kind(ink), kind(sprout[at])];
    if (a === 0 || b === 0) return;
    both++;
    if (a === b) same++;
  });
  return (100 * same) / both;
}

function expectGenomeWritten(model: GridArt): void {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.nat(4),
      fc.nat(4),
      (genome, stage, branch) => {
        expect(readGenome(drawSprite(model, { genome, stage, branch }))).toEqual(genome);
      },
    ),
    { numRuns: 300 },
  );
}

describe('the second rules', () => {
  it('are named in the file; one that names none means the first', () => {
    expect([first, second, third].map(({ grid }) => grid.rules)).toEqual([1, 2, 3]);
    expect('rules' in first.manifest).toBe(false);
    expect(readGrid(saveGrid({ ...first.grid, rules: 2 })).rules).toBe(2);
    // one network by all rules: who has the one file can make the others
    expect(saveGrid({ ...third.grid, rules: 1 })).toEqual(fileOf('earlier-companion'));
    expect(saveGrid({ ...third.grid, rules: 2 })).toEqual(fileOf('second-companion'));
  });

  it('cannot be others, nor those of a whole drawing', () => {
    const renamed = Buffer.from(fileOf('companion'))
      .toString('latin1')
      .replace('\\"rules\\":3', '\\"rules\\":4');
    expect(() => loadArtModel(Uint8Array.from(Buffer.from(renamed, 'latin1')))).toThrow('manifest.rules');
    for (const { grid } of [second, third])
      expect(() => saveGrid({ ...grid, style: 'whole' })).toThrow(
        `rules must be 1 unless it is a companion, got ${grid.rules}`,
      );
  });

  it('dress an egg in the coat of what hatches from it', () => {
    let [before, after] = [0, 0];
    for (let n = 0; n < 40; n++) {
      before += agreement(first, genomeOf(n)) / 40;
      after += agreement(second, genomeOf(n)) / 40;
    }
    expect(after).toBeGreaterThan(90);
    expect(after).toBeGreaterThan(before + 5);
  });

  it('hatch: the way from egg to sprout begins and ends with their own pictures', () => {
    const genome = genomeOf(3);
    const [egg, sprout] = [0, 1].map((stage) => ({ genome, stage, branch: 0 }));
    const strip = morphStrip(second, egg, sprout, 5);
    expect(strip[0]).toEqual(drawSprite(second, egg));
    expect(strip[4]).toEqual(drawSprite(second, sprout));
  });

  it('tell colours apart by the upper bits of genes, which the first do not read', () => {
    const genome = genomeOf(1);
    const inks = [
      [Gene.patch, Ink.patch],
      [Gene.iris, Ink.iris],
      [Gene.mouth, Ink.coat],
      [Gene.cheeks, Ink.blush],
    ];
    for (const [gene, ink] of inks) {
      const other = genome.slice();
      other[gene] ^= 0xc0;
      const colour = (of: Uint8Array, rules: 1 | 2) =>
        paletteOf({ genome: of, stage: 3, branch: 1 }, rules).subarray(4 * ink, 4 * ink + 4);
      expect(colour(other, 1)).toEqual(colour(genome, 1));
      expect(colour(other, 2)).not.toEqual(colour(genome, 2));
    }
  });

  it('mix latents to the length of their anchors, where the first shrink them', () => {
    const { latents } = second.grid.shape;
    const length = (values: ArrayLike<number>, middle: number) =>
      Math.hypot(...Array.from(values, (value) => value - middle));
    const anchors = Array.from({ length: second.grid.anchors.length / latents }, (_, n) =>
      length(second.grid.anchors.subarray(n * latents, (n + 1) * latents), 0),
    );
    const mean = (of: number[]) => of.reduce((a, b) => a + b, 0) / of.length;
    const mixed = (model: GridArt) =>
      mean(Array.from({ length: 200 }, (_, n) => length(latentOf(model.grid, genomeOf(n)), LATENT_MIDDLE)));
    expect(mixed(second) / mean(anchors)).toBeGreaterThan(0.95);
    expect(mixed(second) / mean(anchors)).toBeLessThan(1.1);
    expect(mixed(first) / mean(anchors)).toBeLessThan(0.9);
  });

  it('leave a creator’s lone anchor what it is, and an empty one too', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.array(fc.integer({ min: -64, max: 63 }), { minLength: 32, maxLength: 32 }),
        (genome, values) => {
          for (const anchors of [Int8Array.from(values), new Int8Array(32)]) {
            const latent = latentOf({ ...second.grid, anchors }, genome);
            expect(latent.every((value, j) => Math.abs(value - LATENT_MIDDLE - anchors[j]) <= 10)).toBe(true);
          }
        },
      ),
    );
  });

  it('set whole what grows on a head: none but a bloom’s ring reaches the first row', () => {
    for (let n = 0; n < 1000; n++) {
      const { pixels } = drawSprite(second, {
        genome: genomeOf(n),
        stage: 2 + (n % 3),
        branch: 2 + (n % 3 === 0 ? n % 2 : n % 3),
      });
      expect(Math.max(...pixels.subarray(0, 32))).toBeLessThanOrEqual(Ink.outline);
    }
  });

  it('leave as much pattern as they can on a creature that is nearly all patch', () => {
    const roles = (rules: 1 | 2) => {
      const logits = new Int32Array(logitCount(CANVAS));
      for (let y = 10; y < 29; y++)
        for (let x = 8; x < 24; x++) logits[logitAt(CANVAS, x, y) + Ink.patch] = 100;
      return paintLogits(CANVAS, logits, { genome: genomeOf(2), stage: 1, branch: 0 }, { rules }).pixels;
    };
    const count = (ink: number) => roles(2).filter((one) => one === ink).length;
    expect(count(Ink.coat)).toBeGreaterThanOrEqual(64);
    expect(count(Ink.patch)).toBeGreaterThan(100);
  });

  it('write the genome into every picture', () => {
    expectGenomeWritten(second);
  });
});

describe('the third rules', () => {
  it('set latents twice as far from the middle as the second, up to the ends', () => {
    const far = (value: number) => value - LATENT_MIDDLE;
    for (let n = 0; n < 100; n++) {
      const [before, after] = [second, third].map(({ grid }) => latentOf(grid, genomeOf(n)));
      const { latents } = third.grid.shape;
      for (let j = 0; j < latents; j++) {
        const wanted = Math.max(-64, Math.min(2 * far(before[j]), 63));
        expect(Math.abs(far(after[j]) - wanted)).toBeLessThanOrEqual(3);
      }
    }
  });

  it('mend spots of fewer than four pixels with what is beside them, and nothing else', () => {
    const N = 8;
    const plain = new Uint8Array(N * N).fill(Ink.coat);
    const with_ = (spots: readonly (readonly [number, number])[]) => {
      const pixels = plain.slice();
      for (const [at, ink] of spots) pixels[at] = ink;
      return pixels;
    };
    const mended = (pixels: Uint8Array) => {
      mend(pixels, N, 4);
      return pixels;
    };
    expect(mended(with_([[9, Ink.patch]]))).toEqual(plain);
    // three in a corner go, four in a row stay; a diagonal is no neighbour
    const corner = [0, 1, N].map((at) => [at, Ink.coatLight] as const);
    expect(mended(with_(corner))).toEqual(plain);
    const row = with_([40, 41, 42, 43].map((at) => [at, Ink.patch] as const));
    expect(mended(row.slice())).toEqual(row);
    expect(mended(with_([9, 18, 27, 36].map((at) => [at, Ink.patch] as const)))).toEqual(plain);
    // the more becomes of it, of equals the lowest
    const between = plain.slice().fill(Ink.patch, 0, 28).fill(Ink.coat, 28);
    between[20] = Ink.blush;
    expect(mended(between)[20]).toBe(Ink.patch);
    // alone it has nothing to become
    const lone = new Uint8Array(N * N);
    lone[12] = Ink.patch;
    expect(mended(lone.slice())).toEqual(lone);
  });

  it('never mend a silhouette', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 256, maxLength: 256, max: 4 }), (pixels) => {
        const once = pixels.slice();
        mend(once, 16, 4);
        expect(once.map((ink) => (ink === Ink.none ? 0 : 1))).toEqual(
          pixels.map((ink) => (ink === Ink.none ? 0 : 1)),
        );
      }),
    );
  });

  it('give a grown one the eyes that it had when it was young', () => {
    const eyesOf = (model: GridArt, stage: number, n: number) =>
      drawSprite(model, { genome: genomeOf(n), stage, branch: 0 }).pixels.filter(
        (ink) => ink === Ink.eye || ink === Ink.iris || ink === Ink.white,
      ).length;
    let [before, after] = [0, 0];
    for (let n = 0; n < 100; n++) {
      before += eyesOf(second, 4, n);
      after += eyesOf(third, 4, n);
      expect(Math.abs(eyesOf(third, 4, n) - eyesOf(third, 2, n))).toBeLessThanOrEqual(3);
    }
    expect(after).toBeLessThan(0.75 * before);
  });

  it('draw four mouths that can be told apart, whether eyes are near or far', () => {
    for (const [stage, centre] of [
      [2, 4],
      [3, 4],
      [4, 6],
    ]) {
      const faces = [0, 1, 2, 3].map((mouth) => {
        const canvas = new Canvas();
        const genome = genomeOf(1);
        genome[Gene.mouth] = mouth;
        const body = { ...anatomyIn(new Uint8Array(1024).fill(Ink.coat), stage, { row: 14, apart: 3 }) };
        paintFace(canvas, { genome, stage, branch: 0 }, body, false, centre, 3);
        return canvas.pixels.join();
      });
      expect(new Set(faces).size).toBe(4);
    }
  });

  it('write the genome into every picture', () => {
    expectGenomeWritten(third);
  });
});
