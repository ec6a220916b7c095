import { ed25519 } from '@noble/curves/ed25519';
import { Keypair, PublicKey, SystemProgram, Transaction } from '@solana/web3.js';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type SiwsFields, type SiwsInput, siwsText } from '#shared/siws/index.ts';
import { Refusal } from '../refusal.ts';
import { Cipher, sha256 } from '../store/cipher.ts';
import { Store } from '../store/store.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { TestWallet } from '../testing/wallet.ts';
import { Guests } from './guests.ts';
import { SessionRefused, Sessions } from './sessions.ts';
import { Wallets } from './wallets.ts';

const ORIGIN = 'http://localhost:2567';
const START = Date.parse('2026-11-23T08:00:00Z');

let store: Store;
let guests: Guests;
let wallets: Wallets;
let sessions: Sessions;
let wallet: TestWallet;
let now = START;
const moved: number[] = [];

beforeAll(async () => {
  const home = await preparedHome();
  store = await Store.open({ dir: `${home}/db`, url: null });
  guests = new Guests(store, new Cipher(sha256('test')));
  sessions = new Sessions(store, () => now);
  wallets = new Wallets({
    store,
    publicUrl: ORIGIN,
    hosts: ['play.example'],
    chainId: async () => 'localnet',
    onMoved: ({ identity }) => moved.push(identity.id),
    clock: () => now,
  });
});
afterAll(async () => {
  await store.close();
  removeHomes();
});
beforeEach(() => {
  now = START;
  wallet = new TestWallet(ORIGIN);
});

const ask = (): Promise<SiwsInput> => wallets.ask(ORIGIN, null, wallet.sessionKey);

/** Signs whatever text, as a wallet that is misled would. */
function signed(text: string | Uint8Array, by: Keypair = wallet.keypair, address = wallet.address) {
  const message = typeof text === 'string' ? Buffer.from(text) : text;
  return { address, message, signature: ed25519.sign(message, by.secretKey.subarray(0, 32)) };
}

const textOf = (input: SiwsInput, change: Partial<SiwsFields> = {}): string =>
  siwsText({ ...input, address: wallet.address, ...change });

async function refused(work: Promise<unknown>): Promise<{ status: number; field: string; message: string }> {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(Refusal);
  const { status, field, message } = error as Refusal;
  return { status, field, message };
}

test('a signed text opens a session, and the same wallet comes back as who it was', async () => {
  const first = await wallets.answer(ORIGIN, signed(textOf(await ask())));
  expect(first.identity).toMatchObject({ address: wallet.address, secret: null });
  expect(first.expires).toBe(START + 7 * 86_400_000);
  const again = await wallets.answer(ORIGIN, signed(textOf(await ask())));
  expect(again.identity.id).toBe(first.identity.id);
  expect(again.token).not.toBe(first.token);
});

test('a nonce counts once, of ten answers at once too', async () => {
  const answer = signed(textOf(await ask()));
  const all = await Promise.allSettled(Array.from({ length: 10 }, () => wallets.answer(ORIGIN, answer)));
  expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  expect(await refused(wallets.answer(ORIGIN, answer))).toMatchObject({ status: 400, field: 'nonce' });
});

test('a refused answer leaves the nonce to the right one', async () => {
  const input = await ask();
  const stranger = Keypair.generate();
  expect(await refused(wallets.answer(ORIGIN, signed(textOf(input), stranger)))).toMatchObject({
    field: 'signature',
  });
  await wallets.answer(ORIGIN, signed(textOf(input)));
});

test.each<[string, Partial<SiwsFields>]>([
  ['domain', { domain: 'evil.example' }],
  ['domain', { domain: 'play.example' }],
  ['statement', { statement: 'Give me everything.' }],
  ['statement', { statement: undefined }],
  ['uri', { uri: 'http://evil.example' }],
  ['uri', { uri: undefined }],
  ['version', { version: '2' }],
  ['chainId', { chainId: 'mainnet' }],
  ['chainId', { chainId: undefined }],
  ['nonce', { nonce: undefined }],
  ['nonce', { nonce: 'f'.repeat(32) }],
  ['issuedAt', { issuedAt: undefined }],
  ['issuedAt', { issuedAt: 'yesterday' }],
  ['issuedAt', { issuedAt: new Date(START - 3_600_000).toISOString() }],
  ['issuedAt', { issuedAt: new Date(START + 3_600_000).toISOString() }],
  ['expirationTime', { expirationTime: undefined }],
  ['expirationTime', { expirationTime: '2026-13-45T00:00:00Z' }],
  ['expirationTime', { expirationTime: new Date(START).toISOString() }],
  ['expirationTime', { expirationTime: new Date(START + 8 * 86_400_000).toISOString() }],
  ['notBefore', { notBefore: new Date(START + 60_000).toISOString() }],
  ['requestId', { requestId: '7' }],
  ['resources', { resources: undefined }],
  ['resources', { resources: [`urn:symbiont:session:${'0'.repeat(64)}:play`] }],
  ['address', { address: Keypair.generate().publicKey.toBase58() }],
])('a text with a wrong %s is refused by name: %#', async (field, change) => {
  const input = await ask();
  expect(await refused(wallets.answer(ORIGIN, signed(textOf(input, change))))).toMatchObject({ field });
  await wallets.answer(ORIGIN, signed(textOf(input)));
});

