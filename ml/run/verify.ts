import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Brain, decodeBrain, encodeBrain, type Json } from '#shared/brain/index.ts';
import { writeAtomically } from '../files.ts';
import { type Plan, planOf } from '../plan.ts';
import { createCollector } from '../rollout/collector.ts';
import { Trainer } from '../trainer.ts';
import { type Chain, ChainError, type Genesis, readBorder, readChain, stateHash } from './chain.ts';
import { SOURCE } from './directory.ts';
import { genesisOf } from './genesis.ts';

/** Decisions that one thread alone makes in a few seconds. */
const FEW = 300_000;

export interface VerifyOptions {
  /** The behaviour file, if it lies elsewhere than when the run began. */
  readonly behaviorFile?: string;
  /** The segments to run again; else `sample` of them, spread by the chain's root. */
  readonly segments?: readonly number[];
  readonly sample?: number;
  readonly threads?: number;
  onSegment?(segment: number, seconds: number): void;
}

export interface Verified {
  readonly root: string;
  /** All segments that were ever run again to the chain's hash, of how many. */
  readonly segments: readonly number[];
  readonly of: number;
  /** The run's brain file, in whose manifest that now stands. */
  readonly brainFile: string;
  readonly brainId: string;
}

/**
 * Runs segments of a training again and compares what comes out, to the bit, with what its chain names; checks the
 * chain, its borders, and that the run's brain is the chain's last state. Writes how much was verified into the manifest of
 * the run's brain (which thereby gets another id, while its weights stay).
 * @throws ChainError naming what does not fit.
 */
export async function verifyRun(directory: string, options: VerifyOptions = {}): Promise<Verified> {
  const chain = readChain(directory);
  const { links, genesis, root } = chain;
  if (links.length === 0) throw new ChainError(`${directory}: no segment has ended yet`);
  const plan = planFor(directory, genesis, options.behaviorFile);
  const { file, brain } = brainOf(directory, plan);
  const segments = options.segments ?? sampleOf(chain, options.sample ?? 1);
  for (const segment of segments)
    if (!(Number.isInteger(segment) && segment >= 1 && segment <= links.length))
      throw new ChainError(`segment: must be from 1 to ${links.length}, is ${segment}`);
  // For a short segment it takes longer to start threads than to do without.
  const steps = segments.reduce((sum, k) => sum + links[k - 1].steps - (links[k - 2]?.steps ?? 0), 0);
  const collector = await createCollector(plan.behavior, options.threads ?? (steps < FEW ? 0 : undefined));
  try {
    checkGenesis(directory, genesis, genesisOf(plan, [...collector.opponentIds]));
    const trainerOf = () =>
      new Trainer(plan.behavior, collector, { engine: plan.engine, parent: plan.parent?.theta });
    const beginning = stateHash(trainerOf().save());
    if (beginning !== genesis.state)
      throw new ChainError(`${directory}: begins in state ${beginning}, the chain names ${genesis.state}`);
    checkBrain(file, brain, chain, directory, trainerOf());
    for (const segment of segments) {
      const begin = performance.now();
      await rerun(directory, chain, segment, trainerOf());
      options.onSegment?.(segment, (performance.now() - begin) / 1000);
    }
  } finally {
    await collector.close();
  }
  return note(file, brain, root, segments, links.length);
}

async function rerun(directory: string, chain: Chain, segment: number, trainer: Trainer): Promise<void> {
  const link = chain.links[segment - 1];
  const before = segment === 1 ? chain.genesis.state : chain.links[segment - 2].state;
  trainer.load(readBorder(directory, segment - 1, before));
  for (const progress of link.progress) await trainer.iterate(progress);
  const fail = (what: string, found: unknown, named: unknown): never => {
    throw new ChainError(`${directory}: segment ${segment}: ${what} is ${found}, the chain names ${named}`);
  };
  if (trainer.iteration !== link.iteration) fail('iteration', trainer.iteration, link.iteration);
  if (trainer.steps !== link.steps) fail('steps', trainer.steps, link.steps);
  const state = stateHash(trainer.save());
  if (state !== link.state) fail('the state it ends in', state, link.state);
  await trainer.settle();
}

