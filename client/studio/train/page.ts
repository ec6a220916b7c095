import { h } from '#client/hud/dom.ts';
import { PREVIEWS, previewOf } from '#ml/art/own/preview.ts';
import { STAGES } from '#shared/art/types.ts';
import type { Account } from '../account.ts';
import { canvasOf, creature, squareOf } from '../canvas.ts';
import type { Models } from '../models.ts';
import type { Page } from '../page.ts';
import { MIN_SPRITES } from '../pictures/limits.ts';
import type { Studio } from '../studio.ts';
import { s } from '../svg-dom.ts';
import { Choices } from './choices.ts';
import { runGoal } from './goals.ts';
import { headline, timeOf } from './headline.ts';
import { Training } from './trainer.ts';
import './train.css';

/** Squares that are drawn before the page goes on with other things. */
const AT_ONCE = 2;

/** The second step: the model learns the pictures, here or on the server, while one looks on. */
export function trainPage(studio: Studio, models: Models, account: Account): Page {
  const training = new Training(studio, models);
  const choices = new Choices(training, studio, account);
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
        ? canvasOf(squareOf(Math.sqrt(pictures[i].length / 4), pictures[i]))
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
            ...row('left', timeOf(progress.secondsLeft)),
            ...row('kept up to step', String(saved)),
            ...(training.place === 'page' ? row('tensors', String(training.tensors)) : []),
          ]
        : phase === 'paused' || phase === 'queued'
          ? row('kept up to step', `${saved} of ${goal}`)
          : []),
    );
    // What computes here says nothing of a training that is elsewhere.
    devices.hidden = training.place === 'server' && phase !== 'done';
    devices.textContent = training.measured
      .map(({ backend, ms, why }) =>
        ms === null
          ? `${backend} ${why}`
          : `${backend} ${ms.toFixed(0)} ms a step${backend === training.backend ? ' (used)' : ''}`,
      )
      .join(' · ');
    drawCurve(curve, training.losses);
    problem.textContent = training.problem ?? '';
    choices.show();
    if (visible) void draw();
  }
  training.addEventListener('change', show);
  account.addEventListener('change', show);
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
        h('div', { class: 'card desk' }, meter, told, curve, problem, choices.element, devices),
      ),
    ),
    ready: () => (models.own ? null : 'Train the model first, or go on with the world’s own creatures.'),
    state: () => {
      const { phase, progress, saved } = training;
      if (phase === 'done') return '✓';
      const step = progress?.step ?? (training.place === 'server' ? saved : null);
      return step === null ? '' : `${Math.floor((100 * step) / runGoal(studio.draft))} %`;
    },
    shown: () => {
      visible = true;
      show();
      if (training.phase === 'none' && studio.pictures.length >= MIN_SPRITES) training.measure();
      if (account.address) void training.remote.ask();
    },
  };
}

const row = (name: string, value: string) => [h('dt', {}, name), h('dd', {}, value)];

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
