import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGenome } from '../identity.ts';
import { type GridArt, loadArtModel } from '../model.ts';
import { pictureBytes, pictureHash, readPicture, readStrip } from '../picture.ts';
import { drawSprite, drawStrip, morphStrip, pictureOf } from '../sprite.ts';
import { ArtError, Ink } from '../types.ts';
import { type GridModel, MAX_GRID_BYTES, saveGrid } from './file.ts';
import { accelerateSync } from './kernel.ts';
import { ART_KERNEL_BASE64 } from './kernel-bytes.ts';
import { GRID_CONDITIONS, type GridShape, layersOf } from './network.ts';
import { answer, answerPlain, useEngine } from './roles.ts';

/** Numbers from a seed, 0..2²⁴. */
function numbers(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 8;
  };
}

/** A model of noise: what a careless or hostile creator could publish; a companion by any rules. */
function noise(seed: number, shape: GridShape, style: 'companion' | 'whole', anchors = 5): GridModel {
  const next = numbers(seed);
  const layers = layersOf(shape).map((layer) => ({
    ...layer,
    shift: next() % 13,
    weights: Int8Array.from({ length: layer.inputs * layer.outputs }, () => (next() & 255) - 128),
    bias: Int32Array.from({ length: layer.outputs }, () =>
      next() % 2 ? (next() << 1) - (1 << 24) : (next() % 20_001) - 10_000,
    ),
  }));
  const rules = style === 'companion' ? ([1, 2, 3] as const)[seed % 3] : 1;
  const table = Int8Array.from({ length: anchors * shape.latents }, () => (next() & 127) - 64);
  return { shape, layers, name: 'noise', style, rules, anchors: table, provenance: { seed } };
}

