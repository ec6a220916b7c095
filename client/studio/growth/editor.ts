import { h } from '#client/hud/dom.ts';
import { icon } from '#client/hud/icons.ts';
import { type GrowthRule, type GrowthStep, MAX_DEED } from '#shared/growth/index.ts';
import { DEEDS } from '#shared/world/balance.ts';
import type { Draft } from '../draft.ts';
import { branchName, stageName } from '../names.ts';
import type { Chosen } from './graph.ts';
import type { Problem } from './problems.ts';

const DEED_ICONS = ['gather', 'bank', 'strike', 'skull', 'guard', 'give', 'walk', 'time'];
const WHAT = [
  'each thing gathered',
  'each thing brought home',
  'each blow landed',
  'each one brought down',
  'each blow caught on a guard',
  'each thing given',
  'each 16 tiles walked',
  'each minute lived',
];

/**
 * The form beside the graph: what the chosen stage asks for, or what weighs for the chosen branch.
 * @param read the draft as it is when one writes, not as it was when the form was made
 */
export function editor(read: () => Draft, chosen: Chosen, change: (rule: GrowthRule) => void): HTMLElement {
  const draft = read();
  const rule = () => read().rule;
  const number = (label: string, get: number, most: number, set: (value: number) => void) => {
    const input = h('input', {
      type: 'number',
      min: '0',
      max: String(most),
      step: '1',
      inputmode: 'numeric',
      value: String(get),
      'aria-label': label,
      oninput: () => set(input.value === '' ? 0 : input.valueAsNumber),
    });
    return input;
  };
  const deed = (i: number) => h('th', { scope: 'row', title: WHAT[i] }, icon(DEED_ICONS[i]), DEEDS[i]);
  const replaced = (all: readonly number[], i: number, value: number) =>
    all.map((one, k) => (k === i ? value : one));

  if ('branch' in chosen) {
    const b = chosen.branch - 1;
    const set = (i: number, value: number) => {
      const branches = rule().branches.map((one, k) => (k === b ? replaced(one, i, value) : one));
      change({ ...rule(), branches });
    };
    return h(
      'div',
      { class: `editor branch-${chosen.branch}` },
      h('h2', {}, branchName(draft, chosen.branch)),
      h(
        'p',
        {},
        `Whoever becomes ${stageName(draft, rule().branchStage)} takes the branch for which their deeds weigh most.`,
      ),
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, h('th', {}, 'Deed'), h('th', {}, 'Weight'))),
        h(
          'tbody',
          {},
          ...DEEDS.map((name, i) =>
            h(
              'tr',
              {},
              deed(i),
              h(
                'td',
                {},
                number(`Weight of ${name}`, rule().branches[b][i], 255, (value) => set(i, value)),
              ),
            ),
          ),
        ),
      ),
    );
  }
  const { step: at } = chosen;
  const step = rule().steps[at];
  const set = (part: Partial<GrowthStep>) => {
    const steps = rule().steps.map((one, k) => (k === at ? { ...one, ...part } : one));
    change({ ...rule(), steps });
  };
  const now = () => rule().steps[at];
  return h(
    'div',
    { class: 'editor' },
    h('h2', {}, `${stageName(draft, at)} → ${stageName(draft, at + 1)}`),
    h(
      'label',
      { class: 'points' },
      'Points it takes, counted from the beginning ',
      number('Points', step.minimum, MAX_DEED, (value) => set({ minimum: value })),
    ),
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, h('th', {}, 'Deed'), h('th', {}, 'Points'), h('th', {}, 'At least'))),
      h(
        'tbody',
        {},
        ...DEEDS.map((name, i) =>
          h(
            'tr',
            {},
            deed(i),
            h(
              'td',
              {},
              number(`Points of ${name}`, step.weights[i], 255, (value) =>
                set({ weights: replaced(now().weights, i, value) }),
              ),
            ),
            h(
              'td',
              {},
              number(`At least ${name}`, step.thresholds[i], MAX_DEED, (value) =>
                set({ thresholds: replaced(now().thresholds, i, value) }),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/** What is wrong where one edits, and with the rule as a whole. */
export function problemList(problems: readonly Problem[], chosen: Chosen): HTMLElement[] {
  const here = problems.filter(({ where }) => {
    if (where === 'rule') return true;
    return 'branch' in where
      ? 'branch' in chosen && where.branch === chosen.branch
      : 'step' in chosen && where.step === chosen.step;
  });
  const elsewhere = problems.length - here.length;
  return [
    ...here.map(({ text, refused }) => h('li', { class: refused ? 'refused' : 'warned' }, text)),
    ...(elsewhere > 0
      ? [h('li', { class: 'elsewhere' }, `${elsewhere} more at the marked places of the graph.`)]
      : []),
  ];
}
