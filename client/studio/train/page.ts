import { h } from '#client/hud/dom.ts';
import { SIZE, STAGES } from '#shared/art/types.ts';
import { canvasOf, creature, squareOf } from '../canvas.ts';
import type { Models } from '../models.ts';
import type { Page } from '../page.ts';
import { MIN_SPRITES } from '../pictures/limits.ts';
import type { Studio } from '../studio.ts';
import { s } from '../svg-dom.ts';
import { PREVIEWS, previewOf } from './preview.ts';
import { GOALS, runGoal, Training } from './trainer.ts';
import './train.css';

/** Squares that are drawn before the page goes on with other things. */
const AT_ONCE = 2;

const minutes = (seconds: number): string =>
  seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;

/** The second step: the model learns the pictures, while one looks on. */
export function trainPage(studio: Studio, models: Models): Page {
  const training = new Training(studio, models);
  const strips = h('div', { class: 'strips', 'aria-label': 'What the model draws so far' });
  const words = h('div', { class: 'words' });
  const meter = h('div', { class: 'meter', role: 'progressbar', 'aria-valuemin': '0' }, h('i', {}));
  const told = h('dl', { class: 'told' });
  const curve = s('svg', {
    class: 'curve',
    viewBox: '0 0 200 60',
    preserveAspectRatio: 'none',
    'aria-label': 'Loss',
  });
  const buttons = h('div', { class: 'row' });
  const devices = h('p', { class: 'devices' });
  const problem = h('p', { class: 'trouble', role: 'alert' });
  let visible = false;
  let drawing = 0;
  let shown: unknown = null;

  /** Draws a few at a time: a page that answers is worth more than a picture that is there at once. */
  async function draw(): Promise<void> {
    const turn = ++drawing;
    const { pictures } = training;
    const { current } = models;
    const wanted = pictures ?? current.id;
    if (shown === wanted) return;
    if (strips.childElementCount === 0)
      strips.append(
        ...Array.from({ length: PREVIEWS }, () =>
          h('div', { class: 'strip' }, ...STAGES.map(() => h('span', {}))),
        ),
      );
    for (let i = 0; i < PREVIEWS * STAGES.length; i++) {
      const [row, stage] = [Math.floor(i / STAGES.length), i % STAGES.length];
      const picture = pictures
        ? canvasOf(squareOf(SIZE, pictures[i]))
        : creature(current, previewOf(row, stage));
      strips.children[row].children[stage].replaceChildren(picture);
      if (i % AT_ONCE === AT_ONCE - 1) await new Promise((done) => setTimeout(done, 0));
      if (turn !== drawing) return;
    }
    shown = wanted;
  }

  function show(): void {
    const { phase, progress, saved } = training;
    const goal = runGoal(studio.draft);
    const step = progress?.step ?? saved;
    (meter.firstElementChild as HTMLElement).style.width = `${(100 * step) / goal}%`;
    meter.setAttribute('aria-valuemax', String(goal));
    meter.setAttribute('aria-valuenow', String(step));
    meter.hidden = phase === 'none';
    words.replaceChildren(...headline(training, studio));
    told.replaceChildren(
      ...(progress
        ? [
            ...row('step', `${step} of ${goal}`),
            ...row('speed', `${progress.perSecond.toFixed(1)} steps/s`),
            ...row('left', minutes(progress.secondsLeft)),
            ...row('kept up to step', String(saved)),
            ...row('tensors', String(training.tensors)),
          ]
        : phase === 'paused'
          ? row('kept up to step', `${saved} of ${goal}`)
          : []),
    );
    devices.textContent = training.measured
      .map(({ backend, ms, why }) =>
        ms === null
          ? `${backend} ${why}`
          : `${backend} ${ms.toFixed(0)} ms a step${backend === training.backend ? ' (used)' : ''}`,
      )
      .join(' · ');
    drawCurve(curve, training.losses);
    problem.textContent = training.problem ?? '';
    showButtons(training, studio, buttons);
    if (visible) void draw();
  }
  training.addEventListener('change', show);
  models.addEventListener('change', () => visible && void draw());
  studio.addEventListener('change', show);
  void training.recall().then(show);

  return {
    title: 'Train',
    element: h(
      'section',
      { class: 'train' },
      h('header', { class: 'hello' }, words),
      h(
        'div',
        { class: 'bench' },
        h('div', { class: 'card easel' }, strips),
        h('div', { class: 'card desk' }, meter, told, curve, problem, buttons, devices),
      ),
    ),
    ready: () => (models.own ? null : 'Train the model first, or go on with the world’s own creatures.'),
    state: () => {
      const { phase, progress } = training;
      if (phase === 'done') return '✓';
      return progress ? `${Math.floor((100 * progress.step) / runGoal(studio.draft))} %` : '';
    },
    shown: () => {
      visible = true;
      show();
    },
  };
}