const SMALL: GridShape = { size: 32, latents: 6, hidden: 10, channels: 8, mix: 9, blocks: 1 };
const load = (model: GridModel) => loadArtModel(saveGrid(model)) as GridArt;
const anyShape: fc.Arbitrary<GridShape> = fc.record({
  size: fc.constantFrom(32 as const, 64 as const),
  latents: fc.integer({ min: 4, max: 64 }),
  hidden: fc.integer({ min: 8, max: 128 }),
  channels: fc.integer({ min: 1, max: 8 }).map((n) => 8 * n),
  mix: fc.integer({ min: 8, max: 128 }),
  blocks: fc.integer({ min: 1, max: 2 }),
});
const genomes = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('the kernel', () => {
  it('is the committed wasm', () => {
    const wasm = readFileSync(new URL('./kernel.wasm', import.meta.url));
    expect(ART_KERNEL_BASE64).toBe(wasm.toString('base64'));
  });

  it('gives the reference for any network and inputs', () => {
    fc.assert(
      fc.property(anyShape, fc.nat(), fc.boolean(), (shape, seed, body) => {
        const model = noise(seed, shape, 'whole');
        const next = numbers(seed ^ 77);
        const inputs = Uint8Array.from({ length: shape.latents + GRID_CONDITIONS }, () => next() & 127);
        accelerateSync(model);
        const quick = answer(model, inputs, body);
        const plain = answerPlain(model, inputs, body);
        expect(quick.logits.every((value, at) => value === plain.logits[at])).toBe(true);
        expect(quick.roles).toEqual(plain.roles);
        useEngine(model, undefined);
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});

describe('a picture by a grid model of noise', () => {
  it('gives back its genome at every stage and branch, is legal, and is not empty', () => {
    fc.assert(
      fc.property(
        genomes,
        fc.nat(),
        fc.nat(4),
        fc.nat(4),
        fc.constantFrom('companion' as const, 'whole' as const),
        fc.constantFrom(32 as const, 64 as const),
        (genome, seed, stage, branch, style, size) => {
          const model = load(noise(seed, { ...SMALL, size }, style));
          const sprite = drawSprite(model, { genome, stage, branch });
          expect(readGenome(sprite)).toEqual(genome);
          expect(sprite.pixels.every((ink) => ink < 16)).toBe(true);
          expect(sprite.pixels.filter((ink) => ink !== Ink.none).length).toBeGreaterThan(60);
        },
      ),
      { numRuns: 120 },
    );
  });

  it('comes in 64 × 64 too, and its bytes are read back', () => {
    const model = load(noise(3, { ...SMALL, size: 64 }, 'whole'));
    const given = { genome: new Uint8Array(32).fill(7), stage: 2, branch: 1 };
    const sprite = drawSprite(model, given);
    expect([sprite.width, sprite.height, sprite.pixels.length]).toEqual([64, 64, 4096]);
    expect(readPicture(pictureBytes(sprite))).toEqual(sprite);
    expect(readGenome(sprite)).toEqual(given.genome);
    const strip = drawStrip(model, given);
    expect([strip.width, strip.height]).toEqual([64, 512]);
    expect(pictureOf(strip)).toEqual(sprite);
    expect(readStrip(pictureBytes(strip))).toEqual(strip);
    expect(readPicture(pictureBytes(strip))).toBeNull();
  });

  it('is a companion in 64 × 64 too: the same everywhere, and still on the ground line', () => {
    const model = load({ ...noise(3, { ...SMALL, size: 64 }, 'companion'), rules: 1 });
    const hashes = [0, 1, 2, 3, 4].map((stage) => {
      const sprite = drawSprite(model, { genome: new Uint8Array(32).fill(7), stage, branch: stage && 2 });
      expect(sprite.pixels.subarray(62 * 64).every((ink) => ink === Ink.none)).toBe(true);
      return pictureHash(sprite).slice(0, 16);
    });
    accelerateSync(model.grid);
    const quick = drawSprite(model, { genome: new Uint8Array(32).fill(7), stage: 4, branch: 2 });
    expect(pictureHash(quick).slice(0, 16)).toBe(hashes[4]);
    // Node, browsers, and whatever comes after draw these.
    expect(hashes).toEqual([
      'eba67aba54eb0746',
      '4841981672c36ffb',
      'b7b2f99215147eea',
      'aff3b853eae73870',
      '46757bd54a561d2e',
    ]);
  });

  it('is that of the whole network’s zeros where nothing is drawn: a plain stone that carries the genome', () => {
    const model = noise(1, SMALL, 'whole');
    const layers = model.layers.map((layer) => ({
      ...layer,
      weights: new Int8Array(layer.weights.length),
      bias: new Int32Array(layer.bias.length),
    }));
    for (const style of ['companion', 'whole'] as const) {
      const genome = new Uint8Array(32).fill(200);
      const sprite = drawSprite(load({ ...model, layers, style }), { genome, stage: 3, branch: 2 });
      expect(readGenome(sprite)).toEqual(genome);
    }
  });
});

describe('the way from one form to another', () => {
  const model = load(noise(5, SMALL, 'companion'));
  const genome = Uint8Array.from({ length: 32 }, (_, i) => i * 7);
  const [from, to] = [
    { genome, stage: 1, branch: 0 },
    { genome, stage: 2, branch: 3 },
  ];

  it('begins and ends with the forms’ own pictures', () => {
    const strip = morphStrip(model, from, to, 6);
    expect(strip).toHaveLength(6);
    expect(strip[0]).toEqual(drawSprite(model, from));
    expect(strip[5]).toEqual(drawSprite(model, to));
    for (const one of strip) expect(readGenome(one)).toEqual(genome);
  });

  it('is whole for the first kind of models too', () => {
    const seedling = loadArtModel(new Uint8Array(readFileSync('assets/art/seedling.safetensors')));
    const strip = morphStrip(seedling, from, to, 3);
    expect(strip[0]).toEqual(drawSprite(seedling, from));
    expect(strip[2]).toEqual(drawSprite(seedling, to));
  });

  it('refuses what it cannot show', () => {
    expect(() => morphStrip(model, from, to, 1)).toThrow('frames must be a whole number 2..64, got 1');
    expect(() => morphStrip(model, from, { ...to, stage: 5 }, 4)).toThrow('stage must be');
  });
});

describe('the file of a grid model', () => {
  const file = saveGrid(noise(9, SMALL, 'whole'));

  it('comes back as it was', () => {
    const model = load(noise(9, SMALL, 'whole'));
    expect(saveGrid(model.grid)).toEqual(file);
    expect(model.manifest.inputs).toBe('art-v2');
  });

  it('cannot be cut short, lengthened or altered, and says so', () => {
    const { id } = loadArtModel(file);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        expect(() => loadArtModel(file.slice(0, at))).toThrow(ArtError);
        const altered = file.slice();
        altered[at] ^= change;
        try {
          // a change within the provenance is still a valid file, but another one
          expect(loadArtModel(altered).id).not.toBe(id);
        } catch (error) {
          expect(error).toBeInstanceOf(ArtError);
        }
      }),
      { numRuns: 300 },
    );
    expect(() => loadArtModel(Uint8Array.from([...file, 0]))).toThrow('data must be');
    const last = file.slice();
    last[last.length - 1] ^= 1;
    expect(() => loadArtModel(last)).toThrow(/weightsHash|anchors/);
    const large = new Uint8Array(MAX_GRID_BYTES + 1);
    large.set(file);
    expect(() => loadArtModel(large)).toThrow(`must be at most ${MAX_GRID_BYTES} bytes`);
  });

  it('cannot have sizes, shifts, biases or anchors out of range', () => {
    const model = noise(2, SMALL, 'whole');
    const with_ = (change: Partial<GridModel>) => () => saveGrid({ ...model, ...change });
    expect(with_({ shape: { ...SMALL, size: 48 as 32 } })).toThrow('size must be 32 or 64, got 48');
    expect(with_({ shape: { ...SMALL, hidden: 200 } })).toThrow(
      'hidden must be a whole number 8..128, got 200',
    );
    expect(with_({ shape: { ...SMALL, channels: 16 } })).toThrow('spread.outputs must be');
    expect(with_({ layers: model.layers.slice(1) })).toThrow('layers must be');
    expect(with_({ layers: model.layers.map((l) => ({ ...l, shift: 13 })) })).toThrow('lift.shift must be');
    const high = model.layers.map((l) => ({ ...l, bias: l.bias.map(() => 1 << 25) }));
    expect(with_({ layers: high })).toThrow('lift.bias must be at most');
    expect(with_({ anchors: new Int8Array(5) })).toThrow('anchors must be 1..1024 rows of 6');
    expect(with_({ anchors: new Int8Array(6).fill(64) })).toThrow('anchors must be -64..63, got 64');
    expect(with_({ name: 'a\nb' })).toThrow('manifest.name');
  });
});
