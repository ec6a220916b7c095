import { createServer } from 'vite';
import { launch } from '#client/e2e/browser.ts';

/** `artSweep` over the vectors' 10,000 genomes as this machine's Chromium draws them, by the kernel. */
export async function sweepInChromium(): Promise<string> {
  const vite = await createServer({
    configFile: 'vite.config.ts',
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0 },
  });
  await vite.listen();
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${vite.resolvedUrls!.local[0]}e2e/vectors.html`);
    await page.waitForFunction(() => window.__vectors, null, { timeout: 300_000 });
    return await page.evaluate(() => window.__vectors!.sweep);
  } finally {
    await browser.close();
    await vite.close();
  }
}
