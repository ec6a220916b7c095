import { rmSync } from 'node:fs';
import { Keypair, SystemProgram, Transaction } from '@solana/web3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountStore } from './accounts.ts';
import { openLedger } from './ledger.ts';
import { RateLimiter } from './rate.ts';
import { decodeRecord, encodeRecord, type RecordBody } from './record.ts';
import { BLOCKHASH_AGE, SlotClock, SteadyTime } from './slots.ts';
import { temporaryDir } from './testLedger.ts';
import type { AccountState } from './vm.ts';

const owners = ['owner-a', 'owner-b'];
const state = (lamports: number, owner: string): AccountState => ({
  lamports: BigInt(lamports),
  owner,
  executable: false,
  data: new Uint8Array(lamports % 7),
});

describe('the store of accounts', () => {
  it('answers for every slot not yet final what a copy of all slots would', () => {
    const write = fc.record({
      key: fc.constantFrom('x', 'y', 'z'),
      lamports: fc.nat(20),
      owner: fc.constantFrom(...owners),
      slots: fc.nat(2),
    });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 30 }), fc.nat(5), (writes, depth) => {
        const store = new AccountStore();
        const copies: Map<string, AccountState>[] = [new Map()];
        for (const { key, lamports, owner, slots } of writes) {
          for (let i = 0; i < slots; i++) copies.push(new Map(copies.at(-1)));
          const slot = copies.length - 1;
          store.set(key, state(lamports, owner), slot);
          if (lamports > 0) copies[slot].set(key, state(lamports, owner));
          else copies[slot].delete(key);
          store.prune(slot - depth);
          for (let s = Math.max(0, slot - depth); s <= slot; s++) {
            for (const name of ['x', 'y', 'z'])
              expect(store.at(name, s)).toEqual(copies[s].get(name) ?? null);
            for (const program of owners) {
              const found = [...store.ownedBy(program, s)].map(([name]) => name).sort();
              expect(found).toEqual(
                [...copies[s]]
                  .filter(([, a]) => a.owner === program)
                  .map(([name]) => name)
                  .sort(),
              );
            }
          }
          const now = [...copies[slot].values()];
          expect(store.size).toBe(now.length);
          expect(store.bytes).toBe(now.reduce((sum, a) => sum + a.data.length, 0));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a record', () => {
  it('is read back as it was written', () => {
    const address = (n: number): string => Keypair.fromSeed(new Uint8Array(32).fill(n)).publicKey.toBase58();
    const account = fc.record({
      lamports: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      owner: fc.constantFrom(address(1), SystemProgram.programId.toBase58()),
      executable: fc.boolean(),
      data: fc.uint8Array({ maxLength: 40 }),
    });
    const record = fc.record({
      seq: fc.nat(),
      slot: fc.nat(),
      tx: fc.uint8Array({ maxLength: 1232 }).map((bytes) => Buffer.from(bytes)),
      head: fc.record({
        signature: fc.string(),
        messageId: fc.string(),
        keys: fc.array(fc.string()),
        err: fc.constant(null),
      }),
      body: fc.record({
        fee: fc.nat(),
        units: fc.nat(),
        logs: fc.array(fc.string({ unit: 'binary' })),
        inner: fc.constant<RecordBody['inner']>([]),
        pre: fc.array(fc.nat()),
        post: fc.array(fc.nat()),
        loaded: fc.constant<RecordBody['loaded']>({ writable: [], readonly: [] }),
        returnData: fc.constant(null),
      }),
      writes: fc.array(fc.tuple(fc.constantFrom(address(2), address(3)), account), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(record, (given) => {
        expect(decodeRecord(encodeRecord(given))).toEqual(given);
      }),
    );
  });
});

describe('slots', () => {
  it('follow the wall clock, never back, and blockhashes end after 150 of them', () => {
    const clock = new SlotClock(new Uint8Array(32), 1_000_000, 400);
    expect(clock.advance(1_000_399)).toBe(false);
    expect(clock.advance(1_000_400)).toBe(true);
    const first = clock.blockhash(1);
    expect(clock.isValid(first)).toBe(true);
    clock.advance(1_000_000 + 400 * (1 + BLOCKHASH_AGE));
    expect(clock.isValid(first)).toBe(true);
    clock.advance(1_000_000 + 400 * (2 + BLOCKHASH_AGE));
    expect(clock.isValid(first)).toBe(false);
    expect(clock.advance(0)).toBe(false);
    expect(clock.slot).toBe(2 + BLOCKHASH_AGE);
    clock.advance(1_000_000 + 400 * 1_000_000);
    expect(clock.recent.length).toBe(512);
    // of the slots that are over
    expect(clock.recent[0][0]).toBe(999_999);
    expect(clock.isValid(clock.blockhash(1_000_000 - BLOCKHASH_AGE))).toBe(true);
    expect([1_000_000, 999_999, 999_968].map((slot) => clock.commitmentOf(slot))).toEqual([
      'processed',
      'confirmed',
      'finalized',
    ]);
  });
});

describe('the time of the ledger', () => {
  it('goes on where the wall clock is set back, and follows it where it is ahead', () => {
    let wall = 5_000;
    let steady = 0;
    const time = new SteadyTime(
      1_000,
      () => wall,
      () => steady,
    );
    expect(time.now()).toBe(5_000);
    wall = 100;
    steady = 30;
    expect(time.now()).toBe(5_030);
    wall = 9_000;
    steady = 40;
    expect(time.now()).toBe(9_000);
    expect(
      new SteadyTime(
        20_000,
        () => wall,
        () => steady,
      ).now(),
    ).toBe(20_000);
  });
});

describe('a rate', () => {
  it('gives a burst, then so many a second, each client its own', () => {
    let now = 0;
    const rate = new RateLimiter(2, 3, () => now);
    expect([1, 2, 3, 4].map(() => rate.take('a'))).toEqual([true, true, true, false]);
    expect(rate.take('b', 3)).toBe(true);
    expect(rate.take('b')).toBe(false);
    now = 500;
    expect([rate.take('a'), rate.take('a')]).toEqual([true, false]);
    now = 1e9;
    expect([1, 2, 3, 4].map(() => rate.take('a'))).toEqual([true, true, true, false]);
    for (let i = 0; i < 20_001; i++) rate.take(`client ${i}`, 3);
    expect(rate.take('client 20000')).toBe(false);
  });
});

describe('the history', () => {
  it('is bounded: old transactions go, balances and newer ones stay, also over a restart', async () => {
    const dir = temporaryDir();
    const options = {
      dir,
      programs: [],
      slotMs: 5,
      limits: { history: 40, segmentBytes: 8192, snapshotEvery: 20 },
    };
    let ledger = await openLedger(options);
    try {
      const payer = Keypair.generate();
      const to = Keypair.generate().publicKey;
      await ledger.request('requestAirdrop', [payer.publicKey.toBase58(), 10 ** 12]);
      const signatures: unknown[] = [];
      for (let i = 0; i < 200; i++) {
        const latest = (await ledger.request('getLatestBlockhash', [{ commitment: 'processed' }])) as {
          value: { blockhash: string };
        };
        const tx = new Transaction({
          feePayer: payer.publicKey,
          recentBlockhash: latest.value.blockhash,
        } as never);
        tx.add(
          SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: 10 ** 6 + i }),
        ).sign(payer);
        signatures.push(
          await ledger.request('sendTransaction', [
            tx.serialize().toString('base64'),
            { encoding: 'base64' },
          ]),
        );
        if (i % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 10));
      }
      // Nothing may go while its blockhash could still be used: 150 slots of 5 ms.
      await expect
        .poll(
          async () => {
            await ledger.request('requestAirdrop', [to.toBase58(), 10 ** 6]);
            return ledger.stats().history;
          },
          { timeout: 20_000, interval: 30 },
        )
        .toBeLessThan(100);
      const statuses = (await ledger.request('getSignatureStatuses', [
        [signatures[0]],
        { searchTransactionHistory: true },
      ])) as { value: unknown[] };
      expect(statuses.value).toEqual([null]);
      expect(await ledger.request('getTransaction', [signatures[0]])).toBeNull();
      const { transactions } = ledger.stats();
      const before = await ledger.request('getAccountInfo', [
        to.toBase58(),
        { encoding: 'base64', commitment: 'processed' },
      ]);
      await ledger.close();
      ledger = await openLedger(options);
      expect(ledger.stats().transactions).toBe(transactions);
      expect(ledger.stats().history).toBeLessThan(transactions);
      const after = await ledger.request('getAccountInfo', [
        to.toBase58(),
        { encoding: 'base64', commitment: 'processed' },
      ]);
      expect((after as { value: unknown }).value).toEqual((before as { value: unknown }).value);
    } finally {
      await ledger.close();
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
