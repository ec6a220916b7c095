import { readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Gene } from './genes.ts';
import { accelerateSync } from './grid/kernel.ts';
import { useEngine } from './grid/roles.ts';
import { readGenome } from './identity.ts';
import { type GridArt, loadArtModel } from './model.ts';
import { pictureHash } from './picture.ts';
import { drawSprite } from './sprite.ts';
import { difference, pieces } from './testing.ts';
import { type Conditions, Ink, PIXELS } from './types.ts';
import { type ArtVectors, artSweep, artVectors } from './vectors.ts';

const modelAt = (name: string) =>
  loadArtModel(new Uint8Array(readFileSync(`assets/art/${name}.safetensors`))) as GridArt;
const vectorsAt = (name: string): ArtVectors =>
  JSON.parse(readFileSync(`assets/vectors/${name}.json`, 'utf8'));
const model = modelAt('companion');
const genomeOf = (n: number) => sha256(utf8ToBytes(`creature ${n}`));
const conditions: fc.Arbitrary<Conditions> = fc.record({
  genome: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  stage: fc.nat(4),
  branch: fc.nat(4),
});
afterEach(() => useEngine(model.grid, undefined));

describe('a companion', () => {
  it.each([
    ['companion', 'art'],
    ['second-companion', 'art-second'],
    ['earlier-companion', 'art-earlier'],
  ])(
    'of %s is the same as those recorded in %s, bit for bit, by the reference and by the kernel',
    (...names) => {
      const model = modelAt(names[0]);
      const vectors = vectorsAt(names[1]);
      expect(vectors.model).toBe(model.id);
      expect(vectors.cases.length).toBeGreaterThanOrEqual(64);
      const wanted = vectors.cases.map(({ picture, png, svg }) => ({ picture, png, svg }));
      expect(artVectors(model, vectors.cases)).toEqual(wanted);
      accelerateSync(model.grid);
      expect(artVectors(model, vectors.cases)).toEqual(wanted);
      expect(artSweep(model, vectors.sweep.count)).toBe(vectors.sweep.hash);
    },
    120_000,
  );

  it('is drawn by the kernel as by the reference, every frame', () => {
    fc.assert(
      fc.property(conditions, fc.nat(7), (given, frame) => {
        useEngine(model.grid, undefined);
        const plain = pictureHash(drawSprite(model, given, frame));
        accelerateSync(model.grid);
        expect(pictureHash(drawSprite(model, given, frame))).toBe(plain);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('of 10,000 genomes at changing stages never repeats, is never blank and hangs together', () => {
    accelerateSync(model.grid);
    const seen = new Set<string>();
    let smallest = PIXELS;
    let loose = 0;
    for (let n = 0; n < 10_000; n++) {
      const sprite = drawSprite(model, { genome: genomeOf(n), stage: n % 5, branch: ((n / 5) | 0) % 5 });
      const [body, ...rest] = pieces(sprite);
      smallest = Math.min(smallest, body);
      if (rest.reduce((a, b) => a + b, 0) > body / 10) loose++;
      // the pixels alone, colours apart: what a player sees
      seen.add(bytesToHex(sha256(sprite.pixels)));
    }
    expect(smallest).toBeGreaterThan(120);
    expect(loose).toBeLessThan(100);
    expect(seen.size).toBe(10_000);
  }, 120_000);

  it('gives back the genome it was drawn from', () => {
    accelerateSync(model.grid);
    fc.assert(
      fc.property(conditions, (given) => {
        expect(readGenome(drawSprite(model, given))).toEqual(given.genome);
      }),
      { numRuns: 400 },
    );
  });

  it('grows with the stage, shows the branch, and is more like itself than like others', () => {
    accelerateSync(model.grid);
    const area = (given: Conditions) =>
      drawSprite(model, given).pixels.filter((ink) => ink !== Ink.none).length;
    let own = 0;
    let other = 0;
    for (let n = 0; n < 60; n++) {
      const genome = genomeOf(n);
      expect(area({ genome, stage: 4, branch: 0 })).toBeGreaterThan(area({ genome, stage: 1, branch: 0 }));
      for (const branch of [1, 2, 3, 4]) {
        const { pixels } = drawSprite(model, { genome, stage: 3, branch });
        const grown = [Ink.accent, Ink.accentLight, Ink.accentShade, Ink.leaf] as number[];
        expect(pixels.filter((ink) => grown.includes(ink)).length).toBeGreaterThan(3);
      }
      const young = drawSprite(model, { genome, stage: 2, branch: 1 });
      own += difference(young, drawSprite(model, { genome, stage: 3, branch: 1 }));
      other += difference(young, drawSprite(model, { genome: genomeOf(n + 1), stage: 3, branch: 1 }));
    }
    expect(own).toBeLessThan(other);
  });

  it('changes little when a shape gene changes little', () => {
    accelerateSync(model.grid);
    let near = 0;
    let far = 0;
    for (let n = 0; n < 200; n++) {
      const genome = genomeOf(n);
      const drawn = drawSprite(model, { genome, stage: 3, branch: 0 });
      const with_ = (value: number) => {
        const changed = genome.slice();
        changed[Gene.shape] = value;
        return drawSprite(model, { genome: changed, stage: 3, branch: 0 });
      };
      near += difference(drawn, with_((genome[Gene.shape] + 2) & 255));
      far += difference(drawn, with_((genome[Gene.shape] + 128) & 255));
    }
    expect(near).toBeLessThan(far);
  });
});
