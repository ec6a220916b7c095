/**
 * The page in Chromium (Canvas, headless) against a server of its own: what travels before the world appears, and how
 * soon after opening the first key walks. Three visits by new browsers; the middle one counts.
 */
import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { launch, worldShown } from '../client/e2e/browser.ts';
import { removeHomes } from '../server/testing/homes.ts';
import { spawnServer } from '../server/testing/server.ts';
import { median, report } from './report.ts';

const VISITS = 3;
/** As text: compiled functions would bring the compiler's helpers along. */
const COUNT_FRAMES = `new Promise((resolve) => {
  let count = 0;
  const start = performance.now();
  requestAnimationFrame(function next() {
    count++;
    const passed = performance.now() - start;
    if (passed < 2000) requestAnimationFrame(next);
    else resolve((count * 1000) / passed);
  });
})`;

if (!existsSync(new URL('../dist/client/index.html', import.meta.url))) {
  console.error('bench page: the page is not built; run `npm run build` first');
  process.exit(1);
}

/** Bytes over the wire so far, headers and bodies as sent. */
async function countBytes(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', (e: { encodedDataLength: number }) => {
    bytes += e.encodedDataLength;
  });
  return () => bytes;
}

const server = await spawnServer();
const browser = await launch();
try {
  const kilobytes: number[] = [];
  const shown: number[] = [];
  const walked: number[] = [];
  const frames: number[] = [];
  for (let visit = 0; visit < VISITS; visit++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    await page.addInitScript(() => localStorage.setItem('symbiont.seen-help', '1'));
    const bytes = await countBytes(page);
    const begin = performance.now();
    await page.goto(`${server.url}/?renderer=canvas`);
    await worldShown(page);
    shown.push(performance.now() - begin);
    kilobytes.push(bytes() / 1000);
    const from = await page.evaluate(() => window.__symbiont!.position);
    // Both at once: along a wall one still walks the other way.
    for (const key of ['KeyA', 'KeyW']) await page.keyboard.down(key);
    await page.waitForFunction(
      (p) => Math.hypot(window.__symbiont!.position.x - p.x, window.__symbiont!.position.y - p.y) > 64,
      from,
      {
        polling: 'raf',
      },
    );
    walked.push(performance.now() - begin);
    frames.push(await page.evaluate<number>(COUNT_FRAMES));
    await context.close();
  }
  const print = report('page', process.argv.includes('--json'));
  print('compressed_kb', median(kilobytes), 'KB');
  print('world_shown_ms', median(shown), 'ms');
  print('first_walk_ms', median(walked), 'ms');
  print('frames_per_s_canvas', median(frames), '1/s');
} finally {
  await browser.close();
  await server.kill();
  removeHomes();
}
