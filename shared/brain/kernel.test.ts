import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { createKernel, createKernelSync } from './kernel.ts';
import { KERNEL_BASE64 } from './kernel-bytes.ts';
import { createNetwork, forward, type Network, NetworkError } from './network.ts';

const kernel = createKernelSync();

/** Any network within the limits; weights and biases drawn from a seed so that shrinking stays quick. */
const anyNetwork: fc.Arbitrary<Network> = fc
  .record({
    widths: fc.array(fc.integer({ min: 1, max: 128 }), { minLength: 1, maxLength: 4 }),
    actions: fc.integer({ min: 1, max: 16 }),
    shifts: fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 4, maxLength: 4 }),
    weights: fc.int8Array({ minLength: 97, maxLength: 97 }),
    bias: fc.array(fc.integer({ min: -(2 ** 30), max: 2 ** 30 }), { minLength: 13, maxLength: 13 }),
    biasShift: fc.integer({ min: 0, max: 30 }),
  })
  .map(({ widths, actions, shifts, weights, bias, biasShift }) =>
    createNetwork(
      widths.map((inputs, l) => {
        const outputs = widths[l + 1] ?? actions;
        return {
          inputs,
          outputs,
          shift: shifts[l] % 12 === 0 ? shifts[l] : shifts[l] % 12,
          weights: Int8Array.from({ length: inputs * outputs }, (_, i) => weights[(i * 7 + l) % 97]),
          bias: Int32Array.from({ length: outputs }, (_, o) => bias[(o + l) % 13] >> biasShift),
        };
      }),
    ),
  );

