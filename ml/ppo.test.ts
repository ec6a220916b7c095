import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { imitationGradient } from './imitation.ts';
import { ActorCritic } from './net/actorCritic.ts';
import { Adam, clipNorm } from './net/adam.ts';
import { startBackend } from './net/backend.ts';
import { KernelLearner } from './net/kernelLearner.ts';
import { initialize } from './net/parameters.ts';
import { nextRandom, seedRng } from './net/random.ts';
import { TfjsLearner } from './net/tfjsLearner.ts';
import { gae, logSoftmax, lossGradient, noStats, update } from './ppo.ts';

beforeAll(startBackend);

describe('gae', () => {
  it('gives what one computes by hand, cut where an episode ends', () => {
    // γ = 0.5, λ = 0.5; one learner, three steps, cut off after the second (its last state is worth 8).
    const rewards = Float32Array.of(1, 2, 3);
    const values = Float32Array.of(1, 2, 4);
    const nextValues = Float32Array.of(2, 8, 6);
    const truncated = Uint8Array.of(0, 1, 0);
    const advantages = new Float32Array(3);
    const returns = new Float32Array(3);
    gae({ steps: 3, learners: 1, rewards, truncated }, values, nextValues, 0.5, 0.5, advantages, returns);
    // δ = 1 + 1 - 1, 2 + 4 - 2, 3 + 3 - 4; the first step's advantage adds a quarter of the second's.
    expect([...advantages]).toEqual([1 + 0.25 * 4, 4, 2]);
    expect([...returns]).toEqual([3, 6, 6]);
  });

  it('keeps learners apart', () => {
    const rewards = Float32Array.of(1, 0, 0, 10);
    const zero = new Float32Array(4);
    const advantages = new Float32Array(4);
    gae(
      { steps: 2, learners: 2, rewards, truncated: new Uint8Array(4) },
      zero,
      zero,
      1,
      1,
      advantages,
      new Float32Array(4),
    );
    expect([...advantages]).toEqual([1, 10, 0, 10]);
  });
});

describe('logSoftmax', () => {
  it('gives illegal actions no chance and the others chances that sum to one', () => {
    const out = new Float64Array(4);
    logSoftmax(Float32Array.of(9, 1000, 1000, -5), 0, 4, 0b0110, out);
    expect(out[0]).toBe(-Infinity);
    expect(out[3]).toBe(-Infinity);
    expect(Math.exp(out[1])).toBeCloseTo(0.5, 9);
    expect(Math.exp(out[2])).toBeCloseTo(0.5, 9);
  });
});

const batchOf = (count: number, actions: number) => {
  const random = seedRng(3);
  const unit = () => nextRandom(random) / 2 ** 32;
  const masks = Uint32Array.from({ length: count }, () => 1 | Math.floor(unit() * 2 ** actions));
  const chosen = Uint8Array.from(masks, (mask) => {
    for (let a = actions - 1; a >= 0; a--) if ((mask >> a) & 1) return a;
    return 0;
  });
  const some = (scale: number) => Float32Array.from({ length: count }, () => (unit() - 0.5) * scale);
  return {
    masks,
    actions: chosen,
    oldLogProbs: Float32Array.from({ length: count }, () => -unit() * 2),
    oldValues: some(1),
    advantages: some(4),
    returns: some(2),
  };
};

