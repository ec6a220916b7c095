/**
 * Fits the first art model: `node --import tsx ml/art/make-seedling.ts [--steps N] [--out FILE]`.
 *
 * A 39-64-64-8 coordinate network learns the body-plan grammar of `teacher.ts` by Adam on the squared
 * error, with its weights rounded to int8 in the forward pass (straight-through estimator, Bengio 2013)
 * so that what is learnt is the integer network. Only +, −, ×, ÷ and square roots on a fixed seed: the
 * same file comes out wherever the teacher's sines are the same.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import {
  COORDINATE_INPUTS,
  coordinateInputs,
  DECODER_INPUTS,
  FIELDS,
  HALF_PIXELS,
} from '#shared/art/decoder.ts';
import { conditionInputs, Gene, PATTERNS, SHAPES } from '#shared/art/genes.ts';
import { saveArtModel } from '#shared/art/model.ts';
import { BRANCHES, HALF, STAGES } from '#shared/art/types.ts';
import type { Layer } from '#shared/brain/network.ts';
import { Dense, randomFrom } from './dense.ts';
import { type Plan, teach } from './teacher.ts';

const { values: options } = parseArgs({
  options: {
    steps: { type: 'string', default: '9000' },
    seed: { type: 'string', default: '20261' },
    out: { type: 'string', default: 'assets/art/seedling.safetensors' },
  },
});
const STEPS = Number(options.steps);
const SEED = Number(options.seed);
const CREATURES = 24;
const PIXELS_EACH = 64;
const BATCH = CREATURES * PIXELS_EACH;
const HIDDEN = 64;
/** Weights are multiples of 1/64. */
const SHIFT = 6;
/** A field of 1 pixel is 16 units of the integer network, whose activations of 0..127 stand for 0..1. */
const UNITS = 16 / 127;
/** How much each field's error counts: what shows most, most. */
const WEIGHTS: Record<(typeof FIELDS)[number], number> = {
  head: 2,
  body: 1.5,
  ears: 2,
  limbs: 1.5,
  patch: 0.8,
  pattern: 0.6,
  light: 0.4,
  tail: 0.8,
};

const random = randomFrom(SEED);
const coordinates = Array.from({ length: HALF_PIXELS }, (_, p) =>
  coordinateInputs(p % HALF, Math.floor(p / HALF)),
);
const layers = [
  new Dense(DECODER_INPUTS, HIDDEN, SHIFT, random),
  new Dense(HIDDEN, HIDDEN, SHIFT, random),
  new Dense(HIDDEN, FIELDS.length, SHIFT, random),
];
const inputs: Float32Array = new Float32Array(BATCH * DECODER_INPUTS);
const targets = new Float32Array(BATCH * FIELDS.length);

function sample(): void {
  for (let c = 0, row = 0; c < CREATURES; c++) {
    const genome = Uint8Array.from({ length: 32 }, () => Math.floor(random() * 256));
    const stage = Math.floor(random() * STAGES.length);
    const branch = Math.floor(random() * BRANCHES.length);
    const plan: Plan = {
      shapes: SHAPES.map((_, i) => genome[Gene.shape + i] / 255),
      tail: genome[Gene.tail] / 255,
      phase: genome[Gene.patternPhase] / 255,
      pattern: genome[Gene.pattern] % PATTERNS.length,
      stage,
      branch,
    };
    const given = conditionInputs({ genome, stage, branch });
    for (let n = 0; n < PIXELS_EACH; n++, row++) {
      const p = Math.floor(random() * HALF_PIXELS);
      const at = row * DECODER_INPUTS;
      for (let i = 0; i < COORDINATE_INPUTS; i++) inputs[at + i] = coordinates[p][i] / 127;
      for (let i = 0; i < given.length; i++) inputs[at + COORDINATE_INPUTS + i] = given[i] / 127;
      const fields = teach(plan, (31 - 2 * (p % HALF)) / 2, Math.floor(p / HALF) + 0.5);
      for (let o = 0; o < fields.length; o++) targets[row * FIELDS.length + o] = fields[o] * UNITS;
    }
  }
}

const counts = FIELDS.map((name) => WEIGHTS[name]);
const gradient = new Float32Array(BATCH * FIELDS.length);
const running = new Float64Array(FIELDS.length);
for (let step = 1; step <= STEPS; step++) {
  sample();
  const rounded = step > STEPS * 0.15;
  let activations: Float32Array = inputs;
  layers.forEach((layer, l) => {
    activations = layer.forward(activations, BATCH, { rounded, clamp: l < layers.length - 1 });
  });
  for (let i = 0; i < gradient.length; i++) {
    const o = i % FIELDS.length;
    const error = activations[i] - targets[i];
    gradient[i] = (error * counts[o]) / BATCH;
    running[o] += error * error;
  }
  const progress = step / STEPS;
  const rate = 0.004 * Math.min(1, step / 100) * (1 - progress) + 0.00005;
  let back: Float32Array = gradient;
  for (let l = layers.length - 1; l >= 0; l--) back = layers[l].backward(back, BATCH, rate, l > 0);
  if (step % 250 === 0) {
    const errors = FIELDS.map((name, o) => {
      const pixels = Math.sqrt(running[o] / (250 * BATCH)) / UNITS;
      return `${name} ${pixels.toFixed(2)}`;
    });
    running.fill(0);
    console.log(`step ${step}  error (px)  ${errors.join('  ')}`);
  }
}

const network = { layers: layers.map((layer): Layer => layer.integers()) };
const file = saveArtModel('seedling', network, {
  made: 'ml/art/make-seedling.ts',
  steps: STEPS,
  batch: BATCH,
  seed: SEED,
});
mkdirSync(dirname(options.out), { recursive: true });
writeFileSync(options.out, file);
console.log(`${options.out}: ${file.length} bytes`);
