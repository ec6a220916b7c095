import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BrainFileError,
  type BrainSource,
  brainId,
  decodeBrain,
  encodeBrain,
  MAX_BRAIN_BYTES,
} from './file.ts';
import { createNetwork, MAX_BIAS, NetworkError } from './network.ts';

const network = createNetwork([
  {
    inputs: 3,
    outputs: 3,
    shift: 2,
    weights: Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8, -128),
    bias: Int32Array.of(1, -2, 3),
  },
  {
    inputs: 3,
    outputs: 2,
    shift: 0,
    weights: Int8Array.of(127, 0, -1, 9, 9, 9),
    bias: Int32Array.of(-MAX_BIAS, MAX_BIAS),
  },
]);
const source: BrainSource = {
  role: 'forager',
  name: 'Früchtesucher',
  observation: 'world-v1',
  network,
  provenance: {
    behavior: 'forager.yaml',
    seed: 7,
    steps: 2_000_000,
    parent: null,
    rewards: { fruit: 1.5, bites: [-1] },
  },
};
const file = encodeBrain(source);

type Header = Record<string, Record<string, unknown>>;

/** The file with its header changed by hand. */
function withHeader(change: (header: Header) => void): Uint8Array {
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Header;
  change(header);
  return withText(JSON.stringify(header));
}

function withText(text: string): Uint8Array {
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const json = new TextEncoder().encode(text);
  const data = file.subarray(8 + length);
  const changed = new Uint8Array(8 + json.length + data.length);
  new DataView(changed.buffer).setBigUint64(0, BigInt(json.length), true);
  changed.set(json, 8);
  changed.set(data, 8 + json.length);
  return changed;
}

function withManifest(change: (manifest: Record<string, unknown>) => void): Uint8Array {
  return withHeader((header) => {
    const manifest = JSON.parse(header.__metadata__.manifest as string) as Record<string, unknown>;
    change(manifest);
    header.__metadata__.manifest = JSON.stringify(manifest);
  });
}