function planFor(directory: string, genesis: Genesis, behaviorFile?: string): Plan {
  const file = path.join(directory, SOURCE);
  let source: { behaviorFile?: unknown; parent?: unknown } = {};
  try {
    source = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (behaviorFile === undefined)
      throw new ChainError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  const { critic, klAnchor, engine, data } = genesis;
  return planOf({
    behaviorFile: behaviorFile ?? String(source.behaviorFile),
    parent: typeof source.parent === 'string' ? source.parent : undefined,
    critic,
    klAnchor,
    engine,
    data: data ?? undefined,
  });
}

function checkGenesis(directory: string, genesis: Genesis, here: Omit<Genesis, 'format' | 'state'>): void {
  const means: Partial<Record<keyof Genesis, string>> = {
    code: 'the sources',
    behavior: 'the behaviour file',
    opponents: 'the opponents',
    parent: 'the parent',
  };
  for (const [key, value] of Object.entries(here)) {
    const named = JSON.stringify(genesis[key as keyof Genesis]);
    const found = JSON.stringify(value);
    if (named !== found)
      throw new ChainError(
        `${directory}: ${means[key as keyof Genesis] ?? key} (${key}): ${found} here, the run began with ${named}`,
      );
  }
}

function brainOf(directory: string, { behavior }: Plan): { file: string; brain: Brain } {
  const file = path.join(directory, `${behavior.role}.safetensors`);
  if (!existsSync(file)) throw new ChainError(`${file}: is missing; the run has not ended`);
  return { file, brain: decodeBrain(Uint8Array.from(readFileSync(file))) };
}

/** The brain names the chain's root, and is the last state's integer network. */
function checkBrain(file: string, brain: Brain, chain: Chain, directory: string, trainer: Trainer): void {
  const { training } = brain.manifest.provenance as { training?: { root?: unknown } };
  if (training?.root !== chain.root)
    throw new ChainError(`${file}: names the chain ${training?.root}, here lies ${chain.root}`);
  trainer.load(readBorder(directory, chain.links.length, chain.links[chain.links.length - 1].state));
  const { role, name, observation, provenance } = brain.manifest;
  const network = trainer.network();
  const own = decodeBrain(encodeBrain({ role, name, observation, network, provenance }));
  if (own.manifest.weightsHash !== brain.manifest.weightsHash)
    throw new ChainError(`${file}: its weights are not those that the chain ends in`);
}

/** Some segments that nobody could choose beforehand: by the root, each part of the run as likely. */
function sampleOf({ root, links }: Chain, count: number): number[] {
  const all = links.map((_, k) => k + 1);
  const chosen: number[] = [];
  for (let k = 0; k < count && all.length > 0; k++) {
    const word = Number.parseInt(root.slice((k * 8) % 56, ((k * 8) % 56) + 8), 16);
    chosen.push(...all.splice((word + k) % all.length, 1));
  }
  return chosen.sort((a, b) => a - b);
}

function note(file: string, brain: Brain, root: string, segments: readonly number[], of: number): Verified {
  const { role, name, observation, provenance } = brain.manifest;
  const before = provenance.verified as { root?: Json; segments?: Json } | null | undefined;
  const earlier = before?.root === root && Array.isArray(before.segments) ? before.segments.map(Number) : [];
  const all = [...new Set([...earlier, ...segments])].sort((a, b) => a - b);
  const verified = { root, segments: all, of, percent: Math.floor((1000 * all.length) / of) / 10 };
  const bytes = encodeBrain({
    role,
    name,
    observation,
    network: brain.network,
    provenance: { ...provenance, verified },
  });
  writeAtomically(file, bytes);
  return { root, segments: all, of, brainFile: file, brainId: decodeBrain(bytes).id };
}
