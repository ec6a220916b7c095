import { h } from '#client/hud/dom.ts';
import { DEFAULT_RULE, type GrowthRule } from '#shared/growth/index.ts';
import type { Draft } from '../draft.ts';
import type { Models } from '../models.ts';
import { stageName } from '../names.ts';
import type { Page } from '../page.ts';
import type { Studio } from '../studio.ts';
import { s } from '../svg-dom.ts';
import { drawChart, hoursText, windowOf } from './chart.ts';
import { editor, problemList } from './editor.ts';
import { type Chosen, Graph } from './graph.ts';
import { findProblems, findUnreached, MOST_STEPS, type Problem } from './problems.ts';
import { CROWD } from './rates.ts';
import { HOURS, type Spread, simulate } from './simulate.ts';
import './growth.css';

const NONE = [0, 0, 0, 0, 0, 0, 0, 0];
const paced = (factor: number): GrowthRule => ({
  ...DEFAULT_RULE,
  steps: DEFAULT_RULE.steps.map((step) => ({ ...step, minimum: step.minimum * factor })),
});
const PRESETS: readonly (readonly [string, GrowthRule])[] = [
  ['As in the world', DEFAULT_RULE],
  ['Slow', paced(4)],
  [
    'A test: at once',
    { ...paced(1), steps: [1, 2, 3, 4].map((n) => ({ ...DEFAULT_RULE.steps[0], minimum: n })) },
  ],
];
const PLAY_MS = 60;

