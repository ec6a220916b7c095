import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@solana/web3.js';
import type { Config } from '../config.ts';
import { type Indexed, Indexer } from '../gallery/indexer.ts';
import { readDoor } from '../http/door.ts';
import { openLedger } from '../ledger/ledger.ts';
import { takeLock } from '../ledger/lock.ts';
import { projectPrograms } from '../ledger/programs.ts';
import { serveLedger } from '../ledger/serve.ts';
import { Store } from '../store/store.ts';

const ANSWER_MS = 10_000;
/** Reading a long chain takes its time. */
const READ_MS = 60 * 60_000;

type Home = Pick<Config, 'home' | 'databaseUrl' | 'rpcUrl' | 'coreSo'>;

/**
 * Forgets the gallery's index and reads it from the chain anew: by the running server, else in its database, which
 * nobody else may hold then.
 * @throws Error when there is no world here, or the chain does not answer; then nothing has changed
 */
export async function reindex(config: Home): Promise<Indexed> {
  const door = readDoor(config.home);
  if (door && (await isUp(door.url))) {
    const answer = await fetch(`${door.url}/api/door/reindex`, {
      method: 'POST',
      headers: { authorization: `Bearer ${door.token}` },
      signal: AbortSignal.timeout(READ_MS),
    });
    const value = (await answer.json()) as Indexed & { error?: { message: string } };
    if (!answer.ok) throw new Error(value.error?.message ?? `the server answered ${answer.status}`);
    return value;
  }
  return stopped(config);
}

async function stopped({ home, databaseUrl, rpcUrl, coreSo }: Home): Promise<Indexed> {
  if (!existsSync(home)) throw new Error(`SYMBIONT_HOME: ${home} does not exist`);
  const closing: (() => unknown)[] = [takeLock(join(home, 'server.lock'))];
  try {
    let url = rpcUrl;
    if (url === null) {
      const programs = projectPrograms({ METAPLEX_CORE_SO: coreSo ?? undefined });
      const ledger = await openLedger({ dir: join(home, 'ledger'), programs });
      closing.push(() => ledger.close());
      const served = await serveLedger(ledger, { port: 0 });
      closing.push(() => served.close());
      url = served.url;
    }
    const store = await Store.open({ dir: join(home, 'db'), url: databaseUrl });
    closing.push(() => store.close());
    const connection = new Connection(url, { commitment: 'finalized', disableRetryOnRateLimit: true });
    return await new Indexer({ store, connection, log: () => {} }).reindex();
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/status`, { signal: AbortSignal.timeout(ANSWER_MS) })).ok;
  } catch {
    return false;
  }
}
