/**
 * Teaches the judge's eyes: `node --import tsx ml/art/judge/train.ts --eye form [--steps 2500] [--seed 5]`.
 *
 * A class is a creature, in all its stages and branches (bodies composed anew, faces and colours of their own genomes), or
 * a real picture of a thing. None of the held-out pictures is among them, and no model's output. Shown two pictures of each
 * of 56 classes, disguised, it has to say which belong together (InfoNCE, van den Oord et al. 2018).
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
import { forward, layersFor } from './network.ts';

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
const PAIRS = 56;
const BATCH = 2 * PAIRS;
const SCALE = 12;

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
console.log(`${eye}: ${classes.length} classes, ${steps} steps`);

/** Which classes a step shows: each once, creatures more often than things. */
function choose(): number[] {
  const chosen = new Set<number>();
  while (chosen.size < PAIRS)
    chosen.add(
      random() < 0.75
        ? Math.floor(random() * creatures)
        : creatures + Math.floor(random() * (classes.length - creatures)),
    );
  return [...chosen];
}

const creatures = Number(options.creatures);
const optimizer = tf.train.adam(0.002);
/** [PAIRS][BATCH]: takes rows from `from` on. */
const half = (from: number) =>
  tf.tensor2d(
    Float32Array.from({ length: PAIRS * BATCH }, (_, i) =>
      i % BATCH === Math.floor(i / BATCH) + from ? 1 : 0,
    ),
    [PAIRS, BATCH],
  );

let since = performance.now();
let sum = 0;
let right = 0;
for (let step = 1; step <= steps; step++) {
  const inputs = new Float32Array(TOKENS * BATCH * widthOf(eye));
  choose().forEach((one, n) => {
    const pictures = classes[one];
    const first = Math.floor(random() * pictures.length);
    // another picture of the same creature, where there is one
    const second = (first + 1 + Math.floor(random() * (pictures.length - 1))) % pictures.length;
    present(pictures[first], eye, inputs, n, BATCH, disguise(random));
    present(pictures[second], eye, inputs, PAIRS + n, BATCH, disguise(random));
  });
  const falling = 0.03 + 0.97 * (0.5 + 0.5 * Math.cos((Math.PI * step) / steps));
  setRate(optimizer, 0.002 * falling * Math.min(1, step / 100));
  const [loss, hits] = tf.tidy(() => {
    const wanted = tf.eye(PAIRS);
    const numbers = tf.range(0, PAIRS, 1, 'int32');
    let hits: tf.Tensor | undefined;
    const cost = optimizer.minimize(() => {
      const features = forward(weights, tf.tensor2d(inputs, [TOKENS * BATCH, widthOf(eye)]), BATCH);
      // the first pictures by the second ones
      const [ones, others] = [times(half(0), features), times(half(PAIRS), features)];
      const cosines = times(ones, tf.transpose(others));
      hits = tf.keep(tf.sum(tf.cast(tf.equal(tf.argMax(cosines, 1), numbers), 'float32')));
      const sharp = tf.mul(cosines, SCALE);
      const costs = tf.add(crossEntropy(sharp, wanted), crossEntropy(tf.transpose(sharp), wanted));
      return tf.div(costs, BATCH);
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
      `step ${step}  loss ${(sum / 100).toFixed(3)}  right ${(right / PAIRS).toFixed(1)} %  ${rate.toFixed(1)} steps/s  ${Math.round((steps - step) / rate)} s left`,
    );
    since = performance.now();
    sum = 0;
    right = 0;
    const values = weights.flatMap(({ kernel, bias }) => [kernel.dataSync(), bias.dataSync()]);
    writeFileSync(fileOf(eye), encodeWeights(values as Float32Array[]));
  }
}
