/** How far behind the loop may fall before it lets time pass by, in ticks. */
const MOST_BEHIND = 5;

/** Beats that the percentiles are taken of: the last 20 seconds. */
const MEASURED = 400;

/** Shares of a tick's time: work beside the world is held from the first on, until ticks take less than the second. */
const STRAINED = 0.4;
const EASED = 0.28;

/** Whether work beside the world has to stand still. `strain`: the share of a tick's time that slow ticks take. */
export const mustWait = (strain: number, waits: boolean): boolean => strain > (waits ? EASED : STRAINED);

/** A window of the last measurements, for percentiles without growing memory. */
export class Window {
  private readonly values: Float64Array;
  private count = 0;

  constructor(size: number) {
    this.values = new Float64Array(size);
  }

  add(value: number): void {
    this.values[this.count++ % this.values.length] = value;
  }

  percentile(percent: number): number {
    const held = Math.min(this.count, this.values.length);
    if (held === 0) return 0;
    const sorted = this.values.slice(0, held).sort();
    return sorted[Math.min(held - 1, Math.floor((held * percent) / 100))];
  }
}

/**
 * Calls `beat` every `interval` ms, each measured from the start and not from the beat before, so that no delay adds
 * up. Where it falls more than five beats behind, that time is skipped and counted.
 */
export class Loop {
  /** Milliseconds a beat took, and by how many the time between two beats missed the interval. */
  readonly took = new Window(MEASURED);
  readonly missed = new Window(MEASURED);
  skipped = 0;
  private readonly interval: number;
  private readonly beat: () => void;
  private timer: NodeJS.Timeout | null = null;
  private origin = 0;
  private beats = 0;
  private last = 0;

  constructor(interval: number, beat: () => void) {
    this.interval = interval;
    this.beat = beat;
  }

  start(): void {
    this.origin = performance.now();
    this.beats = 0;
    this.last = 0;
    this.next();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private next(): void {
    const due = this.origin + (this.beats + 1) * this.interval;
    // Timers fire up to a millisecond late by rounding; asking a little early and once more hits the time closer.
    const wait = due - performance.now();
    this.timer = setTimeout(() => this.turn(due), Math.max(0, Math.floor(wait)));
  }

  private turn(due: number): void {
    const now = performance.now();
    if (due - now > 0.5) {
      this.timer = setTimeout(() => this.turn(due), 1);
      return;
    }
    if (this.last > 0) this.missed.add(Math.abs(now - this.last - this.interval));
    this.last = now;
    this.beats++;
    const behind = Math.floor((now - due) / this.interval);
    if (behind > MOST_BEHIND) {
      this.skipped += behind;
      this.beats += behind;
    }
    try {
      this.beat();
    } finally {
      this.took.add(performance.now() - now);
      if (this.timer) this.next();
    }
  }
}
