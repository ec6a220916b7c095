import { once } from 'node:events';
import { connect } from 'node:net';
import { Keypair, SystemProgram, Transaction } from '@solana/web3.js';
import bs58 from 'bs58';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DEFAULT_LIMITS, resolveLimits } from './limits.ts';
import { METHOD_NAMES } from './rpc.ts';
import { startLedger, type TestLedger } from './testLedger.ts';

let t: TestLedger;
const key = Keypair.generate().publicKey.toBase58();
const signature = bs58.encode(new Uint8Array(64).fill(7));

beforeAll(async () => {
  t = await startLedger({ programs: [], slotMs: 1000 });
});
afterAll(() => t.close());

async function codeOf(body: string): Promise<number | undefined> {
  return ((await (await t.post(body)).json()) as { error?: { code: number } }).error?.code;
}

describe('the envelope', () => {
  it('of JSON-RPC is checked', async () => {
    expect(await codeOf('{')).toBe(-32700);
    expect(await codeOf('[]')).toBe(-32600);
    expect(await codeOf('7')).toBe(-32600);
    expect(await codeOf('null')).toBe(-32600);
    expect(await codeOf('{"jsonrpc":"1.0","id":1,"method":"getSlot"}')).toBe(-32600);
    expect(await codeOf('{"jsonrpc":"2.0","id":1,"method":7}')).toBe(-32600);
    expect(await codeOf('{"jsonrpc":"2.0","id":{},"method":"getSlot"}')).toBe(-32600);
    expect(await codeOf('{"jsonrpc":"2.0","id":1,"method":"getSlot","params":{}}')).toBe(-32602);
    expect(await codeOf('{"jsonrpc":"2.0","id":1,"method":"toString"}')).toBe(-32601);
    expect(await codeOf('{"jsonrpc":"2.0","id":1,"method":"__proto__"}')).toBe(-32601);
  });

  it('answers batches in order, leaves notifications unanswered, and refuses batches that are too long', async () => {
    const item = (id: number | undefined, method: string): object => ({ jsonrpc: '2.0', id, method });
    const mixed = await t.post(
      JSON.stringify([item(1, 'getHealth'), item(undefined, 'getHealth'), 5, item(2, 'nope')]),
    );
    expect(await mixed.json()).toMatchObject([
      { id: 1, result: 'ok' },
      { id: null, error: { code: -32600 } },
      { id: 2, error: { code: -32601 } },
    ]);
    const silent = await t.post(JSON.stringify(item(undefined, 'getHealth')));
    expect(await silent.text()).toBe('');
    const long = new Array(DEFAULT_LIMITS.batch + 1).fill(item(1, 'getHealth'));
    const refused = (await (await t.post(JSON.stringify(long))).json()) as { error: { message: string } };
    expect(refused.error.message).toContain(`a batch of ${long.length} (max: ${DEFAULT_LIMITS.batch})`);
  });

  it('of HTTP is checked, and other origins may ask', async () => {
    const options = await fetch(t.url, { method: 'OPTIONS', headers: { origin: 'https://example.org' } });
    expect(options.status).toBe(204);
    expect(options.headers.get('access-control-allow-origin')).toBe('*');
    expect(await (await fetch(t.url)).text()).toBe('ok');
    expect((await fetch(t.url, { method: 'DELETE' })).status).toBe(405);
    expect((await t.post('{}', { 'content-type': 'text/plain' })).status).toBe(415);
    const large = await t.post(`"${'x'.repeat(DEFAULT_LIMITS.bodyBytes)}"`);
    expect(large.status).toBe(413);
    expect(await large.text()).toContain(`${DEFAULT_LIMITS.bodyBytes} bytes`);
  });

  it('may end early without harm', async () => {
    const socket = connect(Number(new URL(t.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"json',
    );
    socket.destroy();
    expect((await t.call('getHealth')).result).toBe('ok');
  });
});

describe('parameters', () => {
  const invalid: [method: string, params: unknown[], says: string][] = [
    ['getBalance', [], 'at least 1 argument'],
    ['getBalance', [7], 'expected a string (pubkey)'],
    ['getBalance', ['0OIl'], 'Invalid param: Invalid'],
    ['getBalance', ['abc'], 'Invalid param: WrongSize'],
    ['getBalance', ['1'.repeat(10_000)], 'Invalid param: WrongSize'],
    ['getBalance', [key, 'finalized'], 'expected an object'],
    ['getBalance', [key, { commitment: 'soon' }], 'field commitment'],
    ['getBalance', [key, {}, 1], 'Expected at most 2 arguments'],
    ['getAccountInfo', [key, { encoding: 'hex' }], 'field encoding'],
    ['getAccountInfo', [key, { encoding: 'base64+zstd' }], 'not offered'],
    ['getMultipleAccounts', [new Array(101).fill(key)], 'Too many inputs provided; max 100'],
    ['getMultipleAccounts', [key], 'expected a sequence'],
    ['getMultipleAccounts', [[key, 3]], 'expected a string'],
    ['getMinimumBalanceForRentExemption', [-1], 'must be an integer'],
    ['getMinimumBalanceForRentExemption', [1e12], 'max: 10485760'],
    [
      'getProgramAccounts',
      [key, { filters: new Array(5).fill({ dataSize: 1 }) }],
      'Too many filters provided; max 4',
    ],
    ['getProgramAccounts', [key, { filters: [{}] }], 'needs dataSize or memcmp'],
    ['getProgramAccounts', [key, { filters: [{ memcmp: { offset: -1, bytes: '1' } }] }], 'memcmp.offset'],
    ['getProgramAccounts', [key, { filters: [{ memcmp: { offset: 0, bytes: '0' } }] }], 'not base58'],
    [
      'getProgramAccounts',
      [key, { filters: [{ memcmp: { offset: 0, bytes: '1'.repeat(129) } }] }],
      'max: 128',
    ],
    ['getProgramAccounts', [key, { filters: 'all' }], 'filters must be a sequence'],
    ['sendTransaction', [], 'at least 1 argument'],
    ['sendTransaction', [''], 'failed to deserialize'],
    ['sendTransaction', ['!!', { encoding: 'base64' }], 'invalid base64 encoding'],
    ['sendTransaction', ['0', {}], 'invalid base58 encoding'],
    ['sendTransaction', ['AAAA', { encoding: 'json' }], 'unsupported encoding'],
    [
      'sendTransaction',
      ['A'.repeat(2000), { encoding: 'base64' }],
      'too large: 2000 bytes (max: encoded/raw 1644/1232)',
    ],
    ['sendTransaction', ['A'.repeat(5000), { encoding: 'base64' }], 'max: 4096'],
    [
      'sendTransaction',
      ['AAAA', { encoding: 'base64', skipPreflight: 1 }],
      'expected a boolean (skipPreflight)',
    ],
    ['sendTransaction', ['AAAA', { encoding: 'base64', maxRetries: -1 }], 'maxRetries'],
    ['simulateTransaction', ['AAAA', { encoding: 'base64', accounts: [] }], 'expected an object (accounts)'],
    ['getSignatureStatuses', [new Array(257).fill(signature)], 'Too many inputs provided; max 256'],
    ['getSignatureStatuses', [['abc']], 'Invalid param: WrongSize'],
    [
      'getTransaction',
      [signature, { commitment: 'processed' }],
      'does not support commitment below `confirmed`',
    ],
    ['getTransaction', [signature, { encoding: 'xml' }], 'field encoding'],
    ['getSignaturesForAddress', [key, { limit: 1001 }], 'max: 1000'],
    ['getSignaturesForAddress', [key, { before: 'abc' }], 'Invalid param: WrongSize'],
    ['getFeeForMessage', ['AAAA'], 'failed to deserialize message'],
    ['isBlockhashValid', ['abc'], 'Invalid param: WrongSize'],
    ['requestAirdrop', [key, 0], 'at least 1'],
    ['requestAirdrop', [key, 1.5], 'must be an integer'],
    ['requestAirdrop', [key, DEFAULT_LIMITS.airdropLamports + 1], `max: ${DEFAULT_LIMITS.airdropLamports}`],
    ['requestAirdrop', [SystemProgram.programId.toBase58(), 1], 'not possible'],
  ];

  it.each(invalid)('%s refuses %j', async (method, params, says) => {
    const before = t.ledger.stats().transactions;
    const { error } = await t.call(method, params);
    expect(error?.code).toBe(-32602);
    expect(error?.message).toContain(says);
    expect(t.ledger.stats().transactions).toBe(before);
  });

  it('of every method survive values of every kind', async () => {
    const values: unknown[] = [
      null,
      true,
      0,
      -1,
      1e300,
      '',
      'x',
      key,
      signature,
      [],
      [[]],
      {},
      [null],
      { commitment: {} },
    ];
    for (const method of METHOD_NAMES) {
      for (const a of values) {
        for (const b of [undefined, ...values]) {
          const { error } = await t.ledger.request(method, b === undefined ? [a] : [a, b]).then(
            () => ({ error: null }),
            (e: { code?: number; message: string }) => ({ error: e }),
          );
          if (error) expect([-32602, -32600, -32002], `${method} ${error.message}`).toContain(error.code);
        }
      }
    }
  });

  it('ask for a slot that is not reached yet in vain', async () => {
    const { error } = await t.call('getBalance', [key, { minContextSlot: 1e9 }]);
    expect(error).toMatchObject({ code: -32016, data: { contextSlot: expect.any(Number) } });
  });
});

describe('limits', () => {
  it('hold a client that asks too often, others not', async () => {
    const slow = await startLedger({
      programs: [],
      limits: { requestsPerSecond: 5, requestBurst: 10, airdropsPerMinute: 2 },
    });
    try {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getHealth' });
      const airdrop = await slow.call('requestAirdrop', [key, 1_000_000]);
      expect(airdrop.error).toBeUndefined();
      await slow.call('requestAirdrop', [key, 1_000_000]);
      expect((await slow.call('requestAirdrop', [key, 1_000_000])).error).toMatchObject({
        code: -32029,
        message: expect.stringContaining('at most 2 airdrops a minute'),
      });
      const statuses = (await Promise.all(new Array(20).fill(0).map(() => slow.post(body)))).map(
        (r) => r.status,
      );
      expect(statuses).toContain(200);
      expect(statuses).toContain(429);
      expect(await slow.ledger.request('getHealth')).toBe('ok');
    } finally {
      await slow.close();
    }
  });

  it('hold what the ledger keeps', async () => {
    const small = await startLedger({ programs: [], limits: { accounts: 3, accountBytes: 100 } });
    try {
      const payer = Keypair.generate();
      await small.connection.requestAirdrop(payer.publicKey, 5_000_000_000);
      const { blockhash } = await small.connection.getLatestBlockhash();
      const send = async (space: number): Promise<string> => {
        const made = Keypair.generate();
        const tx = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash } as never).add(
          SystemProgram.createAccount({
            fromPubkey: payer.publicKey,
            newAccountPubkey: made.publicKey,
            lamports: 1_000_000_000,
            space,
            programId: SystemProgram.programId,
          }),
        );
        tx.sign(payer, made);
        return small.connection.sendRawTransaction(tx.serialize());
      };
      await expect(send(101)).rejects.toThrow('at most 100 bytes of account data');
      await send(100);
      await expect(send(0)).rejects.toThrow('at most 3 accounts');
      expect(small.ledger.stats()).toMatchObject({ accounts: 3, accountBytes: 100, transactions: 2 });
    } finally {
      await small.close();
    }
  });

  it('are named when they are bad', () => {
    expect(() => resolveLimits({ batch: 0 })).toThrow('ledger limit batch must be a positive integer, not 0');
    expect(() => resolveLimits({ batch: Number.POSITIVE_INFINITY })).toThrow('batch');
    expect(() => resolveLimits({ nonsense: 1 } as never)).toThrow('ledger limit nonsense is unknown');
  });
});

