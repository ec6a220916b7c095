import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@solana/web3.js';
import { openLedger } from './ledger.ts';
import { projectPrograms } from './programs.ts';
import { type ServedLedger, serveLedger } from './serve.ts';
import type { Ledger, LedgerOptions } from './types.ts';

/** A real ledger on a free port in a directory of its own, with short slots so that tests need not wait. */
export interface TestLedger extends ServedLedger {
  ledger: Ledger;
  dir: string;
  connection: Connection;
  /** Calls a method over HTTP and gives the whole answer. */
  call(
    method: string,
    params?: unknown,
  ): Promise<{ result?: unknown; error?: { code: number; message: string; data?: unknown } }>;
  post(body: string, headers?: { [name: string]: string }): Promise<Response>;
}

export function temporaryDir(): string {
  return mkdtempSync(join(tmpdir(), 'ledger-'));
}

export async function startLedger(options: Partial<LedgerOptions> = {}): Promise<TestLedger> {
  const dir = options.dir ?? temporaryDir();
  const ledger = await openLedger({ slotMs: 50, programs: projectPrograms(), ...options, dir });
  const served = await serveLedger(ledger, { port: 0 });
  const connection = new Connection(served.url, { wsEndpoint: served.wsUrl, commitment: 'confirmed' });
  // web3.js keeps a blockhash for 30 s, which is 150 slots of real length and far more of these short ones.
  Object.assign(connection, { _disableBlockhashCaching: true });
  const post = (body: string, headers = { 'content-type': 'application/json' }): Promise<Response> =>
    fetch(served.url, { method: 'POST', body, headers });
  return {
    ...served,
    ledger,
    dir,
    connection,
    post,
    call: async (method, params) =>
      (await post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))).json() as ReturnType<
        TestLedger['call']
      >,
    close: async () => {
      // Else web3.js would go on trying to reach it.
      (connection as unknown as { _rpcWebSocket: { close(): void } })._rpcWebSocket.close();
      await served.close();
      await ledger.close();
      if (!options.dir) rmSync(dir, { recursive: true, force: true });
    },
  };
}