function problem(bytes: Uint8Array): string {
  try {
    decodeBrain(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(BrainFileError);
    return (error as Error).message;
  }
  return 'was accepted';
}

describe('encodeBrain', () => {
  it('comes back as it was, and encodes to the same bytes again', () => {
    const brain = decodeBrain(file);
    expect(brain.network).toEqual(network);
    expect(brain.manifest).toMatchObject({
      role: 'forager',
      name: 'Früchtesucher',
      actions: 2,
      observation: 'world-v1',
    });
    expect(brain.manifest.provenance).toEqual(source.provenance);
    expect(brain.id).toBe(brainId(file));
    expect(encodeBrain({ ...brain.manifest, network: brain.network })).toEqual(file);
    expect(file.length % 8).toBe((4 * 5 + 15) % 8);
  });

  it('does not depend on the order of keys in provenance', () => {
    const provenance = Object.fromEntries(Object.entries(source.provenance).reverse());
    expect(encodeBrain({ ...source, provenance })).toEqual(file);
  });

  it('reads a file that lies inside a larger buffer', () => {
    const larger = new Uint8Array(file.length + 5);
    larger.set(file, 3);
    expect(decodeBrain(larger.subarray(3, 3 + file.length))).toEqual(decodeBrain(file));
  });

  it('refuses what would make a bad file', () => {
    const encode = (change: Partial<BrainSource>) => () => encodeBrain({ ...source, ...change });
    expect(encode({ role: 'Forager' })).toThrow('manifest.role: must be 1 to 32 of a-z');
    expect(encode({ name: '' })).toThrow('manifest.name: must be 1 to 64 characters');
    expect(encode({ name: 'a\nb' })).toThrow('manifest.name');
    expect(encode({ name: '\ud800' })).toThrow('manifest.name');
    expect(encode({ observation: '' })).toThrow('manifest.observation');
    expect(encode({ provenance: { loss: Number.NaN } })).toThrow(
      'manifest.provenance: must be a JSON object',
    );
    expect(encode({ provenance: { log: 'x'.repeat(20_000) } })).toThrow('at most 16384 characters');
    const broken = { layers: [{ ...network.layers[0], shift: 40 }] };
    expect(encode({ network: broken })).toThrow(NetworkError);
  });
});

describe('decodeBrain', () => {
  it('accepts tensors in another order of bytes, as other writers may lay them', () => {
    const plain = createNetwork([
      { inputs: 4, outputs: 1, shift: 0, weights: Int8Array.of(1, 2, 3, 4), bias: Int32Array.of(67305985) },
    ]);
    const bytes = encodeBrain({ ...source, network: plain });
    const text = new TextDecoder().decode(bytes);
    const swapped = text
      .replace('"data_offsets":[0,4]', '"data_offsets":[9,9]')
      .replace('"data_offsets":[4,8]', '"data_offsets":[0,4]')
      .replace('[9,9]', '[4,8]');
    // Bias and weights hold the same four bytes here, so swapping the offsets changes nothing else.
    expect(decodeBrain(new TextEncoder().encode(swapped)).network).toEqual(plain);
  });

  const refused: [string, Uint8Array, string][] = [
    ['an empty file', new Uint8Array(0), 'file: must be longer than 8 bytes, is 0'],
    [
      'a file that is too large',
      new Uint8Array(MAX_BRAIN_BYTES + 1),
      'file: must be at most 163840 bytes, is 163841',
    ],
    [
      'a header length beyond the file',
      new Uint8Array(16).fill(255),
      'header length: must be from 2 to 8, is 18446744073709551615',
    ],
    ['a header length of 0', new Uint8Array(16), 'header length: must be from 2 to 8, is 0'],
    ['a header that is not JSON', withText('{'.repeat(16)), 'header: is not JSON'],
    ['a header that is not UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe), 'header: is not UTF-8'],
    ['a header that is no object', withText('[]'), 'header: Invalid input: expected object, received array'],
    ['a header that is null', withText('null'), 'header: Invalid input: expected object, received null'],
    [
      'no manifest',
      withHeader((h) => {
        delete h.__metadata__.manifest;
      }),
      'header.__metadata__.manifest: Invalid input: expected string, received undefined',
    ],
    [
      'more metadata than the manifest',
      withHeader((h) => {
        h.__metadata__.x = 'y';
      }),
      'header.__metadata__: Unrecognized key: "x"',
    ],
    [
      'a manifest that is not JSON',
      withHeader((h) => {
        h.__metadata__.manifest = '{';
      }),
      'manifest: is not JSON',
    ],
    [
      'a missing tensor',
      withHeader((h) => {
        delete h['layer1.bias'];
      }),
      'layer1.bias: is missing',
    ],
    [
      'an unknown tensor',
      withHeader((h) => {
        h.extra = { dtype: 'I8', shape: [1], data_offsets: [0, 1] };
      }),
      'extra: is a tensor the manifest does not call for',
    ],
    [
      'a float tensor',
      withHeader((h) => {
        h['layer0.weight'].dtype = 'F32';
      }),
      'header.layer0.weight.dtype: Invalid option: expected one of "I32"|"I8"',
    ],
    [
      'a bias of int8',
      withHeader((h) => {
        h['layer0.bias'].dtype = 'I8';
      }),
      'layer0.bias.dtype: must be I32, is I8',
    ],
    [
      'a turned shape',
      withHeader((h) => {
        h['layer1.weight'].shape = [3, 2];
      }),
      'layer1.weight.shape: must be [2,3], is [3,2]',
    ],
    [
      'a shape with a fraction',
      withHeader((h) => {
        h['layer1.weight'].shape = [2.5, 2];
      }),
      'header.layer1.weight.shape.0: Invalid input: expected int, received number',
    ],
    [
      'overlapping tensors',
      withHeader((h) => {
        h['layer1.bias'].data_offsets = [4, 12];
      }),
      'layer1.bias.data_offsets: must begin at 12, begin at 4',
    ],
    [
      'offsets beyond the data',
      withHeader((h) => {
        h['layer1.weight'].data_offsets = [30, 36];
      }),
      'layer1.weight.data_offsets: must begin at 29, begin at 30',
    ],
    [
      'offsets turned round',
      withHeader((h) => {
        h['layer1.weight'].data_offsets = [35, 29];
      }),
      'layer1.weight.data_offsets: must span 6 bytes, span -6',
    ],
    ['a missing last byte', file.subarray(0, file.length - 1), 'data: must be 35 bytes, is 34'],
    ['a byte too many', Uint8Array.from([...file, 0]), 'data: must be 35 bytes, is 36'],
    [
      'an unknown format',
      withManifest((m) => {
        m.format = 'other';
      }),
      'manifest.format: Invalid input: expected "symbiont-brain"',
    ],
    [
      'a later format',
      withManifest((m) => {
        m.formatVersion = 2;
      }),
      'manifest.formatVersion: Invalid input: expected 1',
    ],
    [
      'an unknown manifest field',
      withManifest((m) => {
        m.code = 'run()';
      }),
      'manifest: Unrecognized key: "code"',
    ],
    [
      'no layers',
      withManifest((m) => {
        m.layers = [];
      }),
      'manifest.layers: Too small: expected array to have >=1 items',
    ],
    [
      'a shift of 32',
      withManifest((m) => {
        (m.layers as { shift: number }[])[1].shift = 32;
      }),
      'manifest.layers.1.shift: Too big: expected number to be <=31',
    ],
    [
      'layers that do not meet',
      withManifest((m) => {
        (m.layers as { inputs: number }[])[1].inputs = 4;
      }),
      'layer1.weight.shape: must be [2,4], is [2,3]',
    ],
    [
      'another number of actions',
      withManifest((m) => {
        m.actions = 3;
      }),
      "manifest.actions: must equal the last layer's outputs (2), is 3",
    ],
    [
      'provenance nested without end',
      withManifest((m) => {
        m.provenance = JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`);
      }),
      'manifest.provenance: must be a JSON object nested at most 8 deep, at most 16384 characters',
    ],
  ];
  it.each(refused)('refuses %s', (_, bytes, message) => {
    expect(problem(bytes)).toBe(message);
  });

  it('refuses repeated keys, white space and __proto__ in the header', () => {
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    const text = new TextDecoder().decode(file.subarray(8, 8 + length)).trimEnd();
    const compact = 'header: must be compact JSON without repeated keys';
    expect(problem(withText(` ${text}`))).toBe(compact);
    expect(problem(withText(text.replace('"I32"', '"I8","dtype":"I32"')))).toBe(compact);
    const hidden = text.replace(/}$/, ',"__proto__":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}');
    expect(problem(withText(hidden))).toContain('__proto__');
  });

  it('refuses weights that do not hash to what the manifest says, and a bias out of range', () => {
    const changed = file.slice();
    changed[changed.length - 1] ^= 1;
    expect(problem(changed)).toContain('manifest.weightsHash: the weights hash to ');
    const bias = file.slice();
    bias[file.length - 35 + 3] = 0x7f;
    expect(problem(bias)).toContain('layers[0].bias[0]: must be an integer from -1073741824 to 1073741824');
  });

  it('never fails otherwise than with a BrainFileError, and never loads other weights', () => {
    const mutation = fc.record({
      at: fc.nat(file.length - 1),
      kind: fc.constantFrom('set', 'cut', 'insert', 'copy'),
      byte: fc.nat(255),
      length: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        let bytes = Array.from(file);
        for (const { at, kind, byte, length } of mutations) {
          if (kind === 'set') bytes[at % bytes.length] = byte;
          else if (kind === 'cut') bytes = bytes.filter((_, i) => i < at || i >= at + length);
          else if (kind === 'insert') bytes.splice(at, 0, ...new Array<number>(length).fill(byte));
          else bytes.splice(at, length, ...bytes.slice(byte, byte + length));
        }
        try {
          expect(
            decodeBrain(Uint8Array.from(bytes)).network.layers.map((l) => [...l.weights, ...l.bias]),
          ).toEqual(network.layers.map((l) => [...l.weights, ...l.bias]));
        } catch (error) {
          expect(error).toBeInstanceOf(BrainFileError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('takes the largest network', () => {
    const layer = (outputs: number) => ({
      inputs: 128,
      outputs,
      shift: 9,
      weights: new Int8Array(128 * outputs).fill(-7),
      bias: new Int32Array(outputs).fill(5),
    });
    const largest = createNetwork([layer(128), layer(128), layer(128), layer(16)]);
    expect(decodeBrain(encodeBrain({ ...source, network: largest })).network).toEqual(largest);
  });
});
