import type { Draft } from '../draft.ts';
import { stageName } from '../names.ts';
import { s } from '../svg-dom.ts';
import { HOURS, type Spread, WINDOWS } from './simulate.ts';

const WIDTH = 400;
const HEIGHT = 120;
const POINTS = 80;
/** Time goes slower at its beginning, where most happens. */
const windowAt = (share: number): number => Math.round(WINDOWS * share ** 2);
export const windowOf = (slider: number): number => windowAt(slider / 100);

/** How many are of which stage, over hours of play. */
export function drawChart(chart: SVGSVGElement, draft: Draft, spread: Spread, slider: number): void {
  const last = draft.rule.steps.length;
  const areas: SVGElement[] = [];
  const x = (i: number) => ((WIDTH * i) / POINTS).toFixed(1);
  const y = (stage: number, i: number) =>
    (
      HEIGHT -
      (HEIGHT * (stage > last ? 0 : spread.reached(windowAt(i / POINTS), stage))) / spread.players
    ).toFixed(1);
  for (let stage = 0; stage <= last; stage++) {
    const top = Array.from({ length: POINTS + 1 }, (_, i) => `${x(i)},${y(stage, i)}`);
    const below = Array.from(
      { length: POINTS + 1 },
      (_, k) => `${x(POINTS - k)},${y(stage + 1, POINTS - k)}`,
    );
    areas.push(
      s(
        'polygon',
        { class: `stage-${stage}`, points: [...top, ...below].join(' ') },
        s('title', {}, stageName(draft, stage)),
      ),
    );
  }
  const at = ((WIDTH * slider) / 100).toFixed(1);
  chart.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  chart.replaceChildren(...areas, s('line', { x1: at, x2: at, y1: 0, y2: HEIGHT }));
}

export function hoursText(window: number): string {
  const minutes = Math.round((window * HOURS * 60) / WINDOWS);
  if (minutes < 60) return `${minutes} minutes`;
  const hours = minutes / 60;
  return `${hours < 10 ? hours.toFixed(1).replace('.0', '') : Math.round(hours)} ${hours === 1 ? 'hour' : 'hours'}`;
}
