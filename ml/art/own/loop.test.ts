import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../net/backend.ts';
import { createTrainer, type Trainer } from '../finetune.ts';
import { type Checkpoint, type LoopOptions, train } from './loop.ts';

const SHAPE = { latents: 8, hidden: 16, channels: 8, mix: 16, blocks: 1 };
const sprites = Array.from({ length: 4 }, (_, n) => ({
  size: 32 as const,
  pixels: Uint8Array.from({ length: 1024 }, (_, i) =>
    Math.hypot((i % 32) - 16, (i >> 5) - 16) < 9 + n ? 3 : 0,
  ),
}));
const GOAL = 12;
const make = () => createTrainer({ size: 32, sprites, seed: 5, steps: GOAL, batch: 2, shape: SHAPE });

/** Options whose clock goes on by two seconds a step, with what was saved. */
function setup(over: Partial<LoopOptions> = {}) {
  const kept: Checkpoint[] = [];
  let clock = 0;
  const options: LoopOptions = {
    trainer: make,
    goal: GOAL,
    saved: undefined,
    save: async (checkpoint) => kept.push(checkpoint),
    told: () => {},
    stopped: () => false,
    leave: async () => false,
    breathe: async () => {
      clock += 2_000;
    },
    now: () => clock,
    ...over,
  };
  return { options, kept };
}

/** A trainer on a device that is lost at a step, as a graphics context is. */
const lostAt = (step: number): Trainer => {
  const trainer = make();
  let at = 0;
  return {
    ...trainer,
    get steps() {
      return trainer.steps;
    },
    step: async () => {
      if (++at === step) throw new Error('context lost');
      return trainer.step();
    },
  };
};

let whole: Uint8Array;
beforeAll(async () => {
  await startBackend();
  whole = (await train(setup().options)).model();
});

describe('training', () => {
  it('keeps a checkpoint every few seconds, and at the end', async () => {
    const { options, kept } = setup();
    await train(options);
    expect(kept.map(({ step }) => step)).toEqual([3, 5, 7, 9, 11, 12]);
    expect(kept.at(-1)?.losses.length).toBe(GOAL);
  });

  it('goes on after a pause, or a page that was closed, to the same bytes', async () => {
    for (const upTo of [1, 4, 8]) {
      const { options, kept } = setup();
      let steps = 0;
      await train({ ...options, stopped: () => steps++ >= upTo });
      expect(kept.at(-1)?.step).toBe(upTo);
      for (const saved of kept) {
        const again = await train(setup({ saved: structuredClone(saved) }).options);
        expect(again.model()).toEqual(whole);
      }
    }
  });

  it('goes on from its last checkpoint when a device is lost, and loses none', async () => {
    for (const step of [1, 2, 4, 6, 12]) {
      let lost = 0;
      const { options, kept } = setup({
        trainer: () => (lost === 0 ? lostAt(step) : make()),
        leave: async () => {
          lost++;
          return true;
        },
      });
      const trainer = await train(options);
      expect(lost).toBe(1);
      expect(trainer.model()).toEqual(whole);
      expect(kept.map((one) => one.step)).toEqual([...kept.map((one) => one.step)].sort((a, b) => a - b));
    }
  });

  it('says what failed where there is no other device', async () => {
    await expect(train(setup({ trainer: () => lostAt(5) }).options)).rejects.toThrow('context lost');
  });

  it('stops at numbers that are none', async () => {
    const trainer = (): Trainer => ({ ...make(), step: async () => ({ step: 1, loss: Number.NaN }) });
    await expect(train(setup({ trainer }).options)).rejects.toThrow('none');
  });

  it('does not go on where a checkpoint cannot be kept', async () => {
    const save = async () => {
      throw new Error('the disk is full');
    };
    await expect(train(setup({ save }).options)).rejects.toThrow('the disk is full');
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await train(setup().options);
    expect(tf.memory().numTensors).toBe(before);
  });
});
