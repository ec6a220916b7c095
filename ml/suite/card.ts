import type { Brain } from '#shared/brain/index.ts';
import type { Energy } from './energy.ts';
import type { SuiteRole } from './scenario.ts';
import type { Estimate } from './statistics.ts';
import { FAIR_BAND, type Fairness, type SuiteResult } from './suite.ts';

/** What a brain of a role is for, and what it must not be taken for. */
const PURPOSE: Readonly<Record<SuiteRole, readonly [string, string]>> = {
  forager: [
    'deciding for foragers of a Symbiont zone: gather, bring home, keep out of harm',
    'a model of how people gather or a companion that follows orders; it knows only what 64 numbers tell it',
  ],
  raider: [
    'deciding for raiders of a Symbiont zone: a danger that people can learn to beat',
    'an opponent for tournaments, or anything outside the world of Symbiont; it is meant to be worth meeting, not to win',
  ],
  guard: [
    'deciding for guards of a Symbiont zone: keep raiders and robbers off those who work',
    'moderation of people: it strikes by what a body did in the world, and errs',
  ],
  trader: [
    'deciding for traders of a Symbiont zone: buy where it is cheap, sell where it is dear',
    'prices or trade of anything that has a value outside the game',
  ],
};

const range = ({ mean, low, high }: Estimate, digits = 2) =>
  `${mean.toFixed(digits)} (${low.toFixed(digits)} … ${high.toFixed(digits)})`;
const percent = (estimate: Estimate | null) =>
  estimate === null
    ? 'no encounter'
    : `${(estimate.mean * 100).toFixed(0)} % (${(estimate.low * 100).toFixed(0)} … ${(estimate.high * 100).toFixed(0)} %, ${estimate.n} encounters)`;

/** A model card as Markdown (Mitchell et al. 2019), with the picture beside it. */
export function modelCard(
  { id, manifest }: Brain,
  result: SuiteResult,
  fair: Fairness,
  energy: Energy,
  picture: string,
): string {
  const role = result.role;
  const [use, misuse] = PURPOSE[role];
  const { layers, provenance } = manifest;
  const sizes = [layers[0].inputs, ...layers.map((l) => l.outputs)].join('-');
  const parameters = layers.reduce((sum, l) => sum + l.outputs * (l.inputs + 1), 0);
  const names = result.policies.map((p) => (p.id === id ? 'brain' : p.name));
  const known = (key: string) =>
    provenance[key] === undefined ? 'not said' : `\`${JSON.stringify(provenance[key])}\``;
  const rows = result.scenarios.map(({ name, about, map, scores }) => {
    const { normalised } = scores[0];
    return `| ${name} | ${about} | ${map} | ${scores.map((s) => range(s)).join(' | ')} | ${normalised ? normalised.mean.toFixed(2) : '–'} |`;
  });
  return `# ${manifest.name}

![scores in held-out scenarios](${picture})

| | |
|---|---|
| id | \`${id}\` |
| role | ${role} |
| network | ${sizes}, ${parameters.toLocaleString('en')} integers (int8 weights, int32 biases), decides by integer arithmetic alone |
| reads | 64 numbers 0..127 (\`${manifest.observation}\`): its body, the ground, goods, whom it sees, what those did lately |
| decides among | ${manifest.actions} actions, five times a second |
| algorithm | ${known('algorithm')}, ${known('steps')} decisions, seed ${known('seed')} |
| behaviour file (SHA-256) | ${known('behavior')} |
| parent | ${known('parent')} |
| trained against | ${known('opponents')} |
| training verified | ${known('verified')} |

**For:** ${use}.

**Not for:** ${misuse}.

## Held-out scenarios

${result.episodes} episodes each, seed ${result.seed}; none of these players, and none of the maps but the Hollow, were used in
training. Score per judged agent and minute, mean and 95 % interval (Student's t over episodes); normalised: 0 as random, 1 as
scripted.

| scenario | what happens | map | ${names.join(' | ')} | normalised |
|---|---|---|${names.map(() => '---|').join('')}---|
${rows.join('\n')}
| **mean** | | | ${result.mean.map(({ score }) => `**${range(score)}**`).join(' | ')} | |

## Fairness

A scripted player's chance to win an encounter with inhabitants of this role in a zone of the usual size (win: the other side
down, or more of its health taken when they parted):

| player | chance to win |
|---|---|
| newcomer | ${percent(fair.levels.newcomer)} |
| regular | ${percent(fair.levels.regular)} |
| veteran | ${percent(fair.levels.veteran)} |

The band for a regular player is ${FAIR_BAND.low * 100} to ${FAIR_BAND.high * 100} %: ${{ within: 'within it', outside: 'outside it', unclear: 'too few encounters to say' }[fair.verdict]}.

## What it does not know

It forgets by the world's rules: what one did lately fades in minutes, and only the eight players that matter most to each
inhabitant are remembered. It cannot read, does not know who a player is outside the game, and learns nothing while it plays.

## Energy

This evaluation: ${energy.joules.toFixed(0)} J, ${energy.how}. Training: ${known('energy')}.
`;
}
