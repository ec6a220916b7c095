import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Connection, Keypair } from '@solana/web3.js';
import { afterAll, afterEach, expect, test } from 'vitest';
import { brainId } from '#shared/brain/file.ts';
import { brainAddress, brainSpace, decodeBrainAccount, uploadBrain } from '../../programs/client/brains.ts';
import { CHRONICLE, leaveIx } from '../../programs/client/chronicle.ts';
import { ROOT } from '../config.ts';
import { startLedger } from '../ledger/testLedger.ts';
import { removeHomes, temporaryHome } from '../testing/homes.ts';
import { Chain } from './chain.ts';
import { budget, Fees } from './fees.ts';
import { serverKeys } from './keys.ts';
import { readZone } from './register.ts';
import { ensureBrain } from './weights.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(removeHomes);

async function setUp() {
  const ledger = await startLedger();
  closing.push(() => ledger.close());
  const keys = serverKeys(temporaryHome());
  const open = (seed: number) =>
    new Chain({
      rpcUrl: ledger.url,
      embedded: true,
      keys,
      publicUrl: 'http://localhost:2567',
      zoneId: 1,
      worldSeed: () => seed,
      log: () => {},
    });
  return { ledger, keys, open };
}

test('the zone is registered once, with its bond, its world and its operator', async () => {
  const { keys, open } = await setUp();
  const chain = open(0xffffffff);
  await chain.ensure();
  await chain.ensure();
  expect(await readZone(chain)).toMatchObject({
    bond: CHRONICLE.MIN_BOND,
    worldSeed: 0xffffffff,
    published: 0,
    stands: true,
    operator: keys.zone.publicKey,
  });
  const history = await chain.connection.getSignaturesForAddress(chain.zone);
  expect(history).toHaveLength(1);
  // Another world under the same keys would have every decision of its leaves challenged.
  await expect(open(6).ensure()).rejects.toThrow(
    'is registered for the world of seed 4294967295, this one has 6',
  );
  const of = { authority: keys.authority.publicKey, zone: chain.zone };
  await chain.complete({ instructions: [leaveIx(of)], signers: [keys.authority] });
  await expect(chain.ensure()).rejects.toThrow('does not stand');
}, 60_000);

test('a brain that was half uploaded is finished, and one that is sealed is left alone', async () => {
  const { keys, open } = await setUp();
  const chain = open(5);
  await chain.ensureFunds();
  const file = Uint8Array.from(readFileSync(join(ROOT, 'assets', 'brains', 'raider.safetensors')));
  const author = keys.authority.publicKey;
  const lamports = await chain.connection.getMinimumBalanceForRentExemption(brainSpace(file));
  const steps = uploadBrain({ payer: keys.payer.publicKey, author, file, lamports, licence: 'MIT' });
  for (const instructions of [steps[0], steps[3], steps[5]])
    await chain.complete({ instructions, signers: [keys.authority] });

  await ensureBrain(chain, file);
  const address = brainAddress(author, brainId(file));
  const account = await chain.connection.getAccountInfo(address);
  expect(decodeBrainAccount(account?.data as Buffer)).toMatchObject({ id: brainId(file), sealed: true });
  const count = async () => (await chain.connection.getSignaturesForAddress(address)).length;
  expect(await count()).toBe(steps.length);
  await ensureBrain(chain, file);
  expect(await count()).toBe(steps.length);
}, 60_000);

test('the price follows what is paid, doubles with every expiry, and has a ceiling', async () => {
  let prices: number[] | null = [];
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (part) => {
      body += part;
    });
    req.on('end', () => {
      if (!prices) return void res.writeHead(503).end();
      const result = prices.map((prioritizationFee, slot) => ({ prioritizationFee, slot }));
      res.end(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(body).id, result }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const connection = new Connection(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    disableRetryOnRateLimit: true,
  });
  const fees = () => new Fees(connection, 50_000);
  expect(await fees().now([], 0)).toBe(0);
  // Nobody pays, yet ours expired: something has to be offered.
  expect(await fees().now([], 1)).toBe(2_000);
  prices = [9_000, 100, 4_000, 200, 300];
  expect(await fees().now([], 0)).toBe(4_000);
  expect(await fees().now([], 2)).toBe(16_000);
  expect(await fees().now([], 9)).toBe(50_000);
  prices = [10 ** 9];
  expect(await fees().now([], 0)).toBe(50_000);
  prices = null;
  expect(await fees().now([], 0)).toBe(0);

  const payer = Keypair.generate().publicKey;
  expect(budget([], 1000, 0)).toEqual([]);
  expect(budget([], 1000, 7)).toHaveLength(2);
  // Instructions that name their units keep them: naming them twice would be refused.
  const named = uploadBrain({
    payer,
    author: payer,
    file: Uint8Array.from(readFileSync(join(ROOT, 'assets', 'brains', 'forager.safetensors'))),
    lamports: 1,
    licence: 'MIT',
  }).at(-1);
  expect(budget(named ?? [], 1000, 7)).toHaveLength(1);
}, 60_000);
