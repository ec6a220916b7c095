import { readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DECODER_INPUTS, decode, FIELDS } from './decoder.ts';
import { gather, readGenome, scatter } from './identity.ts';
import { type FieldModel, loadFieldModel, saveArtModel } from './model.ts';
import { pictureBytes, pictureHash } from './picture.ts';
import { drawSprite } from './sprite.ts';
import { pieces } from './testing.ts';
import { type Conditions, Ink, PIXELS, type Sprite } from './types.ts';
import { type ArtVectors, artVectors } from './vectors.ts';

const model = loadFieldModel(readFileSync('assets/art/seedling.safetensors'));
const vectors: ArtVectors = JSON.parse(readFileSync('assets/vectors/art-v1.json', 'utf8'));
const genomeOf = (n: number) => sha256(utf8ToBytes(`creature ${n}`));
const genomes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const conditions: fc.Arbitrary<Conditions> = fc.record({
  genome: genomes,
  stage: fc.nat(4),
  branch: fc.nat(4),
});

/** A model of noise: what a careless or hostile creator could publish. */
function noise(seed: number): FieldModel {
  let state = seed | 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 8;
  };
  const layer = (inputs: number, outputs: number, shift: number) => ({
    inputs,
    outputs,
    shift,
    weights: Int8Array.from({ length: inputs * outputs }, () => (next() & 255) - 128),
    bias: Int32Array.from({ length: outputs }, () => (next() % 20_001) - 10_000),
  });
  const network = { layers: [layer(DECODER_INPUTS, 8, 8), layer(8, FIELDS.length, 4)] };
  return loadFieldModel(saveArtModel('noise', network, {}));
}

const area = ({ pixels }: Sprite) => pixels.reduce((sum, ink) => sum + (ink === Ink.none ? 0 : 1), 0);

