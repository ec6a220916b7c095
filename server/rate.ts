/** A bucket of tokens that fills steadily up to its size. Time is the caller's, in milliseconds. */
export class Bucket {
  private readonly perMs: number;
  private readonly size: number;
  private held: number;
  private at: number;

  constructor(perSecond: number, size: number, now: number) {
    this.perMs = perSecond / 1000;
    this.size = size;
    this.held = size;
    this.at = now;
  }

  take(now: number): boolean {
    this.held = Math.min(this.size, this.held + (now - this.at) * this.perMs);
    this.at = now;
    if (this.held < 1) return false;
    this.held--;
    return true;
  }

  /** Whether it has filled up by now, so that forgetting it changes nothing. */
  idle(now: number): boolean {
    return this.held + (now - this.at) * this.perMs >= this.size;
  }
}

/** A bucket per key (an address), forgotten when full again; at most `most` keys at once. */
export class Buckets {
  private readonly buckets = new Map<string, Bucket>();
  private readonly perSecond: number;
  private readonly size: number;
  private readonly most: number;

  constructor(perSecond: number, size: number, most = 10_000) {
    this.perSecond = perSecond;
    this.size = size;
    this.most = most;
  }

  take(key: string, now: number): boolean {
    let bucket = this.buckets.get(key);
    if (!bucket) {
      if (this.buckets.size >= this.most) this.sweep(now);
      if (this.buckets.size >= this.most) return false;
      bucket = new Bucket(this.perSecond, this.size, now);
      this.buckets.set(key, bucket);
    }
    return bucket.take(now);
  }

  private sweep(now: number): void {
    for (const [key, bucket] of this.buckets) if (bucket.idle(now)) this.buckets.delete(key);
  }
}
