import { h } from '#client/hud/dom.ts';
import { MIN_SPRITES } from '../pictures/limits.ts';
import type { Studio } from '../studio.ts';
import type { Training } from './trainer.ts';

export const timeOf = (seconds: number): string =>
  seconds < 90
    ? `${Math.max(1, Math.round(seconds))} s`
    : seconds < 5_400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3_600).toFixed(1)} h`;

/** What happens now, in a title and a sentence. */
export function headline(training: Training, studio: Studio): HTMLElement[] {
  const { phase, outdated, place } = training;
  const [title, text] = words();
  return [h('h1', {}, title), h('p', {}, text)];

  function words(): readonly [string, string] {
    const busy = ['starting', 'queued', 'training', 'pausing', 'away'].includes(phase);
    if (studio.pictures.length < MIN_SPRITES && phase === 'none')
      return ['Teach the model', `It needs at least ${MIN_SPRITES} pictures first.`];
    if (outdated && !busy)
      return ['The pictures have changed', 'Train anew, so that the model knows them all.'];
    if (phase === 'none')
      return [
        'Teach the model',
        'It learns your pictures here, on this machine, or on the server. Close the page whenever you like: it goes on from where it was.',
      ];
    if (phase === 'done')
      return [
        'It has learnt your creatures',
        'Each row is one creature as it grows. No two will ever be the same.',
      ];
    if (phase === 'paused') return ['Paused', 'Go on whenever you like, also tomorrow.'];
    if (phase === 'pausing') return ['Pausing…', 'Keeping what it has learnt.'];
    return place === 'server' ? away() : here();
  }

  function here(): readonly [string, string] {
    if (phase === 'starting') return ['Getting ready…', 'Trying what this machine computes quickest with.'];
    return ['It is learning', 'Each row is one creature as it grows, drawn by the model as it is by now.'];
  }

  function away(): readonly [string, string] {
    const { job } = training.remote;
    if (phase === 'away')
      return ['The server is learning them', 'Sign in with the same wallet to see how far it is.'];
    if (phase === 'starting')
      return ['Asking the server…', 'It goes on there, whether this page is open or not.'];
    if (phase === 'queued') {
      const ahead = job?.ahead ?? 0;
      const before =
        ahead === 0 ? 'It is the next' : ahead === 1 ? 'One is before it' : `${ahead} are before it`;
      return ['It waits for its turn', `${before}. You may close the page: the server keeps its place.`];
    }
    if (job?.held)
      return ['The server is catching its breath', 'The world needs it for a moment; then it goes on.'];
    return [
      'The server is learning them',
      'You may close the page, and come back for the model. Each row is one creature, drawn by the model as it is by now.',
    ];
  }
}