test('what is no text, too long or by no wallet is refused', async () => {
  const good = textOf(await ask());
  expect(await refused(wallets.answer(ORIGIN, signed(new Uint8Array([0xff, 0xfe]))))).toMatchObject({
    field: 'message',
  });
  expect(await refused(wallets.answer(ORIGIN, signed('x'.repeat(3000))))).toMatchObject({
    field: 'message',
    message: '3000 characters, at most 2048',
  });
  for (const address of ['1'.repeat(31), SystemProgram.programId.toBase58().replace('1', '0'), offCurve()])
    expect(await refused(wallets.answer(ORIGIN, signed(good, wallet.keypair, address)))).toMatchObject({
      field: 'address',
    });
  const cut = { ...signed(good), signature: new Uint8Array(63) };
  expect(await refused(wallets.answer(ORIGIN, cut))).toMatchObject({ field: 'signature' });
});

const offCurve = (): string =>
  PublicKey.findProgramAddressSync([Buffer.from('x')], SystemProgram.programId)[0].toBase58();

test.each([
  undefined,
  'null',
  'nonsense',
  'http://evil.example',
  'http://localhost:2568',
  'https://x.play.example',
])('a page of %s gets no sign-in', async (origin) => {
  expect(await refused(wallets.ask(origin, null, wallet.sessionKey))).toMatchObject({
    status: 403,
    field: 'domain',
  });
  const answer = signed(textOf(await ask()));
  expect(await refused(wallets.answer(origin, answer))).toMatchObject({ status: 403 });
});

test('another of our hosts asks for itself', async () => {
  const input = await wallets.ask('https://play.example', null, wallet.sessionKey);
  expect(input.domain).toBe('play.example');
  expect(await refused(wallets.answer(ORIGIN, signed(textOf(input))))).toMatchObject({ field: 'domain' });
  await wallets.answer('https://play.example', signed(textOf(input)));
});

test('a nonce ends after five minutes', async () => {
  const answer = signed(textOf(await ask()));
  now += 5 * 60_000;
  expect(await refused(wallets.answer(ORIGIN, answer))).toMatchObject({ field: 'nonce' });
});

test('a wallet that signs no messages signs a memo that no chain takes', async () => {
  const input = await ask();
  const bytes = await wallets.memo(input.nonce!, wallet.address);
  const { identity } = await wallets.answer(ORIGIN, {
    address: wallet.address,
    transaction: wallet.signTransaction(bytes),
  });
  expect(identity.address).toBe(wallet.address);
});

test('a memo transaction that does more, or that another signed, is refused', async () => {
  const input = await ask();
  const bytes = await wallets.memo(input.nonce!, wallet.address);
  const answer = (transaction: Uint8Array) =>
    refused(wallets.answer(ORIGIN, { address: wallet.address, transaction }));
  expect(await answer(bytes)).toMatchObject({ field: 'signature' });
  expect(await answer(new Uint8Array(100).fill(7))).toMatchObject({ field: 'transaction' });
  const greedy = Transaction.from(bytes);
  const { publicKey } = wallet.keypair;
  greedy.add(SystemProgram.transfer({ fromPubkey: publicKey, toPubkey: offKey(), lamports: 1 }));
  greedy.sign(wallet.keypair);
  expect(await answer(greedy.serialize())).toMatchObject({ field: 'transaction' });
  const other = new TestWallet(ORIGIN);
  const others = await wallets.memo(input.nonce!, other.address);
  expect(await answer(other.signTransaction(others))).toMatchObject({ field: 'transaction' });
});

const offKey = () => Keypair.generate().publicKey;

test('a guest moves with name and deeds; the guest’s token ends', async () => {
  const { token, identity } = await guests.create({ name: 'Mover' });
  const opened = await sessions.open({ token, action: 'GET /api/me' });
  const input = await wallets.ask(ORIGIN, opened.identity, wallet.sessionKey);
  expect(input.resources).toContain(`urn:symbiont:guest:${identity.address}`);
  const done = await wallets.answer(ORIGIN, signed(textOf(input)));
  expect(done.identity).toMatchObject({
    id: identity.id,
    name: 'Mover',
    address: wallet.address,
    secret: null,
  });
  expect(moved).toContain(identity.id);
  await expect(sessions.open({ token, action: 'GET /api/me' })).rejects.toThrow('opens no identity');
  expect(await refused(wallets.ask(ORIGIN, done.identity, wallet.sessionKey))).toMatchObject({
    status: 409,
    field: 'guest',
  });
});

