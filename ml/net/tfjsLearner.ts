import * as tf from '@tensorflow/tfjs-core';
import { imitationGradient } from '../imitation.ts';
import { criticSizes, criticStart, teamMeans } from '../mappo.ts';
import { type Batch, logSoftmax, lossGradient, normalize, noStats } from '../ppo.ts';
import { ActorCritic } from './actorCritic.ts';
import { Adam, clipNorm } from './adam.ts';
import type { Estimates, Learner, LearnerOptions, LearningRows, StepOptions, StepStats } from './learner.ts';
import type { Layout } from './parameters.ts';

/** The learner on tfjs; its backend (backend.ts, or WebGL and WebGPU in a browser) must have started. */
export class TfjsLearner implements Learner {
  readonly engine = 'tfjs';
  readonly layout: Layout;
  readonly theta: Float32Array<ArrayBuffer>;
  readonly m: Float32Array<ArrayBuffer>;
  readonly v: Float32Array<ArrayBuffer>;
  t = 0;
  readonly #options: LearnerOptions;
  /** One network, or the actor and a central critic, each with its part of the parameters. */
  readonly #nets: readonly { net: ActorCritic; theta: Float32Array; gradient: Float32Array; adam: Adam }[];
  #rows: LearningRows | null = null;
  #parent: Float32Array | null = null;
  #estimates: Estimates | null = null;

