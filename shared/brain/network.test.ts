import { describe, expect, it } from 'vitest';
import { checkNetwork, createNetwork, forward, type Layer, MAX_BIAS, NetworkError } from './network.ts';

function layer(inputs: number, outputs: number, change: Partial<Layer> = {}): Layer {
  return {
    inputs,
    outputs,
    shift: 0,
    weights: new Int8Array(inputs * outputs),
    bias: new Int32Array(outputs),
    ...change,
  };
}

function problem(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(NetworkError);
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

describe('forward', () => {
  it('computes by hand: floor shift, clamp of hidden layers, none of the last', () => {
    const network = createNetwork([
      // Sums 10·2 - 3·5 + 1 = 6, -5, 254·… → 3, clamped 0, clamped 127.
      layer(2, 3, { weights: Int8Array.of(2, -3, -1, 1, 127, 127), bias: Int32Array.of(1, 0, 0), shift: 1 }),
      layer(3, 2, { weights: Int8Array.of(1, 1, -1, 0, 0, 1), bias: Int32Array.of(0, 5), shift: 2 }),
    ]);
    const logits = new Int32Array(2);
    forward(network, Uint8Array.of(10, 5), logits);
    // (3 + 0 - 127) >> 2 = -31; (127 + 5) >> 2 = 33
    expect([...logits]).toEqual([-31, 33]);
  });

  it('keeps the greatest and the least possible sum', () => {
    const extreme = (weight: number, bias: number) =>
      createNetwork([layer(128, 1, { weights: new Int8Array(128).fill(weight), bias: Int32Array.of(bias) })]);
    const logits = new Int32Array(1);
    forward(extreme(127, MAX_BIAS), new Uint8Array(128).fill(127), logits);
    expect(logits[0]).toBe(MAX_BIAS + 128 * 127 * 127);
    forward(extreme(-128, -MAX_BIAS), new Uint8Array(128).fill(127), logits);
    expect(logits[0]).toBe(-MAX_BIAS - 128 * 128 * 127);
  });

  it('refuses observations above 127, of another length, and too few logits', () => {
    const network = createNetwork([layer(2, 2)]);
    const logits = new Int32Array(2);
    expect(problem(() => forward(network, Uint8Array.of(0, 128), logits))).toBe(
      'observations[1]: must be from 0 to 127, is 128',
    );
    expect(problem(() => forward(network, Uint8Array.of(0), logits))).toBe(
      'observations: must hold 2 values, holds 1',
    );
    expect(problem(() => forward(network, Uint8Array.of(0, 1), new Int32Array(1)))).toBe(
      'logits: must hold at least 2 values, holds 1',
    );
  });
});

describe('checkNetwork', () => {
  const refused: [string, Layer[], string][] = [
    ['no layer', [], 'layers.length: must be an integer from 1 to 4, is 0'],
    [
      'five layers',
      Array.from({ length: 5 }, () => layer(4, 4)),
      'layers.length: must be an integer from 1 to 4, is 5',
    ],
    ['129 inputs', [layer(129, 2)], 'layers[0].inputs: must be an integer from 1 to 128, is 129'],
    ['no inputs', [layer(0, 2)], 'layers[0].inputs: must be an integer from 1 to 128, is 0'],
    ['17 actions', [layer(2, 17)], 'layers[0].outputs: must be an integer from 1 to 16, is 17'],
    [
      '129 neurons',
      [layer(2, 129), layer(129, 2)],
      'layers[0].outputs: must be an integer from 1 to 128, is 129',
    ],
    ['shift 32', [layer(2, 2, { shift: 32 })], 'layers[0].shift: must be an integer from 0 to 31, is 32'],
    [
      'shift NaN',
      [layer(2, 2, { shift: Number.NaN })],
      'layers[0].shift: must be an integer from 0 to 31, is NaN',
    ],
    ['half an input', [layer(2.5, 2)], 'layers[0].inputs: must be an integer from 1 to 128, is 2.5'],
    [
      'layers that do not meet',
      [layer(2, 3), layer(4, 2)],
      'layers[1].inputs: must equal layers[0].outputs (3), is 4',
    ],
    [
      'missing weights',
      [layer(2, 2, { weights: new Int8Array(3) })],
      'layers[0].weights: must hold 4 values, holds 3',
    ],
    [
      'missing bias',
      [layer(2, 2, { bias: new Int32Array(1) })],
      'layers[0].bias: must hold 2 values, holds 1',
    ],
    [
      'float weights',
      [layer(2, 2, { weights: new Float32Array(4) as unknown as Int8Array })],
      'layers[0].weights: must be an Int8Array',
    ],
    [
      'too great a bias',
      [layer(2, 2, { bias: Int32Array.of(0, MAX_BIAS + 1) })],
      'layers[0].bias[1]: must be an integer from -1073741824 to 1073741824, is 1073741825',
    ],
    [
      'too small a bias',
      [layer(2, 2, { bias: Int32Array.of(-(2 ** 31), 0) })],
      'layers[0].bias[0]: must be an integer from -1073741824 to 1073741824, is -2147483648',
    ],
  ];
  it.each(refused)('refuses %s', (_, layers, message) => {
    expect(problem(() => checkNetwork({ layers }))).toBe(message);
  });

  it('copies what createNetwork is given', () => {
    const weights = Int8Array.of(1);
    const network = createNetwork([layer(1, 1, { weights })]);
    weights[0] = 2;
    expect(network.layers[0].weights[0]).toBe(1);
  });
});
