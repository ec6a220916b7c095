import type { Layout } from './parameters.ts';

/** What a learner is made for. */
export interface LearnerOptions {
  /** Observations, hidden layers, actions of the actor. */
  readonly sizes: readonly number[];
  /** What is subtracted from each observation; [observations]. */
  readonly offsets: Uint8Array;
  /**
   * `own`: actor and critic share a trunk and see the same. `central`: the critic is a network of its own with the same hidden
   * layers, which reads the observation and the mean observation of the learners in the same world (MAPPO, Yu et al. 2022).
   */
  readonly critic: 'own' | 'central';
  /** Learners of one world, whose rows lie one after the other. */
  readonly group: number;
  /** Most rows of an iteration. */
  readonly rows: number;
  /** Parameters of the actor that the loss keeps near to; none: no anchor. */
  readonly parent?: Float32Array;
}

/** The rows that an iteration learns from; all arrays may be longer. */
export interface LearningRows {
  readonly count: number;
  /** [count][observations]; teams lie one after the other. */
  readonly observations: Uint8Array;
  readonly masks: Uint32Array;
  readonly actions: Uint8Array;
}

export interface Estimates {
  /** log π of the actions under the policy that acted. */
  readonly oldLogProbs: Float32Array;
  readonly oldValues: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
}

export interface StepOptions {
  /** Cross-entropy with the actions (behavioural cloning, Pomerleau 1991) in place of PPO's loss. */
  readonly imitate: boolean;
  readonly clip: number;
  readonly valueCoefficient: number;
  readonly entropy: number;
  /** Weight of KL(π ‖ parent). */
  readonly anchor: number;
  readonly maxGradNorm: number;
  readonly learningRate: number;
}

/** Of one minibatch: means over its rows, and the gradient's norm before it was cut. */
export interface StepStats {
  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly entropy: number;
  readonly approxKl: number;
  readonly clipFraction: number;
  readonly anchorKl: number;
  readonly gradNorm: number;
}

/**
 * The door to whatever computes gradients. Two engines stand behind it: `kernel` (ml/kernel, the default: several times
 * faster, and the same bits everywhere) and `tfjs` (also for graphics cards in a browser).
 */
export interface Learner {
  readonly engine: 'kernel' | 'tfjs';
  readonly layout: Layout;
  /** All parameters, live: the actor's by `layout`; behind them, from the next multiple of four, a central critic's. */
  readonly theta: Float32Array<ArrayBuffer>;
  /** Adam's state, live, of theta's length; `t` is the number of steps taken. */
  readonly m: Float32Array<ArrayBuffer>;
  readonly v: Float32Array<ArrayBuffer>;
  t: number;
  /** Takes the rows of an iteration (copies them). */
  load(rows: LearningRows): void;
  /** Values of the loaded rows into `out` [count]. */
  values(out: Float32Array): void;
  /** log π of the loaded rows' actions under other parameters of the actor, into `out` [count]; 0 where an action is illegal. */
  logProbs(theta: Float32Array, out: Float32Array): void;
  /** Logits (nats) [count][actions] and values [count] of any observations; `count` is a multiple of the group. */
  evaluate(
    observations: Uint8Array,
    count: number,
    logits: Float32Array | null,
    values: Float32Array | null,
  ): void;
  /** Takes what PPO or imitation needs of the loaded rows besides. */
  estimate(estimates: Estimates): void;
  /** One minibatch: the gradient over the loaded rows named by `rows`, and a step of Adam. */
  step(rows: Uint32Array, options: StepOptions): StepStats;
}
