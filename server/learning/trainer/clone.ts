import { OFFSETS } from '#ml/env/features.ts';
import { KernelLearner } from '#ml/net/kernelLearner.ts';
import { initialize } from '#ml/net/parameters.ts';
import { nextRandom, seedRng, shuffle } from '#ml/net/random.ts';
import { logSoftmax } from '#ml/ppo.ts';
import { quantize } from '#ml/quantize.ts';
import { encodeBrain } from '#shared/brain/file.ts';
import type { Network } from '#shared/brain/network.ts';
import { ACTION_COUNT, OBSERVATION_LAYOUT, OBSERVATION_SIZE } from '#shared/world/index.ts';
import type { Play } from '../log/part.ts';
import type { PlayerType } from './profile.ts';
import { TURNS, turnAction, turnObservation } from './turn.ts';

const SIZES = [OBSERVATION_SIZE, 64, 64, ACTION_COUNT];
/** Decisions of one person that count, the latest: whoever plays most does not speak for all. */
export const MOST_OF_ONE = 3000;
const MINIBATCH = 64;
/** Steps at least, and passes over all decisions at least and at most. */
const STEPS = 600;
const TURNED_STEPS = 2000;
const PASSES = { least: 6, most: 200 } as const;
/** Fewer decisions tell no manner. */
const LEAST = 250;
const LEARNING_RATE = 0.002;
/** One in so many stretches of so many decisions (six seconds) is kept back to see whether anything was learnt. */
const HELD_OUT = 5;
const STRETCH = 30;

export interface Clone {
  file: Uint8Array;
  decisions: number;
  /** Nats a held-out decision costs: by the clone, and by how often each action was chosen where it could be. */
  loss: number;
  baseline: number;
}

interface Rows {
  count: number;
  observations: Uint8Array;
  masks: Uint32Array;
  actions: Uint8Array;
}

function rowsOf(plays: readonly Play[]): Rows {
  const observations = new Uint8Array(plays.length * OBSERVATION_SIZE);
  plays.forEach((p, i) => {
    observations.set(p.observation, i * OBSERVATION_SIZE);
  });
  return {
    count: plays.length,
    observations,
    masks: Uint32Array.from(plays, (p) => p.mask),
    actions: Uint8Array.from(plays, (p) => p.action),
  };
}

/**
 * A network that plays as people of a type do: behavioural cloning (Pomerleau 1991) of their decisions, the same loss
 * as ml/imitation.ts. Learnt twice: as they played, and in turned and mirrored worlds, where a manner is the same and the
 * sample counts eightfold, but a way is not; the one that foresees held-out decisions better counts.
 * @returns null where neither foresees them better than plain frequencies do
 * @param pause called now and then, where others may want the processor
 */
export function cloneOf(type: PlayerType, seed: number, pause: () => void): Clone | null {
  const training: Play[] = [];
  const held: Play[] = [];
  for (const { plays } of type.people)
    plays.slice(-MOST_OF_ONE).forEach((play, i) => {
      (Math.floor(i / STRETCH) % HELD_OUT === 0 ? held : training).push(play);
    });
  if (training.length < LEAST || held.length < LEAST / HELD_OUT) return null;
  const [rows, test] = [rowsOf(training), rowsOf(held)];
  const frequencies = frequenciesOf(rows);
  const baseline = lossOf(test, (r, out) => logSoftmax(frequencies, 0, ACTION_COUNT, test.masks[r], out));
  const [plain, turned] = [false, true].map((turns) => imitate(rows, test, seed, turns, pause));
  const { loss, network, turns } = turned.loss < plain.loss ? turned : plain;
  if (!(loss < baseline)) return null;
  const file = encodeBrain({
    role: 'wanderer',
    name: 'Players of a kind',
    observation: OBSERVATION_LAYOUT,
    network,
    provenance: {
      algorithm: 'behavioural cloning',
      seed,
      turned: turns,
      people: type.people.length,
      decisions: rows.count,
    },
  });
  return { file, decisions: rows.count + test.count, loss, baseline };
}

/** The network of the pass that foresaw held-out decisions best. */
function imitate(
  rows: Rows,
  test: Rows,
  seed: number,
  turns: boolean,
  pause: () => void,
): { loss: number; network: Network; turns: boolean } {
  const learner = new KernelLearner({
    sizes: SIZES,
    offsets: OFFSETS,
    critic: 'own',
    group: 1,
    rows: Math.max(rows.count, test.count),
  });
  learner.theta.set(initialize(learner.layout, seed));
  learner.load(rows);
  const none = () => new Float32Array(rows.count);
  learner.estimate({ oldLogProbs: none(), oldValues: none(), advantages: none(), returns: none() });
  const logits = new Float32Array(test.count * ACTION_COUNT);
  const random = seedRng(seed + 1);
  let loss = Number.POSITIVE_INFINITY;
  let best = learner.theta.slice();
  const order = Uint32Array.from({ length: rows.count }, (_, k) => k);
  const steps = turns ? TURNED_STEPS : STEPS;
  const passes = Math.max(PASSES.least, Math.min(PASSES.most, Math.ceil((steps * MINIBATCH) / rows.count)));
  const shown = { ...rows, observations: rows.observations.slice(), actions: rows.actions.slice() };
  for (let pass = 0; pass < passes; pass++) {
    pause();
    shuffle(order, random);
    if (turns) {
      for (let r = 0; r < rows.count; r++) {
        const turn = (nextRandom(random) >>> 8) % TURNS;
        turnObservation(rows.observations, shown.observations, r * OBSERVATION_SIZE, turn);
        shown.actions[r] = turnAction(rows.actions[r], turn);
      }
      learner.load(shown);
    }
    for (let at = 0; at + MINIBATCH <= order.length; at += MINIBATCH)
      learner.step(order.subarray(at, at + MINIBATCH), {
        imitate: true,
        clip: 0.2,
        valueCoefficient: 0,
        entropy: 0,
        anchor: 0,
        maxGradNorm: 0.5,
        learningRate: LEARNING_RATE * (1 - pass / passes),
      });
    // From some pass on it learns the sample and no longer the manner: the best one counts.
    learner.evaluate(test.observations, test.count, logits, null);
    const now = lossOf(test, (r, out) =>
      logSoftmax(logits, r * ACTION_COUNT, ACTION_COUNT, test.masks[r], out),
    );
    if (now < loss) [loss, best] = [now, learner.theta.slice()];
  }
  return { loss, network: quantize(best, learner.layout, OFFSETS), turns };
}

/** Mean nats of what was done. */
function lossOf(rows: Rows, logPi: (row: number, out: Float64Array) => void): number {
  const out = new Float64Array(ACTION_COUNT);
  let sum = 0;
  for (let r = 0; r < rows.count; r++) {
    logPi(r, out);
    sum -= Math.max(-20, out[rows.actions[r]]);
  }
  return sum / rows.count;
}

/** Logits by how often an action was done where it could be. */
function frequenciesOf(rows: Rows): Float32Array {
  const [done, could] = [new Float64Array(ACTION_COUNT), new Float64Array(ACTION_COUNT)];
  for (let r = 0; r < rows.count; r++) {
    done[rows.actions[r]]++;
    for (let a = 0; a < ACTION_COUNT; a++) could[a] += (rows.masks[r] >> a) & 1;
  }
  return Float32Array.from(done, (n, a) => Math.log((n + 0.5) / (could[a] + 1)));
}
