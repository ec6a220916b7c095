import type { Browser } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch } from './browser.ts';

let browser: Browser;
let vite: ViteDevServer;

beforeAll(async () => {
  browser = await launch();
  vite = await createServer({
    configFile: 'vite.config.ts',
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0 },
  });
  await vite.listen();
});
afterAll(async () => {
  await browser?.close();
  await vite?.close();
});

test('Chromium goes on training the world’s art model on fifty pictures, in a worker', async () => {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${vite.resolvedUrls!.local[0]}e2e/finetune.html`);
  await page.waitForFunction(() => window.__tuned, null, { timeout: 150_000 });
  const { losses, medianMs, planned, sprites, tensors, filled } = (await page.evaluate(
    () => window.__tuned,
  ))!;
  const mean = (part: number[]) => part.reduce((a, b) => a + b, 0) / part.length;
  expect(sprites).toBe(50);
  expect(mean(losses.slice(-8))).toBeLessThan(mean(losses.slice(0, 8)));
  expect(tensors[1]).toBe(tensors[0]);
  expect(filled).toBeGreaterThan(60);
  expect(errors).toEqual([]);
  console.log(
    `a step takes ${medianMs.toFixed(0)} ms, ${planned} steps ${((medianMs * planned) / 1000).toFixed(0)} s`,
  );
});
