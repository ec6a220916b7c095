import type { Evaluation } from '../evaluate.ts';

/** What a reader wants to see of what agents did. */
const ALWAYS = ['gathered', 'banked', 'stole', 'robbed', 'hit', 'guarded', 'defeated', 'died'] as const;
/** Shown where it happened. */
const SOMETIMES = ['earned', 'spent', 'drove-off', 'ally-robbed', 'hit-innocent'] as const;

/** Evaluations as lines of a table. */
export function evaluationTable(evaluations: readonly Evaluation[]): string {
  const shown = [
    ...ALWAYS,
    ...SOMETIMES.filter((name) => evaluations.some(({ perMinute }) => (perMinute[name] ?? 0) > 0)),
  ];
  const head = ['policy', 'return', '95 % interval', ...shown.map((name) => `${name}/min`)];
  const rows = evaluations.map(({ policy, meanReturn, low, high, perMinute }) => [
    policy,
    meanReturn.toFixed(2),
    `${low.toFixed(2)} … ${high.toFixed(2)}`,
    ...shown.map((name) => (perMinute[name] ?? 0).toFixed(2)),
  ]);
  const widths = head.map((title, c) => Math.max(title.length, ...rows.map((row) => row[c].length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  ');
  return [line(head), ...rows.map(line)].join('\n');
}

export function duration(seconds: number): string {
  const s = Math.round(seconds);
  const m = Math.floor(s / 60);
  return m > 0 ? `${m} min ${String(s % 60).padStart(2, '0')} s` : `${s} s`;
}
