import { paletteOf } from '#shared/art/palette.ts';
import { SIZE, type Sprite, STAGES } from '#shared/art/types.ts';
import { startBackend } from '../../net/backend.ts';
import { heldOutNames } from '../data/names.ts';
import { realPicture } from '../data/real.ts';
import { genomeFrom } from '../data/strips.ts';
import { loadEye } from './file.ts';
import { type Asked, asked, type Generator } from './generator.ts';
import type { Eye } from './inputs.ts';
import { kernelDistance, ownNearest, precisionRecall } from './measures.ts';
import type { Neighbours } from './neighbours.ts';
import { featuresOf, type Weights } from './network.ts';
import { type Validity, validityOf } from './validity.ts';

export { bodiesOf, type Generator, generatorOf } from './generator.ts';
export { Neighbours } from './neighbours.ts';
export type { Validity } from './validity.ts';

/** The real pictures that nobody learnt from, as sprites. */
export function heldOutSprites(): Sprite[] {
  return heldOutNames().map((name) => ({
    width: SIZE,
    height: SIZE,
    palette: paletteOf({ genome: genomeFrom(name), stage: 3, branch: 0 }),
    pixels: realPicture(name),
  }));
}

export interface Identity {
  /** Percent of 1,000 creatures whose picture's nearest among all 1,000 next-stage pictures is their own; the mean. */
  readonly percent: number;
  /** The same of each step: seed to sprout, … , grown to elder. */
  readonly steps: readonly number[];
}

export interface Fidelity {
  readonly kernelDistance: number;
  readonly precision: number;
  readonly recall: number;
}

export interface Memorised {
  readonly percent: number;
  /** By stage. */
  readonly thresholds: readonly number[];
  /** The nearest of each stage, seeds first, nearest first. */
  readonly nearest: readonly {
    readonly asked: Asked;
    readonly distance: number;
    readonly pixels: Uint8Array;
  }[];
}

/** The committed eyes, open: figures of any generator. */
export class Judge {
  private readonly eyes = new Map<Eye, Weights>();
  private real: Float32Array | undefined;

  private constructor() {}

  /** Starts tfjs; reads the committed eyes. */
  static async open(): Promise<Judge> {
    await startBackend();
    return new Judge();
  }

  features(eye: Eye, sprites: readonly Sprite[]): Float32Array {
    let weights = this.eyes.get(eye);
    if (!weights) {
      weights = loadEye(eye);
      this.eyes.set(eye, weights);
    }
    return featuresOf(eye, weights, sprites);
  }

  /** Whether a creature is known again after it has grown a stage. */
  identity(eye: Eye, draw: Generator, creatures = 1000): Identity {
    const genomes = Array.from({ length: creatures }, (_, n) => genomeFrom(`own ${n}`));
    const at = (stage: number, branched: boolean) =>
      this.features(
        eye,
        genomes.map((genome, n) => draw(genome, stage, branched ? 1 + (n % 4) : 0)),
      );
    const stages = [at(0, false), at(1, false), at(2, true), at(3, true), at(4, true)];
    const steps = [0, 1, 2, 3].map((s) => ownNearest(stages[s], stages[s + 1]));
    return { steps, percent: steps.reduce((sum, one) => sum + one, 0) / steps.length };
  }

  /** How near the drawings come to real pictures that nobody learnt from: grown and elder, without a branch's adornments. */
  fidelity(draw: Generator, count = 1008): Fidelity {
    this.real ??= this.features('form', heldOutSprites());
    const drawn = Array.from({ length: count }, (_, n) => draw(genomeFrom(`true ${n}`), 3 + (n & 1), 0));
    const features = this.features('form', drawn);
    return { kernelDistance: kernelDistance(this.real, features), ...precisionRecall(this.real, features) };
  }
}

/** Over `count` pictures of every stage and branch. */
export function judgeValidity(draw: Generator, count = 10_000): Validity {
  return validityOf(
    (function* () {
      for (let n = 0; n < count; n++) {
        const { genome, stage, branch } = asked('valid', n);
        yield draw(genome, stage, branch);
      }
    })(),
  );
}

/** Percent of `count` pictures that are nearer to a training picture than real creatures are to one another; `shown` a stage. */
export function judgeMemory(
  draw: Generator,
  neighbours: Neighbours,
  thresholds: readonly number[],
  count = 1000,
  shown = 4,
): Memorised {
  const all = Array.from({ length: count }, (_, n) => {
    const one = asked('learnt', n);
    const { pixels } = draw(one.genome, one.stage, one.branch);
    return { asked: one, ...neighbours.nearest(pixels, one) };
  });
  const near = all.filter(({ asked: { stage }, distance }) => distance < thresholds[stage]).length;
  all.sort((a, b) => a.distance - b.distance);
  const nearest = STAGES.flatMap((_, stage) =>
    all.filter((one) => one.asked.stage === stage).slice(0, shown),
  );
  return { percent: (100 * near) / count, thresholds, nearest };
}
