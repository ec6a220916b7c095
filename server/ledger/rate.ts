const MAX_CLIENTS = 10_000;

/** A token bucket for each client: `burst` at once, then `perSecond`. Holds a bounded number of clients. */
export class RateLimiter {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

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

  /** Drops the buckets that are full again, and the oldest when none is. */
  private forget(now: number): void {
    for (const [client, bucket] of this.buckets) {
      if (bucket.tokens + ((now - bucket.at) / 1000) * this.perSecond >= this.burst)
        this.buckets.delete(client);
    }
    const oldest = this.buckets.keys().next();
    if (this.buckets.size >= MAX_CLIENTS && !oldest.done) this.buckets.delete(oldest.value);
  }
}
