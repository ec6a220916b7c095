/**
 * The fuzzer by itself: `npm run fuzz -- --count 200000 --seed 1`. Prints its progress, what went through and
 * what was refused how often, and every finding with the seed that plays it again; exits with 1 if there is one.
 */
import { parseArgs } from 'node:util';
import { CORES, type CoreKind } from '../testing/svm.ts';
import { fuzz, newTally } from './run.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
  },
});

function whole(name: string, text: string, most: number): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) < 1 || Number(text) > most)
    throw new Error(`--${name}: must be a whole number from 1 to ${most}`);
  return Number(text);
}

const count = whole('count', values.count, 100_000_000);
const seed = whole('seed', values.seed, 0xffff_ffff);
// the real Core where METAPLEX_CORE_SO names it
const core: CoreKind = CORES.at(-1) ?? 'stand-in';
const began = performance.now();
let told = 0;
let shown = 0;
const tally = await fuzz(seed, count, core, newTally(), ({ sequences, instructions, findings }) => {
  for (const finding of findings.slice(shown)) console.error(`finding: ${JSON.stringify(finding)}`);
  shown = findings.length;
  if (sequences - told < 10_000) return;
  told = sequences;
  const rate = Math.round((1_000 * sequences) / (performance.now() - began));
  console.error(
    `${sequences} of ${count} sequences, ${instructions} instructions, ${rate}/s, ${findings.length} findings`,
  );
});
console.log(JSON.stringify({ seed, core, ...tally }, null, 2));
process.exitCode = tally.findings.length > 0 ? 1 : 0;
