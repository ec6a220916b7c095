const MAX_CLIENTS = 10_000;
const SWEEP_MS = 1_000;

/** A token bucket for each client: `burst` at once, then `perSecond`. Holds a bounded number of clients. */
export class RateLimiter {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();
  private sweptAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes `count` tokens; false, and none taken, when the client has too few. */
  take(client: string, count = 1): boolean {
    const now = this.now();
    let bucket = this.buckets.get(client);
    if (!bucket) {
      if (this.buckets.size >= MAX_CLIENTS) this.forget(now);
      bucket = { tokens: this.burst, at: now };
      this.buckets.set(client, bucket);
    }
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((now - bucket.at) / 1000) * this.perSecond);
    bucket.at = now;
    if (bucket.tokens < count) return false;
    bucket.tokens -= count;
    return true;
  }

  /** Makes room: drops the buckets that are full again, at most once a second, and else the oldest. */
  private forget(now: number): void {
    if (now - this.sweptAt >= SWEEP_MS) {
      this.sweptAt = now;
      for (const [client, bucket] of this.buckets) {
        if (bucket.tokens + ((now - bucket.at) / 1000) * this.perSecond >= this.burst)
          this.buckets.delete(client);
      }
    }
    const oldest = this.buckets.keys().next();
    if (this.buckets.size >= MAX_CLIENTS && !oldest.done) this.buckets.delete(oldest.value);
  }
}
