import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeWhole } from './job.ts';

const Known = z.strictObject({ 32: z.number().positive().nullable(), 64: z.number().positive().nullable() });
/** What a new measurement counts. */
const NEW = 0.2;
const KEEP_MS = 60_000;

/** What a step takes on this machine, kept over restarts: milliseconds by size. */
export class Speeds {
  private readonly path: string;
  private known: z.infer<typeof Known> = { 32: null, 64: null };
  private kept = 0;

  constructor(path: string) {
    this.path = path;
  }

  read(): void {
    try {
      this.known = Known.parse(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch {
      // Measured anew.
    }
  }

  get all(): z.infer<typeof Known> {
    return { ...this.known };
  }

  set(speeds: { 32: number; 64: number }): void {
    this.known = { ...speeds };
    this.keep();
  }

  seen(size: 32 | 64, ms: number): void {
    if (!Number.isFinite(ms) || ms <= 0) return;
    const before = this.known[size];
    this.known[size] = before === null ? ms : before + NEW * (ms - before);
    if (performance.now() - this.kept > KEEP_MS) this.keep();
  }

  private keep(): void {
    this.kept = performance.now();
    writeWhole(this.path, JSON.stringify(this.known));
  }
}
