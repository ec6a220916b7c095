import type { Adaptation, TrickFall } from './adaptation.ts';
import type { Estimate } from './statistics.ts';
import type { SuiteResult } from './suite.ts';
import { trickOf } from './tricks.ts';

/** Pictures of results as SVG: for the README, model cards and the report. */

export const PALETTE = {
  paper: '#fbfaf6',
  ink: '#2b2b33',
  pale: '#8a8a96',
  rule: '#e4e1d6',
  brain: '#2f7d5b',
  other: '#c0653a',
  scripted: '#7d8fb3',
  random: '#c9c3b4',
} as const;
const FONT = 'font-family="DejaVu Sans, Verdana, sans-serif"';

const escaped = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const text = (x: number, y: number, words: string, more = '') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escaped(words)}</text>`;
const svg = (width: number, height: number, inner: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${FONT} font-size="12" fill="${PALETTE.ink}"><rect width="100%" height="100%" fill="${PALETTE.paper}"/>${inner}</svg>`;

/** Three to six round numbers of [low, high]. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 6 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  const found: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++)
    found.push(Number((k * step).toPrecision(6)));
  return found;
}

const TRICK = { width: 300, height: 250, left: 44, right: 12, top: 58, bottom: 40 };

/** Success per minute of each trick in two kinds of games, named by `words`, as lines in their intervals. */
export function adaptationSvg(adapting: Adaptation, other: Adaptation): string {
  const panels = [...adapting.tricks, adapting.varied];
  const others = [...other.tricks, other.varied];
  const rows = Math.ceil((panels.length + 1) / COLUMNS);
  const place = (k: number) =>
    `translate(${(k % COLUMNS) * TRICK.width} ${Math.floor(k / COLUMNS) * TRICK.height})`;
  const legend =
    `<g transform="${place(panels.length)}"><path d="M44 70H70" stroke="${PALETTE.brain}" stroke-width="3"/>${text(78, 74, 'the brains as they live')}` +
    `<path d="M44 96H70" stroke="${PALETTE.other}" stroke-width="3" stroke-dasharray="5 4"/>${text(78, 100, 'habits hidden from them')}` +
    text(44, 132, 'Above each: last two minutes', `fill="${PALETTE.pale}"`) +
    text(44, 149, 'against the first one.', `fill="${PALETTE.pale}"`) +
    text(
      44,
      175,
      `Minutes 1 to ${adapting.varied.perMinute.length}, means of ${adapting.seeds} games,`,
      `fill="${PALETTE.pale}"`,
    ) +
    text(44, 192, '95 % intervals.', `fill="${PALETTE.pale}"`) +
    '</g>';
  return svg(
    TRICK.width * COLUMNS,
    TRICK.height * rows,
    panels.map((panel, p) => `<g transform="${place(p)}">${trickPanel(panel, others[p])}</g>`).join('') +
      legend,
  );
}

const COLUMNS = 3;

function trickPanel(mine: TrickFall, other: TrickFall): string {
  const { unit } = trickOf(mine.trick);
  const minutes = mine.perMinute.length;
  const right = TRICK.width - TRICK.right;
  const bottom = TRICK.height - TRICK.bottom;
  const high = Math.max(1e-6, ...[...mine.perMinute, ...other.perMinute].map((m) => m.high)) * 1.04;
  const x = (minute: number) => TRICK.left + ((minute + 0.5) / minutes) * (right - TRICK.left);
  const y = (value: number) => bottom - (Math.max(0, value) / high) * (bottom - TRICK.top);
  const parts = [
    text(
      14,
      24,
      mine.trick === 'varied' ? 'one who varies' : `the ${mine.trick}`,
      'font-size="15" font-weight="bold"',
    ),
    text(14, 42, `${unit} a minute`, `font-size="11" fill="${PALETTE.pale}"`),
  ];
  for (const tick of ticks(0, high)) {
    parts.push(`<path d="M${TRICK.left} ${y(tick).toFixed(1)}H${right}" stroke="${PALETTE.rule}"/>`);
    parts.push(text(TRICK.left - 6, y(tick) + 4, String(tick), `text-anchor="end" fill="${PALETTE.pale}"`));
  }
  for (let m = 0; m < minutes; m += 1)
    parts.push(
      text(x(m), bottom + 16, String(m + 1), `text-anchor="middle" font-size="10" fill="${PALETTE.pale}"`),
    );
  const line = (values: readonly Estimate[], colour: string, more: string) => {
    const up = values.map((v, m) => `${x(m).toFixed(1)} ${y(v.high).toFixed(1)}`);
    const down = values.map((v, m) => `${x(m).toFixed(1)} ${y(v.low).toFixed(1)}`).reverse();
    parts.push(`<path d="M${[...up, ...down].join('L')}Z" fill="${colour}" opacity="0.13"/>`);
    const path = values.map((v, m) => `${x(m).toFixed(1)} ${y(v.mean).toFixed(1)}`).join('L');
    parts.push(
      `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2.5" stroke-linejoin="round" ${more}/>`,
    );
  };
  line(other.perMinute, PALETTE.other, 'stroke-dasharray="5 4"');
  line(mine.perMinute, PALETTE.brain, '');
  const change = (fall: number) => `${fall > 0 ? '−' : '+'}${Math.abs(fall).toFixed(0)} %`;
  parts.push(
    text(
      right,
      24,
      change(mine.fall.mean),
      `text-anchor="end" font-size="15" font-weight="bold" fill="${PALETTE.brain}"`,
    ),
  );
  parts.push(
    text(right, 42, change(other.fall.mean), `text-anchor="end" font-size="11" fill="${PALETTE.other}"`),
  );
  return parts.join('');
}