const row = (name: string, value: string) => [h('dt', {}, name), h('dd', {}, value)];

function headline({ phase, outdated }: Training, studio: Studio): HTMLElement[] {
  const say = (title: string, text: string) => [h('h1', {}, title), h('p', {}, text)];
  if (studio.pictures.length < MIN_SPRITES && phase === 'none')
    return say('Teach the model', `It needs at least ${MIN_SPRITES} pictures first.`);
  if (outdated && phase !== 'training' && phase !== 'starting')
    return say('The pictures have changed', 'Train anew, so that the model knows them all.');
  if (phase === 'none')
    return say(
      'Teach the model',
      'It learns your pictures here, on this machine. Close the page whenever you like: it goes on from where it was.',
    );
  if (phase === 'starting') return say('Getting ready…', 'Trying what this machine computes quickest with.');
  if (phase === 'training')
    return say('It is learning', 'Each row is one creature as it grows, drawn by the model as it is by now.');
  if (phase === 'pausing') return say('Pausing…', 'Keeping what it has learnt.');
  if (phase === 'paused') return say('Paused', 'Go on whenever you like, also tomorrow.');
  return say(
    'It has learnt your creatures',
    'Each row is one creature as it grows. No two will ever be the same.',
  );
}

function showButtons(training: Training, studio: Studio, place: HTMLElement): void {
  const { phase, outdated } = training;
  const enough = studio.pictures.length >= MIN_SPRITES;
  const state = `${phase} ${outdated} ${enough} ${runGoal(studio.draft)}`;
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  const begin = ({ steps, name }: (typeof GOALS)[number], first: boolean) =>
    h(
      'button',
      { class: first ? 'go' : 'quiet', disabled: !enough, onclick: () => void training.begin(steps) },
      name,
      h('small', {}, `${steps.toLocaleString('en')} steps`),
    );
  const goals = () => GOALS.map((goal) => begin(goal, goal === GOALS[1]));
  if (phase === 'training' || phase === 'starting')
    place.replaceChildren(h('button', { class: 'go', onclick: () => training.pause() }, 'Pause'));
  else if (phase === 'pausing')
    place.replaceChildren(h('button', { class: 'go', disabled: true }, 'Pausing…'));
  else if (phase === 'paused' && !outdated)
    place.replaceChildren(
      h('button', { class: 'go', onclick: () => training.goOn() }, 'Go on'),
      h('details', {}, h('summary', {}, 'Train anew'), ...goals()),
    );
  else if (phase === 'done' && !outdated)
    place.replaceChildren(h('details', {}, h('summary', {}, 'Train anew'), ...goals()));
  else place.replaceChildren(...goals());
}

function drawCurve(curve: SVGSVGElement, losses: readonly number[]): void {
  if (losses.length < 2) {
    curve.replaceChildren();
    return;
  }
  const top = Math.max(...losses);
  const least = Math.min(...losses) * 0.9;
  const points = losses.map((loss, i) => {
    const x = (i * 200) / 100;
    return `${x.toFixed(1)},${(56 - (52 * (loss - least)) / (top - least || 1)).toFixed(1)}`;
  });
  curve.replaceChildren(s('polyline', { points: points.join(' ') }));
}
