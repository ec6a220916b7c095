import { Connection, PublicKey } from '@solana/web3.js';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Config, configAddress, decodeConfig } from '../../programs/client/index.ts';
import { answer, errorsOf, picture } from './browser.ts';

/** A creator who manages what they released, as the studio's page lets them: the chain is asked after every click. */
export class Managing {
  private readonly connection: Connection;
  private readonly url: string;
  private readonly page: Page;
  private readonly collection: string;

  constructor(url: string, page: Page, collection: string) {
    this.connection = new Connection(`${url}/rpc`, 'confirmed');
    this.url = url;
    this.page = page;
    this.collection = collection;
  }

  async config(): Promise<Config> {
    const account = await this.connection.getAccountInfo(configAddress(new PublicKey(this.collection)));
    return decodeConfig(account!.data);
  }

  /** How it stands, as the page says. */
  private now(row: string) {
    return this.page
      .locator('.manage li', { has: this.page.getByText(row, { exact: true }) })
      .locator('.now');
  }

  /** Clicks, looks at what it does and costs, and signs. */
  private async change(button: string, what: RegExp, meanwhile = async () => {}): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click();
    const asked = this.page.locator('.signs li');
    await asked.getByText(what).waitFor();
    expect(await asked.textContent()).toContain('0.000005 SOL for the signature');
    await meanwhile();
    await asked.getByRole('button', { name: 'Sign' }).click();
    await answer(this.page, 'Approve');
    await asked.waitFor({ state: 'detached' });
  }

  /** What cannot be is told, and leaves the chain as it was. */
  private async refused(button: string, why: string): Promise<void> {
    const before = await this.config();
    await this.page.getByRole('button', { name: button, exact: true }).click();
    await this.page.locator('.said.bad', { hasText: why }).waitFor();
    expect(await this.page.locator('.signs li').count()).toBe(0);
    expect(await this.config()).toEqual(before);
  }

  async pauses(): Promise<void> {
    const { page } = this;
    await page.getByText('Manage', { exact: true }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.locator('.signs li').getByText('Pauses the collection').waitFor();
    await picture(page, 'studio-manage', true);
    await page.locator('.signs').getByRole('button', { name: 'Sign' }).click();
    await answer(page, 'Reject');
    await page.getByText('Nothing was paid; sign whenever you like.').waitFor();
    expect((await this.config()).paused).toBe(false);
    await this.change('Pause', /nobody mints or evolves/);
    expect((await this.config()).paused).toBe(true);
    expect(await this.now('Minting and growing').textContent()).toBe('paused');
    expect(await page.getByRole('button', { name: 'Draw' }).isDisabled()).toBe(true);
    await this.change('Go on', /Opens the collection again/);
    expect((await this.config()).paused).toBe(false);
    expect(await page.getByRole('button', { name: 'Draw' }).isDisabled()).toBe(false);
  }

  async setsTerms(): Promise<void> {
    const { page } = this;
    const most = page.getByLabel('Most that will ever be minted');
    for (const [supply, why] of [
      ['', 'Supply must be a whole number from 0 to 4294967295.'],
      ['900', 'Supply can only become less than 500.'],
    ]) {
      await most.fill(supply);
      await this.refused('Lower the supply', why);
    }
    await most.fill('40');
    await this.change('Lower the supply', /to 40/);
    expect((await this.config()).supply).toBe(40);
    expect(await this.now('Supply').textContent()).toBe('1 of 40 minted');

    const price = page.getByLabel('Price in SOL');
    await price.fill('1001');
    await this.refused('Set the price', 'must be a whole number from 0 to 1000000000000.');
    await price.fill('0.25');
    await this.change('Set the price', /Asks 0\.25 SOL for a mint/);
    expect((await this.config()).price).toBe(250_000_000n);
    expect(await this.now('Price').textContent()).toBe('0.25 SOL');

    await page.getByLabel('Most evolutions a day').fill('2');
    await this.change('Set the evolutions a day', /evolve 2 times a day/);
    expect((await this.config()).dailyCap).toBe(2);
  }

  /** Another wallet, in a browser of its own, is offered the collection and takes it over. */
  async handsOver(context: BrowserContext): Promise<void> {
    const { page } = this;
    const heir = await context.newPage();
    const errors = errorsOf(heir);
    await heir.clock.install();
    const link = `${this.url}/studio?collection=${this.collection}#release`;
    await heir.goto(link);
    await heir.getByText('A collection is offered here: sign in').waitFor();
    await heir.getByRole('button', { name: 'Developer wallet' }).click();
    await answer(heir, 'Approve');
    // As long as nobody offers it, it is not shown.
    await heir.locator('.said.bad').waitFor();
    await heir.getByRole('button', { name: 'Get test SOL' }).click();
    const to = (await heir.locator('.purse code').getAttribute('title'))!;

    const address = page.getByLabel('Address of the new owner');
    await address.fill('nobody');
    await this.refused('Offer', 'must be a Solana address.');
    await address.fill(to);
    await this.change('Offer', /stays yours until they accept/);
    expect((await this.config()).proposed?.toBase58()).toBe(to);
    expect(await page.locator('.offer').getAttribute('href')).toBe(link);
    await page.getByText('Manage', { exact: true }).scrollIntoViewIfNeeded();
    await picture(page, 'studio-offered');
    await this.change('Take the offer back', /offer of the collection back/);
    expect((await this.config()).proposed).toBe(null);
    await address.fill(to);
    await this.change('Offer', /stays yours until they accept/);

    await heir.reload();
    const offered = heir.locator('.offered');
    await offered.scrollIntoViewIfNeeded();
    await picture(heir, 'studio-heir');
    // Who thinks it over for long is not left with a transaction that the chain no longer takes.
    let asked = 0;
    heir.on('response', (response) => {
      if (response.url().endsWith('/manage') && response.ok()) asked++;
    });
    const heirs = new Managing(this.url, heir, this.collection);
    await heirs.change('Take it over', /from then on it is yours/, () => heir.clock.fastForward(45_000));
    expect(asked).toBe(2);
    expect((await this.config()).authority.toBase58()).toBe(to);
    await heir.locator('.manage').waitFor();
    // Whose it was manages it no more.
    await this.refused('Lower the supply', 'is managed by');
    await heir.locator('.manage summary').click();
    expect(await heir.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    await picture(heir, 'studio-phone-manage', true);
    await page.reload();
    await page.getByText('only they can change it').waitFor();
    expect(await page.locator('.manage').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Draw' }).count()).toBe(0);
    expect(errors).toEqual([]);
  }
}