describe('lossGradient', () => {
  it('is the slope of the loss', () => {
    const count = 40;
    const actions = 5;
    const random = seedRng(9);
    const logits = Float32Array.from({ length: count * actions }, () => nextRandom(random) / 2 ** 31 - 1);
    const values = Float32Array.from({ length: count }, () => nextRandom(random) / 2 ** 32);
    const batch = batchOf(count, actions);
    const options = { clip: 0.2, valueCoefficient: 0.7 };
    const bonus = 0.3;
    const loss = () => {
      const stats = noStats();
      const head = new Float32Array(count * (actions + 1));
      lossGradient(options, bonus, actions, logits, values, batch, head, stats);
      return { head, value: stats.policyLoss - bonus * stats.entropy + 0.7 * stats.valueLoss };
    };
    const { head } = loss();
    let compared = 0;
    for (let r = 0; r < count; r++)
      for (let a = 0; a <= actions; a++) {
        const array = a === actions ? values : logits;
        const k = a === actions ? r : r * actions + a;
        const kept = array[k];
        const slopes = [1e-3, -1e-3].map((h) => {
          array[k] = kept + h;
          const { value } = loss();
          array[k] = kept;
          return value;
        });
        const slope = (slopes[0] - slopes[1]) / 2e-3;
        const expected = head[r * (actions + 1) + a];
        // Where the clip begins or ends within the step the slope is neither side's.
        if (Math.abs(slope - expected) < 2e-4) compared++;
      }
    expect(compared).toBeGreaterThan(count * (actions + 1) - 6);
  });

  it('does not pull an action further than the clip allows', () => {
    const head = new Float32Array(3);
    const batch = {
      masks: Uint32Array.of(3),
      actions: Uint8Array.of(0),
      oldLogProbs: Float32Array.of(-5),
      oldValues: Float32Array.of(0),
      advantages: Float32Array.of(1),
      returns: Float32Array.of(0),
    };
    const options = { clip: 0.2, valueCoefficient: 1 };
    lossGradient(options, 0, 2, Float32Array.of(0, 0), Float32Array.of(0), batch, head, noStats());
    expect([...head.map(Math.abs)]).toEqual([0, 0, 0]);
  });
});

describe('ActorCritic.backward', () => {
  it('is the slope where nothing is rounded away: critic, biases and weights of the last layer', () => {
    const sizes = [4, 8, 8, 3];
    const net = new ActorCritic(sizes, new Uint8Array(4));
    const theta = initialize(net.layout, 5);
    for (let i = net.layout.valueWeight; i < net.layout.valueBias; i++) theta[i] = 0.3;
    const observations = Uint8Array.of(10, 90, 127, 3, 60, 0, 20, 100);
    const head = Float32Array.of(0.2, -0.4, 0.6, 1.5, 0.1, 0.3, -0.7, -0.5);
    const gradient = new Float32Array(theta.length);
    const hidden = new Float32Array(8 * 2);
    tf.tidy(() => {
      const pass = net.forward(theta, observations, 2);
      hidden.set(pass.activations[2].dataSync());
      net.backward(pass, head, gradient);
    });
    const { weight, bias } = net.layout.layers[2];
    for (let o = 0; o < 3; o++) {
      expect(gradient[bias + o]).toBeCloseTo(head[o] + head[4 + o], 5);
      for (let i = 0; i < 8; i++)
        expect(gradient[weight + i * 3 + o]).toBeCloseTo(
          (hidden[i] * head[o] + hidden[8 + i] * head[4 + o]) / 32,
          4,
        );
    }
    expect(gradient[net.layout.valueBias]).toBeCloseTo(1, 5);
    expect(hidden.some((h) => h > 0)).toBe(true);
  });
});

describe('Adam', () => {
  it('moves by the learning rate at first, whatever the size of the gradient', () => {
    const theta = Float32Array.of(0, 0);
    new Adam(2).step(theta, Float32Array.of(100, -0.5), 0.1);
    expect(theta[0]).toBeCloseTo(-0.1, 5);
    expect(theta[1]).toBeCloseTo(0.1, 4);
  });

  it('clips the norm of all gradients together', () => {
    const gradient = Float32Array.of(3, 4);
    expect(clipNorm(gradient, 1)).toBe(5);
    expect(gradient[0]).toBeCloseTo(0.6, 6);
    expect(gradient[1]).toBeCloseTo(0.8, 6);
  });
});

