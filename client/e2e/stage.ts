import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { removeHomes } from '#server/testing/homes.ts';
import { type SpawnedServer, spawnServer } from '#server/testing/server.ts';
import { DEFAULT_RULE } from '#shared/growth/index.ts';
import { launch, type Opened, openGame } from './browser.ts';

/** A Chromium and a server of its own, for the cases of one file; both are there once the first case begins. */
export class Stage {
  browser!: Browser;
  server!: SpawnedServer;
  private readonly env: Record<string, string>;

  constructor(env: Record<string, string>) {
    this.env = env;
  }

  async begin(): Promise<void> {
    [this.browser, this.server] = await Promise.all([launch(), spawnServer({ env: this.env })]);
  }

  /** Opens the game as a new visitor; what is open is closed when the case ends. */
  open(firstVisit = false): Promise<Opened> {
    return openGame(this.browser, this.server.url, firstVisit);
  }

  /** The server again after it was killed: on the same port, with what it kept. */
  async startAgain(): Promise<void> {
    const { home, url } = this.server;
    this.server = await spawnServer({ home, env: { ...this.env, PORT: new URL(url).port } });
  }

  async end(): Promise<void> {
    await this.browser?.close();
    await this.server?.kill();
    removeHomes();
  }
}

/**
 * Sets a stage up for this file. `firstStep` is the least of what the world's rule asks for its first step; `tickMs`
 * milliseconds of a tick, where time passes faster than in the world people play in.
 */
export function stage({ firstStep, tickMs }: { firstStep?: number; tickMs?: number } = {}): Stage {
  const scratch = mkdtempSync(join(tmpdir(), 'symbiont-e2e-'));
  const env: Record<string, string> = {};
  if (tickMs !== undefined) env.TICK_MS = String(tickMs);
  if (firstStep !== undefined) {
    const rule = structuredClone(DEFAULT_RULE) as unknown as { steps: { minimum: number }[] };
    rule.steps[0].minimum = firstStep;
    env.GROWTH_RULE = join(scratch, 'rule.json');
    writeFileSync(env.GROWTH_RULE, JSON.stringify(rule));
  }
  const set = new Stage(env);
  beforeAll(() => set.begin());
  afterEach(async () => {
    for (const context of set.browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await set.end();
    rmSync(scratch, { recursive: true, force: true });
  });
  return set;
}

/** A Chromium, and the page's sources as vite serves them to a developer, for the cases of one file. */
export class Workshop {
  browser!: Browser;
  private vite!: ViteDevServer;

  async begin(): Promise<void> {
    this.browser = await launch();
    this.vite = await createServer({
      configFile: 'vite.config.ts',
      logLevel: 'error',
      server: { host: '127.0.0.1', port: 0 },
    });
    await this.vite.listen();
  }

  /** Where a page of `client/` is, such as `e2e/vectors.html`. */
  urlOf(page: string): string {
    return `${this.vite.resolvedUrls!.local[0]}${page}`;
  }

  async end(): Promise<void> {
    await this.browser?.close();
    await this.vite?.close();
  }
}

export function workshop(): Workshop {
  const set = new Workshop();
  beforeAll(() => set.begin());
  afterAll(() => set.end());
  return set;
}
