import * as tf from '@tensorflow/tfjs-core';
import { sureLogits } from '#ml/art/data/drawn.ts';
import { randomFrom } from '#ml/art/dense.ts';
import { crossEntropy, times } from '#ml/art/judge/graph.ts';
import { paletteOf } from '#shared/art/palette.ts';
import { CONDITIONS, conditionValues, type Family, LOGIT_UNIT, ROLES, seedOf } from './family.ts';
import { dense, mixerBlock, normals, PATCHES, type Parameters, patchesOf } from './nn.ts';

const LATENT = 32;
const CHANNELS = 48;
/** Of the decoder's first layer: it makes the decoder as large as the world's model, 234 k weights to 232 k. */
const WIDTH = 60;
const KL_WEIGHT = 0.0015;

/** The sixteen colours in which roles are regressed, 0..1 RGBA. */
const COLOURS = Float32Array.from(
  paletteOf({ genome: new Uint8Array(32), stage: 4, branch: 1 }),
  (value) => value / 255,
);

function encode(p: Parameters, patches: tf.Tensor): { mean: tf.Tensor; spread: tf.Tensor } {
  const [rows] = patches.shape;
  let x = dense(p, 'e.in', patches, CHANNELS, 2);
  x = mixerBlock(p, 'e.mix', x);
  const flat = tf.reshape(tf.relu(dense(p, 'e.squeeze', x, 16)), [rows, 64 * 16]);
  return { mean: dense(p, 'e.mean', flat, LATENT), spread: dense(p, 'e.spread', flat, LATENT, 0.1) };
}

function decode(p: Parameters, latent: tf.Tensor, conditions: tf.Tensor, regress: boolean): tf.Tensor {
  const [rows] = latent.shape;
  const first = tf.relu(dense(p, 'd.in', tf.concat([latent, conditions], 1), WIDTH, 1.4));
  let x = tf.reshape(dense(p, 'd.grid', first, 64 * CHANNELS, 1.4), [rows, 64, CHANNELS]);
  x = mixerBlock(p, 'd.mix1', x);
  x = mixerBlock(p, 'd.mix2', x);
  return dense(p, 'd.out', tf.relu(x), 16 * outputsOf(regress));
}

const outputsOf = (regress: boolean) => (regress ? 4 : ROLES);

/**
 * A variational autoencoder with a Gaussian latent (Kingma and Welling 2013) over role pictures; with `regress` it
 * paints RGBA values instead, which are quantised to the palette afterwards. Latents are drawn `far` times as far from
 * the mean as the prior says.
 */
export function gaussianVae(regress: boolean, far = 1): Family {
  return {
    name: regress ? 'rgb' : 'vae',
    title: regress ? 'RGB, quantised after' : 'Gaussian VAE',
    batch: 48,
    loss(p, batch, random) {
      const patches = patchesOf(batch.map((one) => one.pixels));
      const { mean, spread } = encode(p, patches);
      const noise = tf.tensor2d(normals(random, batch.length * LATENT), [batch.length, LATENT]);
      const latent = tf.add(mean, tf.mul(tf.exp(tf.mul(spread, 0.5)), noise));
      const conditions = tf.tensor2d(conditionValues(batch), [batch.length, CONDITIONS]);
      const out = decode(p, latent, conditions, regress);
      const each = tf.sub(tf.add(tf.square(mean), tf.exp(spread)), tf.add(spread, 1));
      const divergence = tf.mul(tf.sum(each, [0, 1]), 0.5 / batch.length);
      const pixels = tf.reshape(patches, [-1, ROLES]);
      const error = regress
        ? tf.mul(
            tf.sum(
              tf.square(tf.sub(tf.reshape(out, [-1, 4]), times(pixels, tf.tensor2d(COLOURS, [ROLES, 4])))),
              [0, 1],
            ),
            1 / (batch.length * 4096),
          )
        : tf.mul(crossEntropy(tf.reshape(out, [-1, ROLES]), pixels), 1 / (batch.length * 1024));
      return tf.add(error, tf.mul(divergence, regress ? KL_WEIGHT * 0.1 : KL_WEIGHT)) as tf.Scalar;
    },
    draw(p, requests) {
      const values = tf.tidy(() => {
        const latent = new Float32Array(requests.length * LATENT);
        requests.forEach(({ genome }, n) => {
          const drawn = normals(randomFrom(seedOf(genome)), LATENT);
          latent.set(
            drawn.map((value) => far * value),
            n * LATENT,
          );
        });
        const conditions = tf.tensor2d(conditionValues(requests), [requests.length, CONDITIONS]);
        return decode(p, tf.tensor2d(latent, [requests.length, LATENT]), conditions, regress).dataSync();
      });
      return requests.map((_, n) => {
        if (!regress) {
          const own = values.subarray(n * 1024 * ROLES, (n + 1) * 1024 * ROLES);
          return Int32Array.from(own, (value) => Math.round(value * LOGIT_UNIT));
        }
        const pixels = new Uint8Array(1024);
        for (let i = 0; i < 1024; i++) pixels[PATCHES[i]] = nearestColour(values, (n * 1024 + i) * 4);
        return sureLogits(pixels);
      });
    },
  };
}

function nearestColour(values: ArrayLike<number>, at: number): number {
  if (values[at + 3] < 0.5) return 0;
  let best = 1;
  let least = Infinity;
  for (let role = 1; role < ROLES; role++) {
    let far = 0;
    for (let c = 0; c < 3; c++) far += (values[at + c] - COLOURS[role * 4 + c]) ** 2;
    if (far < least) [best, least] = [role, far];
  }
  return best;
}