test('of two tabs that move a guest at once one does, and the other is told', async () => {
  const { identity } = await guests.create({});
  const other = new TestWallet(ORIGIN);
  const inputs = await Promise.all([wallet, other].map((w) => wallets.ask(ORIGIN, identity, w.sessionKey)));
  const answers = [
    signed(textOf(inputs[0])),
    signed(siwsText({ ...inputs[1], address: other.address }), other.keypair, other.address),
  ];
  const done = await Promise.allSettled(answers.map((answer) => wallets.answer(ORIGIN, answer)));
  expect(done.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  const [late] = done.filter((one) => one.status === 'rejected');
  expect(late.reason).toMatchObject({ status: 409, field: 'guest' });
});

test('a wallet with a life of its own takes no guest’s over', async () => {
  await wallets.answer(ORIGIN, signed(textOf(await ask())));
  const { token, identity } = await guests.create({});
  const input = await wallets.ask(ORIGIN, identity, wallet.sessionKey);
  expect(await refused(wallets.answer(ORIGIN, signed(textOf(input))))).toMatchObject({
    status: 409,
    field: 'wallet',
  });
  expect((await sessions.open({ token, action: 'x' })).identity).toEqual(identity);
});

test('a session wants a proof by its key, for this act, now and only once', async () => {
  const { token } = await wallets.answer(ORIGIN, signed(textOf(await ask())));
  wallet.token = token;
  const action = 'GET /api/me';
  const open = (proof?: string) => sessions.open({ token, proof, action });
  const good = wallet.proof(action, { at: now });
  expect((await open(good)).session.scope).toBe('play');
  const thief = ed25519.utils.randomPrivateKey();
  const bad: (string | undefined)[] = [
    undefined,
    'x',
    good, // used
    wallet.proof(action, { at: now, secret: thief }),
    wallet.proof('JOIN zone', { at: now }),
    wallet.proof(action, { at: now, domain: 'evil.example' }),
    wallet.proof(action, { at: now - 121_000 }),
    wallet.proof(action, { at: now + 2_001 }),
  ];
  for (const proof of bad) await expect(open(proof)).rejects.toMatchObject({ field: 'proof' });
  now += 7 * 86_400_000;
  const late = open(wallet.proof(action, { at: now }));
  await expect(late).rejects.toThrow(SessionRefused);
  await expect(late).rejects.toMatchObject({ field: 'session' });
});

test('after a restart a proof from before it counts no more, used or not; a fresh one does', async () => {
  const { token } = await wallets.answer(ORIGIN, signed(textOf(await ask())));
  wallet.token = token;
  const action = 'GET /api/me';
  const [used, unused] = [wallet.proof(action, { at: now }), wallet.proof(action, { at: now })];
  await sessions.open({ token, proof: used, action });
  now += 1;
  const restarted = new Sessions(store, () => now);
  for (const proof of [used, unused])
    await expect(restarted.open({ token, proof, action })).rejects.toMatchObject({
      field: 'proof',
      message: 'is from before the server’s start, sign another',
    });
  await restarted.open({ token, proof: wallet.proof(action, { at: now }), action });
});

test('a proof from a clock ahead is kept waiting until its time has come', async () => {
  const { token } = await wallets.answer(ORIGIN, signed(textOf(await ask())));
  wallet.token = token;
  const action = 'GET /api/me';
  const proof = wallet.proof(action, { at: now + 50 });
  let isOpen = false;
  const open = sessions.open({ token, proof, action }).then(() => {
    isOpen = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(isOpen).toBe(false);
  // Meanwhile it is used already.
  await expect(sessions.open({ token, proof, action })).rejects.toThrow('was used before');
  now += 50;
  await open;
});

test('the oldest of too many sessions ends', async () => {
  const tokens: string[] = [];
  for (let i = 0; i < 17; i++) tokens.push((await wallets.answer(ORIGIN, signed(textOf(await ask())))).token);
  const open = (token: string) => {
    wallet.token = token;
    return sessions.open({ token, proof: wallet.proof('x', { at: now }), action: 'x' });
  };
  await expect(open(tokens[0])).rejects.toMatchObject({ field: 'token' });
  const { identity } = await open(tokens[1]);
  expect(await sessions.endAll(identity.id)).toBe(16);
  await expect(open(tokens[16])).rejects.toMatchObject({ field: 'token' });
});
