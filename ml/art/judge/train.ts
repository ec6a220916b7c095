/**
 * Teaches the judge's eyes: `node --import tsx ml/art/judge/train.ts --eye form [--steps 2500] [--seed 5]`.
 *
 * A class is a creature, in all its stages and branches (bodies composed anew, faces and colours of their own genomes), or
 * a real picture of a thing. None of the held-out pictures is among them, and no model's output. Softmax over cosines
 * (Wang et al. 2018): what belongs together lies in one direction.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { paletteOf } from '#shared/art/palette.ts';
import { SIZE, type Sprite } from '#shared/art/types.ts';
import { startBackend } from '../../net/backend.ts';
import { otherNames } from '../data/names.ts';
import { realPicture } from '../data/real.ts';
import { drawnOf, freshStrips, genomeFrom } from '../data/strips.ts';
import { randomFrom } from '../dense.ts';
import { encodeWeights, fileOf } from './file.ts';
import { crossEntropy, setRate, times } from './graph.ts';
import { disguise, type Eye, present, TOKENS, widthOf } from './inputs.ts';
import { FEATURES, forward, layersFor, unit } from './network.ts';

const { values: options } = parseArgs({
  options: {
    eye: { type: 'string', default: 'form' },
    steps: { type: 'string', default: '2500' },
    seed: { type: 'string', default: '5' },
    creatures: { type: 'string', default: '800' },
  },
});
const eye: Eye = options.eye === 'look' ? 'look' : 'form';
const steps = Number(options.steps);
const random = randomFrom(Number(options.seed));
const BATCH = 96;
const SCALE = 18;

/** Pictures of each class. */
function classesOf(): Sprite[][] {
  const classes: Sprite[][] = [];
  for (const { creature, sprite } of drawnOf(freshStrips(Number(options.creatures), 99), 'judge')) {
    classes[creature] ??= [];
    classes[creature].push(sprite);
  }
  for (const name of otherNames())
    classes.push([
      {
        width: SIZE,
        height: SIZE,
        palette: paletteOf({ genome: genomeFrom(name), stage: 3, branch: 0 }),
        pixels: realPicture(name),
      },
    ]);
  return classes;
}

await startBackend();
const classes = classesOf();
const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const weights = layersFor(eye).map(({ name, inputs, outputs, spread }) => ({
  kernel: tf.variable(
    tf.tensor2d(
      Float32Array.from({ length: inputs * outputs }, () => (gauss() * spread) / Math.sqrt(inputs)),
      [inputs, outputs],
    ),
    true,
    `${name}.kernel`,
  ) as unknown as tf.Tensor2D,
  bias: tf.variable(tf.zeros([outputs]), true, `${name}.bias`) as unknown as tf.Tensor1D,
}));
const directions = tf.variable(
  tf.tensor2d(Float32Array.from({ length: FEATURES * classes.length }, gauss), [classes.length, FEATURES]),
);
console.log(`${eye}: ${classes.length} classes, ${steps} steps`);

/** A class's picture; creatures are drawn more often than things, in pairs of different stages. */
function choose(creatures: number): number {
  return random() < 0.75
    ? Math.floor(random() * creatures)
    : creatures + Math.floor(random() * (classes.length - creatures));
}

const creatures = Number(options.creatures);
const optimizer = tf.train.adam(0.002);
let since = performance.now();
let sum = 0;
let right = 0;
for (let step = 1; step <= steps; step++) {
  const inputs = new Float32Array(TOKENS * BATCH * widthOf(eye));
  const chosen = new Int32Array(BATCH);
  for (let r = 0; r < BATCH; r++) {
    chosen[r] = choose(creatures);
    const pictures = classes[chosen[r]];
    present(pictures[Math.floor(random() * pictures.length)], eye, inputs, r, BATCH, disguise(random));
  }
  const falling = 0.03 + 0.97 * (0.5 + 0.5 * Math.cos((Math.PI * step) / steps));
  setRate(optimizer, 0.002 * falling * Math.min(1, step / 100));
  const [loss, hits] = tf.tidy(() => {
    const hot = tf.oneHot(tf.tensor1d(chosen, 'int32'), classes.length) as tf.Tensor2D;
    let hits: tf.Tensor | undefined;
    const cost = optimizer.minimize(() => {
      const features = forward(weights, tf.tensor2d(inputs, [TOKENS * BATCH, widthOf(eye)]), BATCH);
      const cosines = times(features, tf.transpose(unit(directions)));
      hits = tf.keep(tf.sum(tf.cast(tf.equal(tf.argMax(cosines, 1), tf.argMax(hot, 1)), 'float32')));
      return tf.div(crossEntropy(tf.mul(cosines, SCALE), hot), BATCH);
    }, true)!;
    const found = [cost.dataSync()[0], hits!.dataSync()[0]];
    hits!.dispose();
    return found;
  });
  sum += loss;
  right += hits;
  if (step % 100 === 0 || step === steps) {
    const rate = 100_000 / (performance.now() - since);
    console.log(
      `step ${step}  loss ${(sum / 100).toFixed(3)}  right ${(right / BATCH).toFixed(1)} %  ${rate.toFixed(1)} steps/s  ${Math.round((steps - step) / rate)} s left`,
    );
    since = performance.now();
    sum = 0;
    right = 0;
    const values = weights.flatMap(({ kernel, bias }) => [kernel.dataSync(), bias.dataSync()]);
    writeFileSync(fileOf(eye), encodeWeights(values as Float32Array[]));
  }
}
