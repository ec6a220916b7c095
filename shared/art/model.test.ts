import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBrain } from '#shared/brain/file.ts';
import { DECODER_INPUTS, FIELDS } from './decoder.ts';
import { loadArtModel, loadFieldModel, saveArtModel } from './model.ts';
import { ArtError } from './types.ts';

const file = new Uint8Array(readFileSync('assets/art/seedling.safetensors'));
const network = (inputs: number, outputs: number) => ({
  layers: [
    { inputs, outputs, shift: 6, weights: new Int8Array(inputs * outputs), bias: new Int32Array(outputs) },
  ],
});

describe('an art model file', () => {
  it('comes back from being written', () => {
    const model = loadFieldModel(file);
    expect(saveArtModel(model.manifest.name, model.network, model.manifest.provenance)).toEqual(file);
  });

  it('cannot be a brain of another role or with other inputs', () => {
    const other = {
      name: 'x',
      observation: 'art-v1',
      network: network(DECODER_INPUTS, FIELDS.length),
      provenance: {},
    };
    expect(() => loadArtModel(encodeBrain({ ...other, role: 'raider' }))).toThrow(
      'manifest.role must be art, got raider',
    );
    expect(() => loadArtModel(encodeBrain({ ...other, role: 'art', observation: 'world-v1' }))).toThrow(
      'manifest.observation must be art-v1, got world-v1',
    );
  });

  it('cannot have a layer of the wrong width', () => {
    expect(() => loadArtModel(saveArtModel('x', network(DECODER_INPUTS - 1, FIELDS.length), {}))).toThrow(
      `inputs must be ${DECODER_INPUTS}, got ${DECODER_INPUTS - 1}`,
    );
    expect(() => loadArtModel(saveArtModel('x', network(DECODER_INPUTS, 7), {}))).toThrow(
      'outputs must be 8, got 7',
    );
  });

  it('cannot be cut short, lengthened or altered, and says so', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const altered = file.slice();
        altered[at] ^= change;
        expect(() => loadArtModel(file.slice(0, at))).toThrow(ArtError);
        try {
          // a change within the provenance is still a valid file, but another one
          expect(loadArtModel(altered).id).not.toBe(loadArtModel(file).id);
        } catch (error) {
          expect(error).toBeInstanceOf(ArtError);
        }
      }),
      { numRuns: 300 },
    );
    expect(() => loadArtModel(Uint8Array.from([...file, 0]))).toThrow(/art model: data/);
    expect(() => loadArtModel(new Uint8Array(200_000))).toThrow('must be at most');
    const last = file.slice();
    last[last.length - 1] ^= 1;
    expect(() => loadArtModel(last)).toThrow('weightsHash');
  });
});
