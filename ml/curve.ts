/** Learning curves as an SVG: one panel a run, the mean return of an episode over the decisions trained on. */

export interface Run {
  readonly title: string;
  /** Decisions and mean return. */
  readonly points: readonly { readonly steps: number; readonly value: number }[];
  /** Levels to compare with. */
  readonly levels: readonly { readonly name: string; readonly value: number }[];
}

const PANEL = { width: 460, height: 300, left: 52, right: 96, top: 44, bottom: 44 };
const INK = '#2b2b33';
const PALE = '#8a8a96';
const LINE = '#2f7d5b';
const LEVEL = '#c0653a';

const escaped = (text: string) => text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
const label = (x: number, y: number, text: string, more = '') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escaped(text)}</text>`;

/** @throws RangeError when a run has fewer than two points. */
export function curveSvg(runs: readonly Run[]): string {
  const width = PANEL.width * runs.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${PANEL.height}" viewBox="0 0 ${width} ${PANEL.height}"`,
    ` font-family="DejaVu Sans, sans-serif" font-size="12" fill="${INK}">`,
    `<rect width="100%" height="100%" fill="#fbfaf6"/>`,
    ...runs.map((run, i) => `<g transform="translate(${i * PANEL.width} 0)">${panel(run)}</g>`),
    '</svg>',
  ].join('');
}

function panel({ title, points, levels }: Run): string {
  if (points.length < 2) throw new RangeError(`${title}: a curve needs two points, has ${points.length}`);
  const values = [...points, ...levels].map(({ value }) => value);
  const low = Math.min(0, ...values);
  const high = Math.max(...values) + 0.05 * (Math.max(...values) - low);
  const most = points[points.length - 1].steps;
  const right = PANEL.width - PANEL.right;
  const bottom = PANEL.height - PANEL.bottom;
  const x = (steps: number) => PANEL.left + (steps / most) * (right - PANEL.left);
  const y = (value: number) => bottom - ((value - low) / (high - low)) * (bottom - PANEL.top);
  const parts = [label(PANEL.left, 24, title, 'font-size="15" font-weight="bold"')];
  for (const tick of ticks(low, high)) {
    parts.push(`<path d="M${PANEL.left} ${y(tick).toFixed(1)}H${right}" stroke="#e4e1d6"/>`);
    parts.push(label(PANEL.left - 8, y(tick) + 4, String(tick), `text-anchor="end" fill="${PALE}"`));
  }
  for (const tick of ticks(0, most / 1e6)) {
    const at = x(tick * 1e6);
    parts.push(label(at, bottom + 18, String(tick), `text-anchor="middle" fill="${PALE}"`));
  }
  parts.push(
    label(
      (PANEL.left + right) / 2,
      PANEL.height - 8,
      'million decisions',
      `text-anchor="middle" fill="${PALE}"`,
    ),
  );
  for (const { name, value } of levels) {
    const at = y(value).toFixed(1);
    parts.push(`<path d="M${PANEL.left} ${at}H${right}" stroke="${LEVEL}" stroke-dasharray="5 4"/>`);
    parts.push(label(right + 6, y(value) + 4, name, `fill="${LEVEL}"`));
  }
  const path = points
    .map((p, i) => `${i ? 'L' : 'M'}${x(p.steps).toFixed(1)} ${y(p.value).toFixed(1)}`)
    .join('');
  parts.push(`<path d="${path}" fill="none" stroke="${LINE}" stroke-width="2" stroke-linejoin="round"/>`);
  const end = points[points.length - 1];
  parts.push(label(right + 6, y(end.value) + 4, 'PPO', `fill="${LINE}" font-weight="bold"`));
  return parts.join('');
}

/** Three to seven round numbers of [low, high]. */
export function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  const found: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) found.push(Number((k * step).toPrecision(6)));
  return found;
}