describe.each([KernelLearner, TfjsLearner])('update by %o', (Kind) => {
  it('learns which arm of a bandit pays in which context', () => {
    const steps = 8;
    const learners = 64;
    const total = steps * learners;
    const learner = new Kind({
      sizes: [4, 16, 16, 3],
      offsets: new Uint8Array(4),
      critic: 'own',
      group: 1,
      rows: total,
    });
    learner.theta.set(initialize(learner.layout, 1));
    const random = seedRng(2);
    const options = {
      imitate: false,
      clip: 0.2,
      entropy: 0,
      anchor: 0,
      valueCoefficient: 0.5,
      maxGradNorm: 0.5,
      learningRate: 0.01,
    };
    let reward = 0;
    for (let iteration = 0; iteration < 25; iteration++) {
      const rows = {
        count: total,
        observations: new Uint8Array(total * 4),
        // Arm 2 is never legal in context 0, where it would pay.
        masks: new Uint32Array(total),
        actions: new Uint8Array(total),
      };
      const rewards = new Float32Array(total);
      const contexts = Uint8Array.from({ length: total }, () => nextRandom(random) >>> 30);
      contexts.forEach((context, k) => {
        rows.observations[k * 4 + context] = 127;
        rows.masks[k] = context === 0 ? 0b011 : 0b111;
      });
      const logits = new Float32Array(total * 3);
      const values = new Float32Array(total);
      learner.evaluate(rows.observations, total, logits, values);
      const logPi = new Float64Array(3);
      reward = 0;
      for (let k = 0; k < total; k++) {
        logSoftmax(logits, k * 3, 3, rows.masks[k], logPi);
        let u = nextRandom(random) / 2 ** 32;
        let action = 0;
        while (action < 2 && u >= Math.exp(logPi[action])) u -= Math.exp(logPi[action++]);
        if (!((rows.masks[k] >> action) & 1)) action = 0;
        rows.actions[k] = action;
        const best = contexts[k] === 0 ? 1 : contexts[k] - 1;
        rewards[k] = action === best ? 1 : 0;
        reward += rewards[k] / total;
      }
      const oldLogProbs = new Float32Array(total);
      learner.load(rows);
      learner.logProbs(learner.theta, oldLogProbs);
      const advantages = new Float32Array(total);
      const returns = new Float32Array(total);
      const truncated = new Uint8Array(total).fill(1);
      gae(
        { steps, learners, rewards, truncated },
        values,
        new Float32Array(total),
        0,
        0,
        advantages,
        returns,
      );
      learner.estimate({ oldLogProbs, oldValues: values, advantages, returns });
      update(learner, total, { epochs: 4, minibatch: 128 }, options, random);
    }
    expect(reward).toBeGreaterThan(0.9);
  });
});

describe('imitationGradient', () => {
  it('is the slope of cross-entropy and squared error, and learns nothing from what the mask forbids', () => {
    const count = 30;
    const actions = 5;
    const random = seedRng(11);
    const logits = Float32Array.from({ length: count * actions }, () => nextRandom(random) / 2 ** 31 - 1);
    const values = Float32Array.from({ length: count }, () => nextRandom(random) / 2 ** 32);
    const batch = batchOf(count, actions);
    batch.masks[0] = 0b00011;
    batch.actions[0] = 4;
    const loss = () => {
      const stats = noStats();
      const head = new Float32Array(count * (actions + 1));
      imitationGradient(0.7, actions, logits, values, batch, head, stats);
      return { head, value: stats.policyLoss + 0.7 * stats.valueLoss };
    };
    const { head } = loss();
    expect([...head.subarray(0, actions)]).toEqual([0, 0, 0, 0, 0]);
    for (let r = 0; r < count; r++)
      for (let a = 0; a <= actions; a++) {
        const array = a === actions ? values : logits;
        const k = a === actions ? r : r * actions + a;
        const kept = array[k];
        array[k] = kept + 1e-3;
        const above = loss().value;
        array[k] = kept - 1e-3;
        const slope = (above - loss().value) / 2e-3;
        array[k] = kept;
        expect(head[r * (actions + 1) + a]).toBeCloseTo(slope, 3);
      }
  });
});
