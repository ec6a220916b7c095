import * as tf from '@tensorflow/tfjs-core';
import { sureLogits } from '#ml/art/data/drawn.ts';
import { randomFrom } from '#ml/art/dense.ts';
import { crossEntropy } from '#ml/art/judge/graph.ts';
import { CONDITIONS, conditionValues, type Family, ROLES, seedOf } from './family.ts';
import { dense, levelled, mixerBlock, PATCHES, type Parameters, patchesOf } from './nn.ts';

const CHANNELS = 64;
/** Roles and the mask. */
const SYMBOLS = ROLES + 1;
const STEPS = 12;
const WARMTH = 1;

function logits(p: Parameters, patches: tf.Tensor3D, conditions: Float32Array): tf.Tensor {
  const [rows] = patches.shape;
  const told = new Float32Array(rows * 64 * CONDITIONS);
  for (let at = 0; at < told.length; at++)
    told[at] = conditions[Math.floor(at / (64 * CONDITIONS)) * CONDITIONS + (at % CONDITIONS)];
  const tokens = tf.concat([patches, tf.tensor3d(told, [rows, 64, CONDITIONS])], 2);
  let x = tf.add(dense(p, 'in', tokens, CHANNELS, 2), p.get('place', [1, 64, CHANNELS], 3, 0.5));
  for (const name of ['mix1', 'mix2', 'mix3']) x = mixerBlock(p, name, x, true);
  return tf.reshape(dense(p, 'out', levelled(x), 16 * ROLES), [-1, ROLES]);
}

/**
 * A masked-token model (MaskGIT, Chang 2022) over pixels: learns to fill in hidden roles; draws by revealing, over
 * twelve steps, the pixels it is surest of. The genome is its noise: stages of one creature share that alone.
 */
export const masked: Family = {
  name: 'masked',
  title: 'Masked model',
  batch: 32,
  loss(p, batch, random) {
    const wanted = new Float32Array(batch.length * 1024 * ROLES);
    let hidden = 0;
    const shown = batch.map(({ pixels }, n) => {
      const part = Math.cos((random() * Math.PI) / 2);
      const seen = pixels.slice();
      // half of the time whole patches are hidden, else single pixels
      const coarse = random() < 0.5;
      for (let t = 0; t < 64; t++) {
        const all = random() < part;
        for (let k = 0; k < 16; k++) {
          if (coarse ? !all : random() >= part) continue;
          const i = t * 16 + k;
          seen[PATCHES[i]] = ROLES;
          hidden++;
          wanted[(n * 1024 + i) * ROLES + pixels[PATCHES[i]]] = 1;
        }
      }
      return seen;
    });
    const conditions = conditionValues(batch);
    const all = crossEntropy(
      logits(p, patchesOf(shown, SYMBOLS), conditions),
      tf.tensor2d(wanted, [batch.length * 1024, ROLES]),
    );
    return tf.mul(all, 1 / Math.max(1, hidden)) as tf.Scalar;
  },
  draw(p, requests) {
    const pictures = requests.map(() => new Uint8Array(1024).fill(ROLES));
    const randoms = requests.map(({ genome }) => randomFrom(seedOf(genome)));
    for (let step = 1; step <= STEPS; step++) {
      const values = tf.tidy(() => {
        const conditions = conditionValues(requests);
        return tf.softmax(logits(p, patchesOf(pictures, SYMBOLS), conditions)).dataSync();
      });
      const hidden = Math.floor(1024 * Math.cos((Math.PI / 2) * (step / STEPS)));
      pictures.forEach((pixels, n) => {
        reveal(pixels, values.subarray(n * 1024 * ROLES, (n + 1) * 1024 * ROLES), hidden, step, randoms[n]);
      });
    }
    return pictures.map((pixels) => sureLogits(pixels));
  },
};

/** Samples the masked pixels and keeps masked the `hidden` least sure. */
function reveal(
  pixels: Uint8Array,
  chances: ArrayLike<number>,
  hidden: number,
  step: number,
  random: () => number,
): void {
  const sure: { at: number; role: number; score: number }[] = [];
  for (let i = 0; i < 1024; i++) {
    const at = PATCHES[i];
    if (pixels[at] !== ROLES) continue;
    let left = random();
    let role = 0;
    while (role < ROLES - 1 && left >= chances[i * ROLES + role]) left -= chances[i * ROLES + role++];
    const gumbel = -Math.log(-Math.log(random() * 0.999 + 0.0005));
    const score = Math.log(chances[i * ROLES + role] + 1e-9) + gumbel * WARMTH * (1 - step / STEPS);
    sure.push({ at, role, score });
  }
  sure.sort((a, b) => b.score - a.score);
  for (const { at, role } of sure.slice(0, Math.max(0, sure.length - hidden))) pixels[at] = role;
}