describe('a picture', () => {
  it('is the same as the recorded ones, bit for bit', () => {
    expect(vectors.model).toBe(model.id);
    expect(vectors.cases.length).toBeGreaterThanOrEqual(64);
    const wanted = vectors.cases.map(({ picture, png, svg }) => ({ picture, png, svg }));
    expect(artVectors(model, vectors.cases)).toEqual(wanted);
  });

  it('of 1,000 genomes at changing stages never repeats, is never blank and hangs together', () => {
    const seen = new Set<string>();
    let smallest = PIXELS;
    let loosest = 0;
    for (let n = 0; n < 1000; n++) {
      const sprite = drawSprite(model, { genome: genomeOf(n), stage: n % 5, branch: ((n / 5) | 0) % 5 });
      const [body, ...rest] = pieces(sprite);
      smallest = Math.min(smallest, body);
      loosest = Math.max(loosest, rest.reduce((a, b) => a + b, 0) / body);
      // the pixels alone, colours apart: what a player sees
      seen.add(bytesToHex(sprite.pixels));
    }
    expect(smallest).toBeGreaterThan(120);
    expect(loosest).toBeLessThan(0.1);
    expect(seen.size).toBe(1000);
  }, 60_000);

  it('gives back the genome it was drawn from, so that no two genomes share one', () => {
    fc.assert(
      fc.property(conditions, (given) => {
        expect(readGenome(drawSprite(model, given))).toEqual(given.genome);
      }),
      { numRuns: 500 },
    );
  });

  it('gives back the genome even when the model draws noise', () => {
    for (let n = 1; n <= 60; n++) {
      const rough = noise(n * 7919);
      for (let stage = 0; stage < 5; stage++)
        for (let branch = 0; branch < 5; branch++) {
          const genome = genomeOf(n * 25 + stage * 5 + branch);
          expect(readGenome(drawSprite(rough, { genome, stage, branch }))).toEqual(genome);
        }
    }
  });

  it('changes its markings when a single bit of the genome changes, at every stage', () => {
    const genome = genomeOf(1);
    for (let stage = 0; stage < 5; stage++) {
      const before = drawSprite(model, { genome, stage, branch: 0 });
      for (let bit = 0; bit < 256; bit++) {
        const near = genome.slice();
        near[bit >> 3] ^= 1 << (bit & 7);
        const after = drawSprite(model, { genome: near, stage, branch: 0 });
        const moved = after.pixels.reduce((sum, ink, at) => sum + (ink === before.pixels[at] ? 0 : 1), 0);
        expect(moved, `stage ${stage}, bit ${bit}`).toBeGreaterThan(16);
      }
    }
  });

  it('grows with the stage and shows the branch', () => {
    for (let n = 0; n < 40; n++) {
      const genome = genomeOf(n);
      const size = (stage: number) => area(drawSprite(model, { genome, stage, branch: 0 }));
      expect(size(4)).toBeGreaterThan(size(2));
      expect(size(3)).toBeGreaterThan(size(1));
      for (let stage = 0; stage < 5; stage++) {
        const inks = [1, 2, 3, 4].map((branch) =>
          drawSprite(model, { genome, stage, branch }).pixels.reduce(
            (sum, ink) => sum + (ink === Ink.accent || ink === Ink.accentLight || ink === Ink.leaf ? 1 : 0),
            0,
          ),
        );
        expect(Math.min(...inks)).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it('moves in its idle and walk frames', () => {
    fc.assert(
      fc.property(conditions, (given) => {
        const frames = Array.from({ length: 8 }, (_, frame) => drawSprite(model, given, frame));
        expect(new Set([0, 1, 2, 4, 6].map((f) => pictureHash(frames[f]))).size).toBe(5);
        for (const frame of frames) expect(frame.palette).toEqual(frames[0].palette);
      }),
      { numRuns: 40 },
    );
  });

  it('has 16 colours, the first of them transparent, and canonical bytes', () => {
    fc.assert(
      fc.property(conditions, (given) => {
        const sprite = drawSprite(model, given);
        expect(sprite.pixels.every((ink) => ink < 16)).toBe(true);
        expect([...sprite.palette.filter((_, i) => i % 4 === 3)]).toEqual([0, ...Array(15).fill(255)]);
        expect(pictureBytes(sprite).length).toBe(1092);
      }),
      { numRuns: 50 },
    );
  });

  it('cannot be drawn from conditions out of range', () => {
    const genome = genomeOf(0);
    expect(() => drawSprite(model, { genome: genome.slice(1), stage: 0, branch: 0 })).toThrow(
      'genome must be 32 bytes, got 31',
    );
    expect(() => drawSprite(model, { genome, stage: 5, branch: 0 })).toThrow(
      'stage must be a whole number 0..4, got 5',
    );
    expect(() => drawSprite(model, { genome, stage: 0.5, branch: 0 })).toThrow('stage must be');
    expect(() => drawSprite(model, { genome, stage: 0, branch: -1 })).toThrow(
      'branch must be a whole number 0..4, got -1',
    );
    expect(() => drawSprite(model, { genome, stage: 0, branch: 0 }, 8)).toThrow(
      'frame must be a whole number 0..7, got 8',
    );
  });
});

describe('the spreading of the genome', () => {
  it('is a bijection', () => {
    fc.assert(
      fc.property(genomes, (genome) => {
        expect(gather(scatter(genome))).toEqual(genome);
      }),
    );
  });
});

describe('the decoder', () => {
  it('computes what the brains’ reference network computes', async () => {
    const { forward } = await import('#shared/brain/network.ts');
    const { coordinateInputs, HALF_PIXELS } = await import('./decoder.ts');
    const { conditionInputs } = await import('./genes.ts');
    fc.assert(
      fc.property(conditions, fc.nat(511), (given, p) => {
        const logits = new Int32Array(FIELDS.length);
        const inputs = Uint8Array.from([...coordinateInputs(p % 16, p >> 4), ...conditionInputs(given)]);
        forward(model.network, inputs, logits);
        const fields = decode(model, given);
        expect([...logits]).toEqual(FIELDS.map((_, o) => fields[o * HALF_PIXELS + p]));
      }),
      { numRuns: 60 },
    );
  });
});
