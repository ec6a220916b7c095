import { existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import path from 'node:path';

export const CHECKPOINT = 'checkpoint.bin';
export const METRICS = 'metrics.jsonl';
/** Where the behaviour file and a parent lay, for `verify`. */
export const SOURCE = 'run.json';

/** Most runs of one name side by side. */
const MOST = 1000;

/**
 * The directory of a run: `out` when given; else `runs/NAME`, `runs/NAME-2` … — the first that holds no checkpoint, or,
 * to resume, the last that holds one. Nothing that was trained is written over.
 */
export function runDirectory(name: string, out: string | undefined, resume: boolean): string {
  if (out !== undefined) return out;
  let last = path.join('runs', name);
  for (let n = 1; n <= MOST; n++) {
    const directory = path.join('runs', n === 1 ? name : `${name}-${n}`);
    if (!existsSync(path.join(directory, CHECKPOINT))) return resume ? last : directory;
    last = directory;
  }
  throw new RangeError(`runs/${name}: more than ${MOST} runs`);
}

export function makeDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true });
}

/** Cuts off the metrics after an iteration, which a killed run wrote after its last checkpoint. */
export function cutMetrics(directory: string, iteration: number): void {
  const file = path.join(directory, METRICS);
  if (!existsSync(file)) return;
  const text = readFileSync(file, 'utf8');
  let kept = 0;
  for (const line of text.split('\n').slice(0, -1)) {
    let at: unknown;
    try {
      at = (JSON.parse(line) as { iteration?: unknown }).iteration;
    } catch {
      break;
    }
    if (typeof at !== 'number' || at > iteration) break;
    kept += Buffer.byteLength(line) + 1;
  }
  truncateSync(file, kept);
}