  constructor(options: LearnerOptions) {
    this.#options = options;
    const { sizes, offsets } = options;
    const actor = new ActorCritic(sizes, offsets);
    this.layout = actor.layout;
    const nets = [actor];
    if (options.critic === 'central')
      nets.push(new ActorCritic(criticSizes(sizes), Uint8Array.of(...offsets, ...offsets)));
    const starts = [0, criticStart(actor.layout)];
    const length = nets.length === 1 ? actor.layout.length : starts[1] + nets[1].layout.length;
    this.theta = new Float32Array(length);
    this.m = new Float32Array(length);
    this.v = new Float32Array(length);
    this.#nets = nets.map((net, k) => {
      const part = (all: Float32Array<ArrayBuffer>) => all.subarray(starts[k], starts[k] + net.layout.length);
      const adam = new Adam(net.layout.length, part(this.m), part(this.v));
      return { net, theta: part(this.theta), gradient: new Float32Array(net.layout.length), adam };
    });
  }

  load(rows: LearningRows): void {
    const { group, sizes, parent } = this.#options;
    const { count } = rows;
    if (count > this.#options.rows || count % group !== 0)
      throw new RangeError(`rows: must be a multiple of ${group} up to ${this.#options.rows}, is ${count}`);
    this.#rows = {
      count,
      observations: rows.observations.slice(0, count * sizes[0]),
      masks: rows.masks.slice(0, count),
      actions: rows.actions.slice(0, count),
    };
    if (!parent) return;
    this.#parent = new Float32Array(count * this.#nets[0].net.actions);
    this.#nets[0].net.evaluate(parent, this.#rows.observations, count, this.#parent, new Float32Array(count));
  }

  values(out: Float32Array): void {
    const { observations, count } = this.#loaded();
    this.evaluate(observations, count, null, out);
  }

  logProbs(theta: Float32Array, out: Float32Array): void {
    const { observations, masks, actions, count } = this.#loaded();
    const { net } = this.#nets[0];
    const logits = new Float32Array(count * net.actions);
    net.evaluate(theta, observations, count, logits, new Float32Array(count));
    const logPi = new Float64Array(net.actions);
    for (let k = 0; k < count; k++) {
      logSoftmax(logits, k * net.actions, net.actions, masks[k], logPi);
      const known = logPi[actions[k]];
      out[k] = Number.isFinite(known) ? known : 0;
    }
  }

  evaluate(
    observations: Uint8Array,
    count: number,
    logits: Float32Array | null,
    values: Float32Array | null,
  ): void {
    const [{ net, theta }, critic] = this.#nets;
    const mine = logits ?? new Float32Array(count * net.actions);
    net.evaluate(theta, observations, count, mine, values ?? new Float32Array(count));
    if (critic && values)
      critic.net.evaluate(
        critic.theta,
        this.#withTeams(observations, count),
        count,
        new Float32Array(count),
        values,
      );
  }

  estimate(estimates: Estimates): void {
    this.#estimates = estimates;
  }

  step(rows: Uint32Array, options: StepOptions): StepStats {
    const batch = this.#pick(rows);
    normalize(batch.advantages);
    const [actor, critic] = this.#nets;
    const { actions } = actor.net;
    const stats = noStats();
    const head = new Float32Array(rows.length * (actions + 1));
    tf.tidy(() => {
      const pass = actor.net.forward(actor.theta, batch.observations, rows.length);
      const judged = critic?.net.forward(critic.theta, batch.withTeams, rows.length);
      const values = judged?.values ?? pass.values;
      if (options.imitate)
        imitationGradient(options.valueCoefficient, actions, pass.logits, values, batch, head, stats);
      else
        lossGradient(
          options,
          options.entropy,
          actions,
          pass.logits,
          values,
          batch,
          head,
          stats,
          options.anchor,
        );
      if (critic && judged) {
        const own = new Float32Array(2 * rows.length);
        for (let r = 0; r < rows.length; r++) {
          own[2 * r + 1] = head[r * (actions + 1) + actions];
          head[r * (actions + 1) + actions] = 0;
        }
        critic.net.backward(judged, own, critic.gradient);
      }
      actor.net.backward(pass, head, actor.gradient);
    });
    const norms = this.#nets.map(({ net, theta, gradient, adam }) => {
      const norm = clipNorm(gradient, options.maxGradNorm);
      adam.t = this.t;
      adam.step(theta, gradient, options.learningRate);
      net.clamp(theta);
      return norm;
    });
    this.t++;
    return { ...stats, gradNorm: norms[0] };
  }

  #loaded(): LearningRows {
    if (!this.#rows) throw new RangeError('rows: none are loaded');
    return this.#rows;
  }

  /** Each row and behind it its team's mean. */
  #withTeams(observations: Uint8Array, count: number): Uint8Array {
    const { sizes, group } = this.#options;
    const inputs = sizes[0];
    const teams = teamMeans(observations, count, inputs, group);
    const both = new Uint8Array(count * 2 * inputs);
    for (let r = 0; r < count; r++) {
      const team = Math.floor(r / group);
      both.set(observations.subarray(r * inputs, (r + 1) * inputs), 2 * r * inputs);
      both.set(teams.subarray(team * inputs, (team + 1) * inputs), (2 * r + 1) * inputs);
    }
    return both;
  }

  #pick(rows: Uint32Array): Batch & { observations: Uint8Array; withTeams: Uint8Array } {
    const all = this.#loaded();
    const estimates = this.#estimates;
    if (!estimates) throw new RangeError('estimates: none are given');
    const inputs = this.#options.sizes[0];
    const { actions } = this.#nets[0].net;
    const central = this.#nets.length > 1;
    const every = central ? this.#withTeams(all.observations, all.count) : all.observations;
    const gather = (from: Uint8Array, width: number) => {
      const to = new Uint8Array(rows.length * width);
      rows.forEach((k, r) => {
        to.set(from.subarray(k * width, (k + 1) * width), r * width);
      });
      return to;
    };
    const floats = (from: Float32Array) => Float32Array.from(rows, (k) => from[k]);
    const parent = this.#parent;
    return {
      observations: gather(all.observations, inputs),
      withTeams: central ? gather(every, 2 * inputs) : new Uint8Array(0),
      masks: Uint32Array.from(rows, (k) => all.masks[k]),
      actions: Uint8Array.from(rows, (k) => all.actions[k]),
      oldLogProbs: floats(estimates.oldLogProbs),
      oldValues: floats(estimates.oldValues),
      advantages: floats(estimates.advantages),
      returns: floats(estimates.returns),
      parent: parent
        ? Float32Array.from(
            { length: rows.length * actions },
            (_, k) => parent[rows[Math.floor(k / actions)] * actions + (k % actions)],
          )
        : undefined,
    };
  }
}