const COLOURS = [PALETTE.brain, PALETTE.scripted, PALETTE.random, PALETTE.other];
const BAR = { width: 720, left: 215, right: 52, top: 60, row: 15, gap: 12 };

/** A bar with its interval per scenario and policy. */
export function suiteSvg(result: SuiteResult): string {
  const { scenarios, policies } = result;
  const block = policies.length * BAR.row + BAR.gap;
  const height = BAR.top + scenarios.length * block + 34;
  const scores = scenarios.flatMap((s) => s.scores);
  const low = Math.min(0, ...scores.map((s) => s.low));
  const high = Math.max(0, ...scores.map((s) => s.high));
  const x = (value: number) =>
    BAR.left + ((value - low) / (high - low || 1)) * (BAR.width - BAR.left - BAR.right);
  const parts = [text(18, 28, `${result.role}: held-out scenarios`, 'font-size="16" font-weight="bold"')];
  policies.forEach(({ name }, p) => {
    const at = BAR.left + p * 118;
    parts.push(
      `<rect x="${at}" y="36" width="12" height="12" rx="2" fill="${COLOURS[p % COLOURS.length]}"/>`,
    );
    parts.push(text(at + 17, 46, (name.split('/').at(-1) ?? name).replace('.safetensors', '')));
  });
  for (const tick of ticks(low, high)) {
    parts.push(`<path d="M${x(tick).toFixed(1)} ${BAR.top}V${height - 30}" stroke="${PALETTE.rule}"/>`);
    parts.push(text(x(tick), height - 14, String(tick), `text-anchor="middle" fill="${PALETTE.pale}"`));
  }
  scenarios.forEach(({ name, map, scores: mine }, s) => {
    const top = BAR.top + s * block + BAR.gap / 2;
    parts.push(text(BAR.left - 12, top + 12, name, 'text-anchor="end"'));
    parts.push(text(BAR.left - 12, top + 26, map, `text-anchor="end" font-size="10" fill="${PALETTE.pale}"`));
    mine.forEach(({ mean, low: from, high: to }, p) => {
      const y = top + p * BAR.row;
      const [a, b] = [x(0), x(mean)].sort((m, n) => m - n);
      parts.push(
        `<rect x="${a.toFixed(1)}" y="${y}" width="${Math.max(1, b - a).toFixed(1)}" height="${BAR.row - 3}" rx="2" fill="${COLOURS[p % COLOURS.length]}"/>`,
        `<path d="M${x(from).toFixed(1)} ${y + 6}H${x(to).toFixed(1)}M${x(from).toFixed(1)} ${y + 3}v6M${x(to).toFixed(1)} ${y + 3}v6" stroke="${PALETTE.ink}" stroke-width="1.2" fill="none"/>`,
        text(
          BAR.width - 12,
          y + 10,
          mean.toFixed(2),
          `text-anchor="end" font-size="10" fill="${PALETTE.pale}"`,
        ),
      );
    });
  });
  parts.push(`<path d="M${x(0).toFixed(1)} ${BAR.top}V${height - 30}" stroke="${PALETTE.pale}"/>`);
  return svg(BAR.width, height, parts.join(''));
}