/** The fourth step: the rule of growth as a graph, and a thousand players who try it at once. */
export function growthPage(studio: Studio, models: Models): Page {
  let chosen: Chosen = { step: 0 };
  let problems: Problem[] = findProblems(studio.draft.rule);
  let spread: Spread | null = null;
  let simulating = 0;
  let tried = '';
  let visible = false;

  const graph = new Graph(models, {
    choose: (next) => {
      chosen = next;
      showEditor();
      show();
    },
    move: (way, moved) => studio.change({ places: { ...studio.draft.places, [way]: moved } }),
  });
  const aside = h('aside', { class: 'card' });
  const list = h('ul', { class: 'problems', role: 'status' });
  const chart = s('svg', {
    class: 'chart',
    preserveAspectRatio: 'none',
    'aria-label': 'Stages over hours of play',
  });
  const time = h('input', {
    type: 'range',
    min: '0',
    max: '100',
    value: '32',
    'aria-label': 'Hours of play',
    oninput: () => show(),
  });
  const after = h('b', {});
  const medians = h('p', { class: 'medians' });
  const bar = h('div', { class: 'bar' });
  const help = h(
    'p',
    { class: 'help', id: 'graph-help' },
    'Places can be moved: drag them, hold one first on a touch screen, or take the arrow keys.',
  );
  const reset = h(
    'button',
    { class: 'quiet', onclick: () => studio.change({ places: { across: {}, down: {} } }) },
    'Reset layout',
  );
  const play = h('button', { class: 'quiet', onclick: () => run() }, '▶ Play');
  let playing: ReturnType<typeof setInterval> | null = null;

  const run = (): void => {
    if (playing !== null) {
      clearInterval(playing);
      playing = null;
    } else {
      if (Number(time.value) >= 100) time.value = '0';
      playing = setInterval(() => {
        time.value = String(Number(time.value) + 1);
        show();
        if (Number(time.value) >= 100 || !time.isConnected) run();
      }, PLAY_MS);
    }
    play.textContent = playing === null ? '▶ Play' : '❚❚ Stop';
  };

  const change = (rule: GrowthRule): void => studio.change({ rule: structuredClone(rule) as Draft['rule'] });
  const showEditor = (): void => {
    const { rule } = studio.draft;
    if ('step' in chosen && chosen.step >= rule.steps.length) chosen = { step: rule.steps.length - 1 };
    if ('branch' in chosen && rule.branchStage === 0) chosen = { step: 0 };
    aside.replaceChildren(
      editor(() => studio.draft, chosen, change),
      list,
    );
  };

  /** Plays the rule whenever it or the crowd changed, a slice after the other. */
  async function simulateNow(): Promise<void> {
    const { rule, mix } = studio.draft;
    const wanted = JSON.stringify([rule, mix]);
    if (wanted === tried) return;
    tried = wanted;
    const turn = ++simulating;
    problems = findProblems(rule);
    if (problems.some(({ refused }) => refused)) {
      spread = null;
      show();
      return;
    }
    const playing = simulate(structuredClone(rule), mix);
    for (let slice = playing.next(); ; slice = playing.next()) {
      if (turn !== simulating) return;
      if (slice.done) {
        spread = slice.value;
        break;
      }
      await new Promise((done) => setTimeout(done, 0));
    }
    problems = [...findProblems(rule), ...findUnreached(rule, spread)];
    show();
  }

  function show(): void {
    if (!visible) return;
    const { draft } = studio;
    const window = windowOf(Number(time.value));
    graph.show({ rule: draft.rule, draft, chosen, problems, spread, window });
    list.replaceChildren(...problemList(problems, chosen));
    after.textContent = hoursText(window);
    if (spread) drawChart(chart, draft, spread, Number(time.value));
    medians.textContent = spread
      ? draft.rule.steps
          .map((_, i) => {
            const hours = spread?.median(i + 1) ?? null;
            return `half are ${stageName(draft, i + 1)} after ${hours === null ? `more than ${HOURS} hours` : hours < 1 ? `${Math.round(hours * 60)} min` : `${hours.toFixed(1)} h`}`;
          })
          .join(' · ')
      : 'Mend what is marked, and a thousand players will try it.';
    showBar();
  }

  function showBar(): void {
    const { rule, places } = studio.draft;
    reset.disabled = Object.keys(places.across).length + Object.keys(places.down).length === 0;
    const state = JSON.stringify([rule.steps.length, rule.branchStage]);
    if (bar.dataset.state === state) return;
    bar.dataset.state = state;
    const opens = h(
      'select',
      {
        'aria-label': 'Where branches open',
        onchange: () => {
          const branchStage = Number(opens.value);
          const branches =
            branchStage === 0
              ? [NONE, NONE, NONE, NONE]
              : rule.branchStage === 0
                ? DEFAULT_RULE.branches
                : rule.branches;
          change({ ...studio.draft.rule, branchStage, branches });
          showEditor();
        },
      },
      h('option', { value: '0', selected: rule.branchStage === 0 }, 'no branches'),
      ...rule.steps.map((_, i) =>
        h(
          'option',
          { value: String(i + 1), selected: rule.branchStage === i + 1 },
          `branches at ${stageName(studio.draft, i + 1)}`,
        ),
      ),
    );
    const lengthen = () => {
      const { steps } = studio.draft.rule;
      const last = steps[steps.length - 1];
      change({
        ...studio.draft.rule,
        steps: [...steps, { ...last, minimum: Math.max(1, last.minimum * 3) }],
      });
    };
    const shorten = () => {
      const { steps, branchStage } = studio.draft.rule;
      const left = steps.slice(0, -1);
      change({ ...studio.draft.rule, steps: left, branchStage: Math.min(branchStage, left.length) });
      showEditor();
    };
    const preset = h(
      'select',
      {
        'aria-label': 'Begin with',
        onchange: () => {
          change(PRESETS[Number(preset.value)][1]);
          preset.value = '';
          showEditor();
        },
      },
      h('option', { value: '', selected: true }, 'Begin with…'),
      ...PRESETS.map(([name], i) => h('option', { value: String(i) }, name)),
    );
    bar.replaceChildren(
      preset,
      opens,
      h(
        'button',
        { class: 'quiet', disabled: rule.steps.length >= MOST_STEPS, onclick: lengthen },
        '+ stage',
      ),
      h('button', { class: 'quiet', disabled: rule.steps.length <= 1, onclick: shorten }, '− stage'),
      reset,
    );
  }

  const crowd = h(
    'div',
    { class: 'crowd' },
    ...CROWD.map(({ name }, i) => {
      const input = h('input', {
        type: 'range',
        min: '0',
        max: '100',
        value: String(studio.draft.mix[i]),
        'aria-label': `Players who ${name}`,
        oninput: () =>
          studio.change({ mix: studio.draft.mix.map((one, k) => (k === i ? input.valueAsNumber : one)) }),
      });
      return h('label', {}, name, input);
    }),
  );

  studio.addEventListener('change', () => {
    if (!visible) return;
    show();
    void simulateNow();
  });
  models.addEventListener('change', show);
  new ResizeObserver(() => show()).observe(graph.element);

  return {
    title: 'Growth',
    element: h(
      'section',
      { class: 'growth-page' },
      h(
        'header',
        { class: 'hello' },
        h('h1', {}, 'What they become'),
        h(
          'p',
          {},
          'Deeds in the world bring points, points bring stages, and what one did most chooses the branch. Choose a place of the graph to change what it asks for.',
        ),
      ),
      bar,
      h('div', { class: 'plan' }, h('div', { class: 'card' }, graph.element, help), aside),
      h(
        'div',
        { class: 'card future' },
        h('header', {}, h('h2', {}, 'A thousand players'), h('p', {}, 'after ', after, ' of play')),
        chart,
        h('div', { class: 'row' }, time, play),
        medians,
        h(
          'details',
          {},
          h('summary', {}, 'Who plays'),
          h(
            'p',
            {},
            'They do what scripted players did in the real world, sampled in windows of five minutes.',
          ),
          crowd,
        ),
      ),
    ),
    ready: () => {
      const refused = findProblems(studio.draft.rule).find((one) => one.refused);
      return refused ? `The rule cannot be one yet. ${refused.text}` : null;
    },
    state: () => `${studio.draft.rule.steps.length + 1} stages`,
    shown: () => {
      visible = true;
      showEditor();
      show();
      void simulateNow();
    },
  };
}
