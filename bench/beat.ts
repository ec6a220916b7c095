import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBehavior } from '#ml/behavior.ts';
import { loadTerrain } from '#ml/env/terrain.ts';
import { playTask } from '#ml/evaluateParallel.ts';
import { train } from '#ml/train.ts';
import { createKernel } from '#shared/brain/index.ts';
import { report } from './report.ts';

/**
 * From nothing to beating the scripted rule, role by role: a run with random first weights for each of ever larger budgets, until
 * the integer network does better than the scripted rule on held-out worlds: both play the same ones, and the 95 % interval of the
 * mean difference lies above 0.
 * The minutes are those of the run that first did it, on this machine as it is; the decisions are the same anywhere.
 * `--role NAME` (all four), `--episodes N` (300).
 */
const ROLES = ['forager', 'guard', 'raider', 'trader'];
const BUDGETS = [300_000, 600_000, 1_200_000, 2_400_000, 4_800_000, 9_600_000];

const args = process.argv.slice(2);
const value = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const episodes = Number(value('--episodes') ?? 300);
if (!Number.isInteger(episodes) || episodes < 50 || episodes > 10_000) {
  console.error(`beat: --episodes: must be a whole number from 50 to 10000, is ${value('--episodes')}`);
  process.exit(2);
}
const wanted = value('--role');
if (wanted !== undefined && !ROLES.includes(wanted)) {
  console.error(`beat: --role: must be one of ${ROLES.join(', ')}, is ${wanted}`);
  process.exit(2);
}
const print = report('beat', args.includes('--json'));
const kernel = await createKernel();
const terrain = loadTerrain();

for (const role of wanted ? [wanted] : ROLES) {
  const beaten = await smallest(role);
  if (!beaten) {
    console.error(`${role}: not beaten with ${BUDGETS.at(-1)?.toLocaleString('en')} decisions`);
    process.exitCode = 1;
    continue;
  }
  print(`${role}_minutes`, beaten.minutes, 'min');
  print(`${role}_decisions`, beaten.decisions, '');
  print(`${role}_return`, beaten.brain, '', { peer: 'scripted', peerValue: beaten.scripted });
}

interface Beaten {
  minutes: number;
  decisions: number;
  /** Mean returns on the same held-out episodes. */
  brain: number;
  scripted: number;
}

async function smallest(role: string): Promise<Beaten | null> {
  const behaviorFile = fileURLToPath(new URL(`../ml/behaviors/${role}.yaml`, import.meta.url));
  const behavior = readBehavior(behaviorFile);
  const returnsOf = (policy: string) =>
    playTask({ behavior, policy, first: 0, count: episodes }, kernel, terrain, () => {}).returns;
  const scripted = returnsOf('scripted');
  for (const steps of BUDGETS) {
    const out = mkdtempSync(path.join(tmpdir(), 'symbiont-beat-'));
    try {
      const run = await train({ behaviorFile, steps, episodes: 2, out: path.join(out, role) });
      if (!run.brainFile) throw new Error(`${role}: the run left no brain`);
      const brain = returnsOf(run.brainFile);
      const gained = interval(brain.map((value, i) => value - scripted[i]));
      console.error(
        `${role}: ${run.steps.toLocaleString('en')} decisions, ${run.seconds.toFixed(0)} s: ${mean(brain).toFixed(2)}, ` +
          `scripted ${mean(scripted).toFixed(2)}; difference ${gained.map((bound) => bound.toFixed(2)).join(' … ')}`,
      );
      if (gained[0] > 0)
        return {
          minutes: run.seconds / 60,
          decisions: run.steps,
          brain: mean(brain),
          scripted: mean(scripted),
        };
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  }
  return null;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** The 95 % interval of a mean. */
function interval(values: readonly number[]): [number, number] {
  const middle = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
  const half = 1.96 * Math.sqrt(variance / values.length);
  return [middle - half, middle + half];
}
