import { decisionHash, mix32 } from '#shared/brain/decide.ts';
import type { DecisionBatch, Kernel } from '#shared/brain/kernel.ts';
import type { Network } from '#shared/brain/network.ts';
import { neutral, OBSERVATION_SIZE, type World } from '#shared/world/index.ts';

/** Rows to decide: the kernel's batch with one seed and one tick a row. */
export interface DecisionRows extends DecisionBatch {
  readonly worldSeed: Uint32Array;
  readonly tick: Uint32Array;
  /** Per row the world it is of, for scripted players, who know their way about as people do. Brains never look here. */
  readonly worlds?: readonly World[];
  /** Where scripted players write what they say: a tone of TONE_NAMES for the nearest one in hearing, 0: nothing. */
  readonly tones?: Uint8Array;
}

/** Whoever decides for agents. The same rows always give the same actions. */
export interface Policy {
  readonly name: string;
  act(rows: DecisionRows, out: Uint8Array): void;
}

/** What stands for chance in a rule: hashes, so that everything can be decided again. */
export interface Draw {
  /** Fresh at each decision. */
  hash: number;
  /** The agent's for as long as it stays. */
  who: number;
  /** The agent's for some thirteen seconds. */
  mood: number;
  /** The world the agent is in, where the caller knows it, and its place there. */
  world?: World;
  agent?: number;
  /** Set by rules that speak: a tone of TONE_NAMES. */
  tone?: number;
}

/** A memoryless rule: from the observation at `o[at..at + 64]` and the mask of legal actions to an action. */
export type Rule = (o: Uint8Array, at: number, mask: number, draw: Draw) => number;

/** Sets a draw to one decision's. */
export function drawFor(draw: Draw, worldSeed: number, tick: number, npc: number, world?: World): Draw {
  draw.hash = decisionHash(worldSeed, tick, npc);
  // Who comes anew to a place is somebody else: the tag tells, where the world is known.
  draw.who = mix32(mix32(worldSeed ^ 0x5bd1e995) + (world ? world.tag[npc] : npc));
  draw.world = world;
  draw.agent = npc;
  draw.tone = 0;
  draw.mood = mix32(draw.who + (tick >>> 8));
  return draw;
}

export function rulePolicy(name: string, rule: Rule): Policy {
  const draw: Draw = { hash: 0, who: 0, mood: 0, world: undefined, agent: 0, tone: 0 };
  return {
    name,
    act({ observations, masks, worldSeed, tick, npcs, count, worlds, tones }, out) {
      for (let r = 0; r < count; r++) {
        drawFor(draw, worldSeed[r], tick[r], npcs[r], worlds?.[r]);
        out[r] = rule(observations, r * OBSERVATION_SIZE, masks[r], draw);
        if (tones) tones[r] = draw.tone ?? 0;
      }
    },
  };
}

/** The n-th legal action of a mask, n counted from 0. */
function nthAction(mask: number, n: number): number {
  for (let a = 0; a < 16; a++) if ((mask >> a) & 1 && n-- === 0) return a;
  return 0;
}

function bits(mask: number): number {
  let n = 0;
  for (let m = mask; m !== 0; m &= m - 1) n++;
  return n;
}

/** Any legal action, each as likely. */
export const random: Rule = (_o, _at, mask, { hash }) => nthAction(mask, ((hash >>> 16) * bits(mask)) >>> 16);

/** An integer network, decided by the kernel as the server does. */
export function brainPolicy(name: string, kernel: Kernel, network: Network): Policy {
  const brain = kernel.load(network);
  return { name, act: (rows, out) => kernel.decideBatch(brain, rows, out) };
}

/** As another policy, but with some features hidden: they always tell nothing. For ablations. */
export function hiding(features: readonly number[], policy: Policy): Policy {
  const hidden = features.map((f): [number, number] => [f, neutral(f)]);
  let observations = new Uint8Array(0);
  return {
    name: `zeroed:${policy.name}`,
    act(rows, out) {
      const length = rows.count * OBSERVATION_SIZE;
      if (observations.length < length) observations = new Uint8Array(length);
      observations.set(rows.observations.subarray(0, length));
      for (let at = 0; at < length; at += OBSERVATION_SIZE)
        for (const [feature, value] of hidden) observations[at + feature] = value;
      policy.act({ ...rows, count: rows.count, observations }, out);
    },
  };
}
