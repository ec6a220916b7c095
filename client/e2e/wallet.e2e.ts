import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { QUICK_TICK_MS } from '#server/testing/server.ts';
import { answer, picture, read, worldShown } from './browser.ts';
import { onChain } from './chain.ts';
import { stage } from './stage.ts';
import { Walker } from './walker.ts';

// Its first step comes within a minute of play.
const set = stage({ firstStep: 14, tickMs: QUICK_TICK_MS });

const symbiont = (page: Page) => read(page, 'symbiont');
const note = (page: Page) => page.locator('#wallet .note');
const minted = (page: Page) =>
  page.waitForFunction(
    () => window.__symbiont!.symbiont?.asset && window.__symbiont!.symbiont.state === 'settled',
  );

async function openWallet(page: Page): Promise<void> {
  await page.locator('#symbiont-card .wallet:not(.others)').click();
  await page.locator('#wallet[open]').waitFor();
}

async function signInAgain(page: Page): Promise<void> {
  await page.getByText('I have been here before').click();
  await page.getByRole('button', { name: 'Developer wallet' }).click();
  await answer(page, 'Approve');
}

test('a guest’s symbiont moves to the developer wallet, grows there by its word, and umi reads it', async () => {
  const { page, errors } = await set.open();
  await minted(page);
  const before = (await symbiont(page))!;
  const guest = await read(page, 'address');
  const name = (await page.locator('.me h2').textContent())!;
  await openWallet(page);
  await picture(page, 'wallet-guest');

  // Said no, nothing has changed.
  await page.getByRole('button', { name: 'Developer wallet' }).click();
  await page.locator('dialog.developer-wallet[open]').waitFor();
  await picture(page, 'wallet-sign');
  const asked = (await page.locator('dialog.developer-wallet pre').textContent())!;
  expect(asked).toContain(`${new URL(set.server.url).host} wants you to sign in with your Solana account:`);
  expect(asked).toContain(`urn:symbiont:guest:${guest}`);
  await answer(page, 'Reject');
  await note(page).getByText('Your wallet said no.').waitFor();
  expect(await read(page, 'address')).toBe(guest);

  await page.getByRole('button', { name: 'Developer wallet' }).click();
  await answer(page, 'Approve');
  await page.waitForFunction((g) => window.__symbiont!.ready && window.__symbiont!.address !== g, guest);
  const wallet = await read(page, 'address');
  await page.waitForFunction(() => window.__symbiont!.symbiont?.held === 'wallet');
  expect(await page.locator('.me h2').textContent()).toBe(name);
  expect(await symbiont(page)).toMatchObject({ asset: before.asset, consent: false, genome: before.genome });
  expect((await onChain(set.server.url, before.asset!)).asset.owner).toBe(wallet);

  // It grows only with the wallet's word.
  await page.getByRole('button', { name: `Let ${before.name} grow` }).waitFor();
  await picture(page, 'wallet-consent');
  await page.getByRole('button', { name: `Let ${before.name} grow` }).click();
  await page.locator('dialog.developer-wallet[open]').waitFor();
  await picture(page, 'wallet-transaction');
  await answer(page, 'Approve');
  await page.waitForFunction(() => window.__symbiont!.symbiont?.consent === true);
  await page.getByText('is in your wallet, and may grow').waitFor();
  await picture(page, 'wallet-holds');
  await page.locator('#wallet').getByRole('button', { name: 'Close' }).click();

  const walker = new Walker(page);
  await walker.forageUntilGrown(120_000);
  const card = (await symbiont(page))!;
  expect(card).toMatchObject({ stage: 1, version: before.version + 1, held: 'wallet' });
  const grown = await onChain(set.server.url, before.asset!);
  expect(grown.asset.owner).toBe(wallet);
  expect(grown.attributes).toMatchObject({
    stage: '1',
    version: String(card.version),
    picture: card.picture,
  });
  await picture(page, 'wallet-grown');

  // The page comes back as the wallet's, without a signature.
  await page.reload();
  await worldShown(page);
  expect(await read(page, 'address')).toBe(wallet);
  expect(errors).toEqual([]);
});

test('signed out one is a guest; signed in again who one was; signed out everywhere in every tab', async () => {
  const { page, errors } = await set.open();
  await minted(page);
  const asset = (await symbiont(page))!.asset;
  await openWallet(page);
  await page.getByRole('button', { name: 'Developer wallet' }).click();
  await answer(page, 'Approve');
  await page.waitForFunction(() => window.__symbiont!.symbiont?.held === 'wallet');
  const wallet = await read(page, 'address');

  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.waitForFunction((w) => window.__symbiont!.ready && window.__symbiont!.address !== w, wallet);
  await signInAgain(page);
  await page.waitForFunction((w) => window.__symbiont!.ready && window.__symbiont!.address === w, wallet);
  await page.waitForFunction((a) => window.__symbiont!.symbiont?.asset === a, asset);

  // A second tab of the same browser is the same player; the first one waits.
  const second = await page.context().newPage();
  await second.goto(`${set.server.url}/?renderer=canvas`);
  await worldShown(second);
  expect(await read(second, 'address')).toBe(wallet);
  await page.getByText('You are here twice').waitFor();
  await openWallet(second);
  await second.getByRole('button', { name: 'Sign out everywhere' }).click();
  await second.waitForFunction((w) => window.__symbiont!.ready && window.__symbiont!.address !== w, wallet);
  await page.getByRole('button', { name: 'Go on here' }).click();
  await page.waitForFunction((w) => window.__symbiont!.ready && window.__symbiont!.address !== w, wallet);
  expect(errors).toEqual([]);
});

test('a wallet that signs transactions alone signs in by a memo', async () => {
  const context = await set.browser.newContext({ viewport: { width: 1100, height: 700 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    localStorage.setItem('symbiont.seen-help', '1');
    const digits = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
    const base58 = (bytes: Uint8Array) => {
      let n = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
      let text = '';
      for (; n > 0n; n /= 58n) text = digits[Number(n % 58n)] + text;
      return '1'.repeat(bytes.findIndex((byte) => byte > 0)) + text;
    };
    void (async () => {
      const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
      const key = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
      const features = ['solana:signTransaction'];
      const account = { address: base58(key), publicKey: key, chains: ['solana:localnet'], features };
      const signTransaction = async (input: { transaction: Uint8Array }) => {
        // One signature, then the message.
        const signed = Uint8Array.from(input.transaction);
        const signature = await crypto.subtle.sign('Ed25519', pair.privateKey, signed.slice(65));
        signed.set(new Uint8Array(signature), 1);
        return [{ signedTransaction: signed }];
      };
      const wallet = {
        version: '1.0.0',
        name: 'Plain hardware',
        icon: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>',
        chains: ['solana:localnet'],
        accounts: [],
        features: {
          'standard:connect': { version: '1.0.0', connect: async () => ({ accounts: [account] }) },
          'solana:signTransaction': {
            version: '1.0.0',
            supportedTransactionVersions: ['legacy'],
            signTransaction,
          },
        },
      };
      const register = (api: { register(one: object): void }) => api.register(wallet);
      addEventListener('wallet-standard:app-ready', (event) => register((event as CustomEvent).detail));
    })();
  });
  await page.goto(`${set.server.url}/?renderer=canvas`);
  await worldShown(page);
  const guest = await read(page, 'address');
  await minted(page);
  await openWallet(page);
  await page.getByRole('button', { name: 'Plain hardware' }).click();
  await page.waitForFunction((g) => window.__symbiont!.ready && window.__symbiont!.address !== g, guest);
  await page.waitForFunction(() => window.__symbiont!.symbiont?.held === 'wallet');
});