describe('a socket', () => {
  async function open(url = t.wsUrl): Promise<WebSocket> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return socket;
  }

  async function ask(
    socket: WebSocket,
    message: unknown,
  ): Promise<{ result?: unknown; error?: { code: number; message: string } }> {
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    const [data] = (await once(socket, 'message')) as [Buffer];
    return JSON.parse(data.toString());
  }

  const call = (method: string, params: unknown = []): object => ({ jsonrpc: '2.0', id: 1, method, params });

  it('hears what is wrong with a subscription', async () => {
    const socket = await open();
    expect((await ask(socket, '{')).error?.code).toBe(-32700);
    expect((await ask(socket, call('getBalance', [key]))).error?.code).toBe(-32601);
    expect((await ask(socket, call('toString'))).error?.code).toBe(-32601);
    expect((await ask(socket, call('accountSubscribe', ['abc']))).error?.code).toBe(-32602);
    expect((await ask(socket, call('logsSubscribe', ['some']))).error?.message).toContain('unknown filter');
    expect((await ask(socket, call('logsSubscribe', [{ mentions: [key, key] }]))).error?.message).toContain(
      'Only 1 address',
    );
    expect((await ask(socket, call('signatureSubscribe', ['abc']))).error?.code).toBe(-32602);
    expect((await ask(socket, call('slotUnsubscribe', [99]))).error?.message).toBe(
      'Invalid subscription id.',
    );
    const { result } = await ask(socket, call('slotSubscribe'));
    expect((await ask(socket, call('slotUnsubscribe', [result]))).result).toBe(true);
    expect((await ask(socket, call('slotUnsubscribe', [result]))).error?.code).toBe(-32602);
    socket.close();
  });

  it('has a bounded number of subscriptions, and a client of sockets', async () => {
    const few = await startLedger({
      programs: [],
      limits: { subscriptionsPerSocket: 2, socketsPerClient: 2 },
    });
    try {
      const first = await open(few.wsUrl);
      await ask(first, call('accountSubscribe', [key]));
      await ask(first, call('accountSubscribe', [key]));
      expect((await ask(first, call('accountSubscribe', [key]))).error?.message).toContain(
        'at most 2 subscriptions',
      );
      const second = await open(few.wsUrl);
      const third = new WebSocket(few.wsUrl);
      const [error] = (await once(third, 'error')) as [Error];
      expect(error.message).toContain('503');
      first.close();
      await expect
        .poll(() => few.ledger.stats(), { timeout: 5000 })
        .toMatchObject({ sockets: 1, subscriptions: 0 });
      second.close();
    } finally {
      await few.close();
    }
  });

  it('that sends more than the limit is closed, the ledger runs on', async () => {
    const socket = await open();
    socket.send('x'.repeat(DEFAULT_LIMITS.bodyBytes + 1));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1009);
    expect((await t.call('getHealth')).result).toBe('ok');
  });

  it('hears at once of a signature that was confirmed before', async () => {
    const sent = (await t.call('requestAirdrop', [key, 1_000_000])).result;
    const socket = await open();
    socket.send(JSON.stringify(call('signatureSubscribe', [sent, { commitment: 'processed' }])));
    const messages: unknown[] = [];
    socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())));
    await expect.poll(() => messages.length, { timeout: 5000 }).toBe(2);
    expect(messages[1]).toMatchObject({
      method: 'signatureNotification',
      params: { result: { value: { err: null } } },
    });
    expect(t.ledger.stats().subscriptions).toBe(0);
    socket.close();
  });
});
