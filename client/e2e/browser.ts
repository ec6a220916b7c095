import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Hook } from '#client/hook.ts';

declare global {
  interface Window {
    __symbiont?: Hook;
  }
}

/** Chromium as the system has it; `CHROMIUM` names another. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

export interface Opened {
  page: Page;
  /** Errors that the page did not expect. */
  errors: string[];
}

/** What goes wrong on a page from now on. */
export function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  return errors;
}

/** Opens the game as a new visitor, and waits until the world is there. */
export async function openGame(browser: Browser, url: string, firstVisit = false): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 700 } });
  const page = await context.newPage();
  const errors = errorsOf(page);
  if (!firstVisit) await page.addInitScript(() => localStorage.setItem('symbiont.seen-help', '1'));
  await page.goto(`${url}/?renderer=canvas`);
  await worldShown(page);
  return { page, errors };
}

export const worldShown = (page: Page) =>
  page.waitForFunction(
    () => window.__symbiont?.ready && document.querySelector('#splash.gone') !== null,
    null,
    {
      timeout: 60_000,
    },
  );

/** Reads the page's test hook. */
export const read = <K extends Exclude<keyof Hook, 'toPage'>>(page: Page, key: K): Promise<Hook[K]> =>
  page.evaluate((k) => window.__symbiont![k], key) as Promise<Hook[K]>;

/** Answers the developer wallet's question. */
export const answer = (page: Page, button: 'Approve' | 'Reject'): Promise<void> =>
  page.locator('dialog.developer-wallet').getByRole('button', { name: button }).click();

/** A picture for people to look at, where `E2E_PICTURES` names a folder for them. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  const folder = process.env.E2E_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}
