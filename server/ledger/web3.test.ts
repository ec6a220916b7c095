import {
  AddressLookupTableProgram,
  ComputeBudgetProgram,
  Keypair,
  LAMPORTS_PER_SOL,
  PublicKey,
  SendTransactionError,
  SystemProgram,
  sendAndConfirmTransaction,
  Transaction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLedger, type TestLedger } from './testLedger.ts';

let t: TestLedger;
const payer = Keypair.generate();
const SOL = LAMPORTS_PER_SOL;

async function fund(key: PublicKey, lamports = 10 * SOL): Promise<void> {
  const signature = await t.connection.requestAirdrop(key, lamports);
  const latest = await t.connection.getLatestBlockhash();
  const { value } = await t.connection.confirmTransaction({ signature, ...latest });
  expect(value.err).toBeNull();
}

const transfer = (to: PublicKey, lamports: number, from = payer.publicKey) =>
  SystemProgram.transfer({ fromPubkey: from, toPubkey: to, lamports });

beforeAll(async () => {
  t = await startLedger({ slotMs: 40 });
  await fund(payer.publicKey);
});

afterAll(() => t.close());

describe('web3.js against the ledger', () => {
  it('sends and confirms a legacy transaction, and its balances and fee add up', async () => {
    const to = Keypair.generate().publicKey;
    const before = await t.connection.getBalance(payer.publicKey);
    const tx = new Transaction().add(transfer(to, SOL));
    const signature = await sendAndConfirmTransaction(t.connection, tx, [payer], { commitment: 'confirmed' });
    expect(await t.connection.getBalance(to)).toBe(SOL);
    const found = await t.connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
    expect(found?.meta?.fee).toBe(5000);
    expect(await t.connection.getBalance(payer.publicKey)).toBe(before - SOL - 5000);
    expect(found?.meta?.preBalances[0]).toBe(before);
    expect(found?.meta?.postBalances).toEqual([before - SOL - 5000, SOL, 1]);
    expect(found?.meta?.computeUnitsConsumed).toBe(150);
    expect(found?.meta?.logMessages).toContain('Program 11111111111111111111111111111111 success');
    expect(found?.version).toBe('legacy');
    expect(found?.transaction.signatures).toEqual([signature]);
    const parsed = await t.connection.getParsedTransaction(signature, { maxSupportedTransactionVersion: 0 });
    expect(parsed?.transaction.message.accountKeys[0]).toMatchObject({ signer: true, writable: true });
    const list = await t.connection.getSignaturesForAddress(to);
    expect(list.map((s) => s.signature)).toEqual([signature]);
  });

  it('sends a version 0 transaction that takes addresses from a table', async () => {
    const slot = await t.connection.getSlot('confirmed');
    const [create, table] = AddressLookupTableProgram.createLookupTable({
      authority: payer.publicKey,
      payer: payer.publicKey,
      recentSlot: slot,
    });
    const to = Keypair.generate().publicKey;
    const extend = AddressLookupTableProgram.extendLookupTable({
      authority: payer.publicKey,
      payer: payer.publicKey,
      lookupTable: table,
      addresses: [to, SystemProgram.programId],
    });
    await sendAndConfirmTransaction(t.connection, new Transaction().add(create, extend), [payer]);
    const lookup = (await t.connection.getAddressLookupTable(table)).value;
    expect(lookup?.state.addresses.map(String)).toEqual([String(to), String(SystemProgram.programId)]);
    const { blockhash, lastValidBlockHeight } = await t.connection.getLatestBlockhash();
    const message = new TransactionMessage({
      payerKey: payer.publicKey,
      recentBlockhash: blockhash,
      instructions: [transfer(to, SOL)],
    }).compileToV0Message([lookup!]);
    expect(message.addressTableLookups.length).toBe(1);
    const tx = new VersionedTransaction(message);
    tx.sign([payer]);
    const signature = await t.connection.sendTransaction(tx);
    await t.connection.confirmTransaction({ signature, blockhash, lastValidBlockHeight });
    expect(await t.connection.getBalance(to)).toBe(SOL);
    const found = await t.connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
    expect(found?.version).toBe(0);
    expect(found?.meta?.loadedAddresses?.writable.map(String)).toEqual([String(to)]);
    expect(found?.meta?.postBalances.at(-1)).toBe(SOL);
    const unversioned = await t.call('getTransaction', [signature, { commitment: 'confirmed' }]);
    expect(unversioned.error?.code).toBe(-32015);
    expect((await t.connection.getSignaturesForAddress(to)).length).toBe(1);
  });

  it('tells accounts, logs, programs, signatures, slots and roots to their subscribers', async () => {
    const to = Keypair.generate().publicKey;
    const seen: { [kind: string]: unknown[] } = { account: [], logs: [], program: [], slot: [], root: [] };
    const c = t.connection;
    const ids = {
      account: c.onAccountChange(to, (info, context) => seen.account.push([info.lamports, context.slot > 0])),
      logs: c.onLogs(to, (logs) => seen.logs.push(logs.signature)),
      program: c.onProgramAccountChange(SystemProgram.programId, (info) => {
        if (info.accountId.equals(to)) seen.program.push(info.accountInfo.lamports);
      }),
      slot: c.onSlotChange((info) => seen.slot.push(info.slot)),
      root: c.onRootChange((root) => seen.root.push(root)),
    };
    await expect.poll(() => t.ledger.stats().subscriptions, { timeout: 5000 }).toBeGreaterThanOrEqual(5);
    const signature = await sendAndConfirmTransaction(c, new Transaction().add(transfer(to, SOL)), [payer]);
    await expect.poll(() => seen.root.length, { timeout: 10_000 }).toBeGreaterThan(0);
    await expect.poll(() => seen.program.length, { timeout: 5000 }).toBe(1);
    expect(seen.account).toEqual([[SOL, true]]);
    expect(seen.logs).toEqual([signature]);
    expect(seen.slot.length).toBeGreaterThan(1);
    await c.removeAccountChangeListener(ids.account);
    await c.removeOnLogsListener(ids.logs);
    await c.removeProgramAccountChangeListener(ids.program);
    await c.removeSlotChangeListener(ids.slot);
    await c.removeRootChangeListener(ids.root);
    await expect.poll(() => t.ledger.stats().subscriptions, { timeout: 5000 }).toBe(0);
  });

  it('lets a transaction become processed, confirmed and final in turn, and reads follow', async () => {
    const to = Keypair.generate().publicKey;
    const { blockhash } = await t.connection.getLatestBlockhash();
    const tx = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash } as never);
    tx.add(transfer(to, SOL)).sign(payer);
    const signature = await t.connection.sendRawTransaction(tx.serialize());
    expect(await t.connection.getBalance(to, 'processed')).toBe(SOL);
    expect(await t.connection.getBalance(to, 'finalized')).toBe(0);
    const { value } = await t.connection.getSignatureStatus(signature);
    expect(value?.confirmationStatus).toMatch(/processed|confirmed/);
    expect(await t.connection.getTransaction(signature, { commitment: 'finalized' })).toBeNull();
    await expect
      .poll(async () => (await t.connection.getSignatureStatus(signature)).value?.confirmationStatus, {
        timeout: 5000,
      })
      .toBe('finalized');
    expect((await t.connection.getSignatureStatus(signature)).value?.confirmations).toBeNull();
    expect(await t.connection.getBalance(to, 'finalized')).toBe(SOL);
  });

  it('refuses a failing transaction in preflight as Solana does, and keeps nothing of it', async () => {
    const poor = Keypair.generate();
    await fund(poor.publicKey, SOL);
    const tx = new Transaction().add(transfer(payer.publicKey, 2 * SOL, poor.publicKey));
    const error = await t.connection.sendTransaction(tx, [poor]).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SendTransactionError);
    const { message, logs } = error as SendTransactionError;
    expect(message).toContain(
      'Transaction simulation failed: Error processing Instruction 0: custom program error: 0x1',
    );
    expect(logs?.some((line) => line.startsWith('Transfer: insufficient lamports'))).toBe(true);
    expect(await t.connection.getBalance(poor.publicKey, 'processed')).toBe(SOL);
  });

  it('charges the fee of a failing transaction sent without preflight, and confirms its error', async () => {
    const poor = Keypair.generate();
    await fund(poor.publicKey, SOL);
    const tx = new Transaction().add(transfer(payer.publicKey, 2 * SOL, poor.publicKey));
    const signature = await t.connection.sendTransaction(tx, [poor], { skipPreflight: true });
    const latest = await t.connection.getLatestBlockhash();
    // web3.js throws the error when its own look at the status finds it, and returns it when it is told.
    const confirmed = t.connection.confirmTransaction({ signature, ...latest });
    const err = await confirmed.then(
      ({ value }) => value.err,
      (error: unknown) => error,
    );
    expect(err).toMatchObject({ InstructionError: [0, { Custom: 1 }] });
    expect(await t.connection.getBalance(poor.publicKey, 'processed')).toBe(SOL - 5000);
    await expect.poll(() => t.connection.getBalance(poor.publicKey)).toBe(SOL - 5000);
    const found = await t.connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
    expect(found?.meta?.err).toEqual({ InstructionError: [0, { Custom: 1 }] });
  });

  it('runs the same message once only', async () => {
    const to = Keypair.generate().publicKey;
    const { blockhash } = await t.connection.getLatestBlockhash();
    const tx = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash } as never);
    tx.add(transfer(to, SOL)).sign(payer);
    await t.connection.sendRawTransaction(tx.serialize());
    const again = await t.call('sendTransaction', [
      tx.serialize().toString('base64'),
      { encoding: 'base64' },
    ]);
    expect(again.error).toMatchObject({
      code: -32002,
      message: 'Transaction simulation failed: This transaction has already been processed',
      data: { err: 'AlreadyProcessed', logs: [], unitsConsumed: 0 },
    });
    expect(await t.connection.getBalance(to, 'processed')).toBe(SOL);
  });

  it('refuses blockhashes it never gave and those over 150 slots old', async () => {
    const send = async (recentBlockhash: string) => {
      const tx = new Transaction({ feePayer: payer.publicKey, recentBlockhash } as never);
      tx.add(transfer(Keypair.generate().publicKey, SOL)).sign(payer);
      return t.call('sendTransaction', [tx.serialize().toString('base64'), { encoding: 'base64' }]);
    };
    const unknown = await send(Keypair.generate().publicKey.toBase58());
    expect(unknown.error).toMatchObject({
      code: -32002,
      message: 'Transaction simulation failed: Blockhash not found',
      data: { err: 'BlockhashNotFound' },
    });
    const old = await t.connection.getLatestBlockhash('processed');
    expect((await t.connection.isBlockhashValid(old.blockhash)).value).toBe(true);
    await expect
      .poll(() => t.connection.getBlockHeight('processed'), { timeout: 20_000 })
      .toBeGreaterThan(old.lastValidBlockHeight);
    expect((await send(old.blockhash)).error?.message).toContain('Blockhash not found');
    expect((await t.connection.isBlockhashValid(old.blockhash)).value).toBe(false);
  });

  it('refuses wrong signatures', async () => {
    const { blockhash } = await t.connection.getLatestBlockhash();
    const tx = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash } as never);
    tx.add(transfer(Keypair.generate().publicKey, SOL)).sign(payer);
    const bytes = tx.serialize();
    bytes[10] ^= 1;
    const sent = await t.call('sendTransaction', [bytes.toString('base64'), { encoding: 'base64' }]);
    expect(sent.error).toMatchObject({ code: -32003, message: 'Transaction signature verification failure' });
  });

  it('simulates without changing anything', async () => {
    const to = Keypair.generate().publicKey;
    const tx = new VersionedTransaction(
      new TransactionMessage({
        payerKey: payer.publicKey,
        recentBlockhash: Keypair.generate().publicKey.toBase58(),
        instructions: [transfer(to, SOL)],
      }).compileToV0Message(),
    );
    const run = await t.connection.simulateTransaction(tx, {
      replaceRecentBlockhash: true,
      accounts: { encoding: 'base64', addresses: [to.toBase58()] },
      innerInstructions: true,
    });
    expect(run.value.err).toBeNull();
    expect(run.value.unitsConsumed).toBe(150);
    expect(run.value.accounts?.[0]?.lamports).toBe(SOL);
    expect(await t.connection.getBalance(to, 'processed')).toBe(0);
    expect((await t.connection.simulateTransaction(tx)).value.err).toBe('BlockhashNotFound');
    const both = t.connection.simulateTransaction(tx, { sigVerify: true, replaceRecentBlockhash: true });
    await expect(both).rejects.toThrow('sigVerify may not be used with replaceRecentBlockhash');
    await expect(t.connection.simulateTransaction(tx, { sigVerify: true })).rejects.toThrow();
  });

  it('asks the fee that the payer then pays, priority included', async () => {
    const { blockhash } = await t.connection.getLatestBlockhash();
    const tx = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash } as never).add(
      ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 1_234_567 }),
      ComputeBudgetProgram.setComputeUnitLimit({ units: 1_001 }),
      transfer(Keypair.generate().publicKey, SOL),
    );
    const asked = (await t.connection.getFeeForMessage(tx.compileMessage(), 'processed')).value;
    expect(asked).toBe(5000 + Math.ceil((1_001 * 1_234_567) / 1_000_000));
    const before = await t.connection.getBalance(payer.publicKey, 'processed');
    await sendAndConfirmTransaction(t.connection, tx, [payer]);
    expect(await t.connection.getBalance(payer.publicKey, 'processed')).toBe(before - SOL - asked!);
    const plain = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash } as never).add(
      ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 1_000_000 }),
      transfer(Keypair.generate().publicKey, SOL),
    );
    const limitless = (await t.connection.getFeeForMessage(plain.compileMessage(), 'processed')).value;
    const start = await t.connection.getBalance(payer.publicKey, 'processed');
    await sendAndConfirmTransaction(t.connection, plain, [payer]);
    expect(await t.connection.getBalance(payer.publicKey, 'processed')).toBe(start - SOL - limitless!);
  });

  it('finds the accounts of a program by size and bytes', async () => {
    const owner = Keypair.generate().publicKey;
    const keys = [Keypair.generate(), Keypair.generate(), Keypair.generate()];
    for (const [i, key] of keys.entries()) {
      const space = i === 0 ? 8 : 16;
      const create = SystemProgram.createAccount({
        fromPubkey: payer.publicKey,
        newAccountPubkey: key.publicKey,
        lamports: await t.connection.getMinimumBalanceForRentExemption(space),
        space,
        programId: owner,
      });
      await sendAndConfirmTransaction(t.connection, new Transaction().add(create), [payer, key]);
    }
    expect((await t.connection.getProgramAccounts(owner)).length).toBe(3);
    const large = await t.connection.getProgramAccounts(owner, {
      filters: [{ dataSize: 16 }, { memcmp: { offset: 8, bytes: '11111111' } }],
      dataSlice: { offset: 0, length: 3 },
    });
    expect(new Set(large.map((a) => String(a.pubkey)))).toEqual(
      new Set(keys.slice(1).map((k) => String(k.publicKey))),
    );
    expect(large.map((a) => a.account.data.length)).toEqual([3, 3]);
    expect(
      await t.connection.getProgramAccounts(owner, { filters: [{ memcmp: { offset: 0, bytes: '2' } }] }),
    ).toEqual([]);
    const many = await t.connection.getMultipleAccountsInfo([...keys.map((k) => k.publicKey), owner]);
    expect(many.map((a) => a?.data.length)).toEqual([8, 16, 16, undefined]);
    const raw = await t.post(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'getAccountInfo',
        params: [String(keys[0].publicKey), { commitment: 'confirmed' }],
      }),
    );
    expect(await raw.text()).toContain('"rentEpoch":18446744073709551615');
  });

  it('answers what a client asks of a cluster', async () => {
    const c = t.connection;
    expect((await c.getVersion())['solana-core']).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await c.getGenesisHash()).toMatch(/^[1-9A-HJ-NP-Za-km-z]{40,44}$/);
    const epoch = await c.getEpochInfo();
    expect(epoch.absoluteSlot).toBe(epoch.blockHeight);
    expect(await c.getMinimumBalanceForRentExemption(0)).toBe(890_880);
    expect(await c.getRecentPrioritizationFees()).toMatchObject([{ prioritizationFee: 0 }]);
    const slot = await c.getSlot();
    const time = await c.getBlockTime(slot);
    expect(Math.abs(time! - Date.now() / 1000)).toBeLessThan(60);
    const clock = await c.getAccountInfo(new PublicKey('SysvarC1ock11111111111111111111111111111111'));
    expect(Number(clock?.data.readBigUInt64LE(0))).toBeGreaterThanOrEqual(slot);
    expect(Math.abs(Number(clock?.data.readBigInt64LE(32)) - time!)).toBeLessThan(60);
    expect((await c.getAccountInfo(SystemProgram.programId))?.executable).toBe(true);
  });
});