describe('the kernel', () => {
  it('is the committed wasm', () => {
    const wasm = readFileSync(new URL('./kernel.wasm', import.meta.url));
    expect(KERNEL_BASE64).toBe(wasm.toString('base64'));
  });

  it('gives the reference for any network, rows and moment', () => {
    const u32 = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(
        anyNetwork,
        fc.uint8Array({ min: 0, max: 127, minLength: 384, maxLength: 384 }),
        fc.array(u32, { minLength: 12, maxLength: 12 }),
        (network, values, numbers) => {
          const brain = kernel.load(network);
          const count = 1 + (numbers[0] % 3);
          const observations = values.slice(0, count * brain.inputs);
          const numbersOf = (from: number) => Uint32Array.from(numbers.slice(from, from + 3));
          const [masks, ticks, npcs] = [numbersOf(1), numbersOf(4), numbersOf(7)];
          const worldSeed = numbers[10];
          const actions = new Uint8Array(count);
          const logits = new Int32Array(count * brain.outputs);
          kernel.decideBatch(brain, { observations, masks, worldSeed, tick: ticks, npcs, count }, actions);
          kernel.forwardBatch(brain, observations, count, logits);
          kernel.unload(brain);
          const expected = new Int32Array(brain.outputs);
          for (let row = 0; row < count; row++) {
            forward(network, observations.subarray(row * brain.inputs, (row + 1) * brain.inputs), expected);
            expect(logits.subarray(row * brain.outputs, (row + 1) * brain.outputs)).toEqual(expected);
            expect(actions[row]).toBe(decide(expected, masks[row], worldSeed, ticks[row], npcs[row]));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  const small = createNetwork([
    {
      inputs: 3,
      outputs: 2,
      shift: 0,
      weights: Int8Array.of(1, 2, 3, -1, -2, -3),
      bias: Int32Array.of(0, 9),
    },
  ]);

  it('decides batches around its own piece of 1,024 rows as it decides single rows', () => {
    const brain = kernel.load(small);
    for (const count of [0, 1, 2, 1023, 1024, 1025, 2049]) {
      const observations = Uint8Array.from({ length: 3 * count }, (_, i) => (i * 31) % 128);
      const masks = Uint32Array.from({ length: count }, (_, i) => i % 4);
      const npcs = Uint32Array.from({ length: count }, (_, i) => i);
      const actions = new Uint8Array(count + 1).fill(99);
      kernel.decideBatch(brain, { observations, masks, worldSeed: 5, tick: 6, npcs, count }, actions);
      const logits = new Int32Array(2);
      for (let row = 0; row < count; row++) {
        forward(small, observations.subarray(3 * row, 3 * row + 3), logits);
        expect(actions[row]).toBe(decide(logits, masks[row], 5, 6, row));
      }
      expect(actions[count]).toBe(99);
    }
  });

  it('keeps networks apart, reuses what was freed, and refuses a network that was unloaded', async () => {
    const own = await createKernel();
    const constant = (value: number) =>
      createNetwork([
        { inputs: 3, outputs: 2, shift: 0, weights: new Int8Array(6), bias: Int32Array.of(value, -value) },
      ]);
    const logits = new Int32Array(2);
    const logitsOf = (brain: ReturnType<typeof own.load>) => {
      own.forwardBatch(brain, Uint8Array.of(1, 2, 3), 1, logits);
      return logits[0];
    };
    const brains = Array.from({ length: 400 }, (_, i) => own.load(constant(i)));
    brains.forEach((brain, i) => {
      if (i % 2) own.unload(brain);
    });
    const more = Array.from({ length: 300 }, (_, i) => own.load(constant(1000 + i)));
    for (let i = 0; i < 400; i += 2) expect(logitsOf(brains[i])).toBe(i);
    for (let i = 0; i < 300; i++) expect(logitsOf(more[i])).toBe(1000 + i);
    expect(() => logitsOf(brains[1])).toThrow('brain: is not loaded in this kernel');
    expect(() => own.unload(brains[1])).toThrow(NetworkError);
    expect(() => logitsOf(kernel.load(small))).toThrow('brain: is not loaded in this kernel');
  });

  it('refuses more networks than its memory holds, and goes on', () => {
    const own = createKernelSync();
    const layer = (outputs: number) => ({
      inputs: 128,
      outputs,
      shift: 7,
      weights: new Int8Array(128 * outputs).fill(1),
      bias: new Int32Array(outputs),
    });
    const large = createNetwork([layer(128), layer(128), layer(128), layer(16)]);
    const first = own.load(large);
    expect(() => {
      for (let i = 0; i < 1000; i++) own.load(large);
    }).toThrow('network: does not fit: loaded networks may take 67108864 bytes together');
    const logits = new Int32Array(16);
    own.forwardBatch(first, new Uint8Array(128).fill(127), 1, logits);
    expect(logits[15]).toBe(127);
  });

  it('refuses bad rows and decides nothing', () => {
    const brain = kernel.load(small);
    const good = {
      observations: Uint8Array.of(1, 2, 3, 4, 5, 6),
      masks: Uint32Array.of(3, 3),
      worldSeed: 1,
      tick: 2,
      npcs: Uint32Array.of(0, 1),
      count: 2,
    };
    const out = new Uint8Array(2).fill(99);
    const refuse = (change: Partial<typeof good> | { tick: Uint32Array }, message: string) =>
      expect(() => kernel.decideBatch(brain, { ...good, ...change }, out)).toThrow(message);
    refuse(
      { observations: Uint8Array.of(1, 2, 3, 4, 128, 6) },
      'row 1: observations[1]: must be from 0 to 127, is 128',
    );
    refuse(
      { observations: Uint8Array.of(1, 2, 3, 4, 5) },
      'observations: must hold at least 6 values, holds 5',
    );
    refuse({ masks: Uint32Array.of(1) }, 'masks: must hold at least 2 values, holds 1');
    refuse({ npcs: new Uint32Array(0) }, 'npcs: must hold at least 2 values, holds 0');
    refuse({ tick: Uint32Array.of(1) }, 'tick: must hold at least 2 values, holds 1');
    refuse({ worldSeed: -1 }, 'worldSeed: must be an integer from 0 to 4294967295, is -1');
    refuse({ tick: 0.5 }, 'tick: must be an integer');
    refuse({ count: -1 }, 'count: must be an integer of at least 0, is -1');
    expect(() => kernel.decideBatch(brain, good, new Uint8Array(1))).toThrow(
      'out: must hold at least 2 values',
    );
    expect([...out]).toEqual([99, 99]);
    const many = {
      ...good,
      observations: new Uint8Array(3 * 40),
      masks: new Uint32Array(40),
      npcs: new Uint32Array(40),
    };
    for (let i = 0; i < 120; i++) {
      const observations = new Uint8Array(120);
      observations[i] = 255;
      const run = () => kernel.decideBatch(brain, { ...many, observations, count: 40 }, new Uint8Array(40));
      expect(run).toThrow(`row ${Math.floor(i / 3)}: observations[${i % 3}]`);
    }
    kernel.decideBatch(brain, good, out);
    expect(out[0]).toBeLessThan(2);
  });

  it('refuses a network outside the limits', () => {
    const layer = { inputs: 2, outputs: 1, shift: 0, weights: new Int8Array(3), bias: new Int32Array(1) };
    expect(() => kernel.load({ layers: [layer] })).toThrow('layers[0].weights: must hold 2 values, holds 3');
  });
});
