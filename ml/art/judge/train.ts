/**
 * Teaches the judge's eyes: `node --import tsx ml/art/judge/train.ts --eye form [--steps 1600] [--seed 5] [--resume]`,
 * which goes on from the committed weights.
 *
 * A class is a creature, in all its stages and branches (bodies composed anew, faces and colours of their own genomes), or
 * a real picture of a thing. None of the held-out pictures is among them, and no model's output. Shown two pictures of each
 * of 56 classes, disguised, it has to say which belong together (InfoNCE, van den Oord et al. 2018).
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { Gene } from '#shared/art/genes.ts';
import { paletteOf } from '#shared/art/palette.ts';
import { SIZE, type Sprite } from '#shared/art/types.ts';
import { startBackend } from '../../net/backend.ts';
import { otherNames } from '../data/names.ts';
import { realPicture } from '../data/real.ts';
import { drawnOf, freshStrips, genomeFrom } from '../data/strips.ts';
import { randomFrom } from '../dense.ts';
import { encodeWeights, fileOf, loadEye } from './file.ts';
import { crossEntropy, setRate, times } from './graph.ts';
import { disguise, type Eye, emptyFor, present } from './inputs.ts';
import { forward, layersFor, rowsFrom } from './network.ts';

const { values: options } = parseArgs({
  options: {
    eye: { type: 'string', default: 'form' },
    steps: { type: 'string', default: '1600' },
    seed: { type: 'string', default: '5' },
    creatures: { type: 'string', default: '800' },
    resume: { type: 'boolean', default: false },
  },
});
if (options.eye !== 'form' && options.eye !== 'look')
  throw new Error(`eye must be form or look, got ${options.eye}`);
const eye: Eye = options.eye;
const whole = (name: string, text: string, most: number) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new Error(`${name} must be a whole number 1..${most}, got ${text}`);
  return value;
};
const steps = whole('steps', options.steps, 1_000_000);
const random = randomFrom(Number(options.seed));
const creatures = whole('creatures', options.creatures, 10_000);
/** Of the creatures' genomes. */
const LABEL = 'judge';
const PAIRS = 56;
const BATCH = 2 * PAIRS;
const SCALE = 18;

/** Pictures of each class. */
function classesOf(): Sprite[][] {
  const classes: Sprite[][] = [];
  for (const { creature, sprite } of drawnOf(freshStrips(creatures, 99), LABEL)) {
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
const before = options.resume ? loadEye(eye) : undefined;
const weights = layersFor(eye).map(({ name, inputs, outputs, spread }, l) => {
  const fresh = () =>
    tf.tensor2d(
      Float32Array.from({ length: inputs * outputs }, () => (gauss() * spread) / Math.sqrt(inputs)),
      [inputs, outputs],
    );
  return {
    kernel: tf.variable(before?.[l].kernel ?? fresh(), true, `${name}.kernel`),
    bias: tf.variable(before?.[l].bias ?? tf.zeros<tf.Rank.R1>([outputs]), true, `${name}.bias`),
  };
});
console.log(`${eye}: ${classes.length} classes, ${steps} steps`);

/** Creatures of each element, whose colours are alike. */
const elements = Array.from({ length: 8 }, (_, element) =>
  Array.from({ length: creatures }, (_, n) => n).filter(
    (n) => (genomeFrom(`${LABEL} ${n}`)[Gene.coat] & 7) === element,
  ),
);

/**
 * Which classes a step shows: each once, creatures more often than things. The eye of looks is shown creatures of one
 * element every other time, so that it has to look closely.
 */
function choose(): number[] {
  const chosen = new Set<number>();
  const alike = elements[Math.floor(random() * 8)];
  if (eye === 'look' && alike.length > PAIRS && random() < 0.5) {
    while (chosen.size < PAIRS) chosen.add(alike[Math.floor(random() * alike.length)]);
    return [...chosen];
  }
  while (chosen.size < PAIRS)
    chosen.add(
      random() < 0.75
        ? Math.floor(random() * creatures)
        : creatures + Math.floor(random() * (classes.length - creatures)),
    );
  return [...chosen];
}

const optimizer = tf.train.adam(0.002);
let since = performance.now();
let sum = 0;
let right = 0;
let counted = 0;
for (let step = 1; step <= steps; step++) {
  const shown = emptyFor(eye, BATCH);
  choose().forEach((one, n) => {
    const pictures = classes[one];
    const first = Math.floor(random() * pictures.length);
    // another picture of the same creature, where there is one
    const second = (first + 1 + Math.floor(random() * (pictures.length - 1))) % pictures.length;
    present(pictures[first], eye, shown, n, BATCH, disguise(random, eye));
    present(pictures[second], eye, shown, PAIRS + n, BATCH, disguise(random, eye));
  });
  const falling = 0.03 + 0.97 * (0.5 + 0.5 * Math.cos((Math.PI * step) / steps));
  setRate(optimizer, (options.resume ? 0.001 : 0.002) * falling * Math.min(1, step / 100));
  const [loss, hits] = tf.tidy(() => {
    const wanted = tf.eye(PAIRS);
    const numbers = tf.range(0, PAIRS, 1, 'int32');
    let hits: tf.Tensor | undefined;
    const cost = optimizer.minimize(() => {
      const features = forward(weights, eye, shown, BATCH);
      // the first pictures by the second ones
      const [ones, others] = [0, PAIRS].map((from) => times(rowsFrom(from, PAIRS, BATCH), features));
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
  counted++;
  if (step % 100 === 0 || step === steps) {
    const rate = (1000 * counted) / (performance.now() - since);
    console.log(
      `step ${step}  loss ${(sum / counted).toFixed(3)}  right ${((100 * right) / PAIRS / counted).toFixed(1)} %  ${rate.toFixed(1)} steps/s  ${Math.round((steps - step) / rate)} s left`,
    );
    since = performance.now();
    sum = 0;
    right = 0;
    counted = 0;
    const values = weights.flatMap(({ kernel, bias }) => [kernel.dataSync(), bias.dataSync()]);
    writeFileSync(fileOf(eye), encodeWeights(values as Float32Array[]));
  }
}
