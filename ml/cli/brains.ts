import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '#server/config.ts';
import { type Door, readDoor } from '#server/http/door.ts';
import { BrainsRefused, type ListedBrain, listBrains, rollbackStored } from '#server/learning/brains.ts';
import { takeLock } from '#server/ledger/lock.ts';
import { savedEpoch } from '#server/store/brains.ts';
import { Store } from '#server/store/store.ts';
import { readArguments, UsageError } from './options.ts';

/** The world's zone; there is one. */
const ZONE = 1;
const ANSWER_MS = 10_000;

interface Listed {
  epoch: number;
  brains: ListedBrain[];
  learning?: unknown;
}

/**
 * Lists the brains that live or lived in the world, or puts a role's earlier one back: by a running server, else in
 * its database, which nobody else may hold then.
 */
export async function run(args: readonly string[]): Promise<void> {
  const back = args[0] === 'rollback';
  const given = readArguments(args, { json: 'boolean' }, back ? 2 : 0);
  const role = given.positionals[1];
  const config = readConfig(process.env);
  const door = readDoor(config.home);
  const answers = door !== null && (await isUp(door));
  if (back) {
    const done = answers
      ? await ask<{ since: number; brain: string }>(door, 'POST', '/rollback', { role })
      : await stored(config, (store) => rollbackStored(store, ZONE, role, 'The Hollow'));
    console.log(
      given.flag('json')
        ? JSON.stringify({ role, ...done })
        : `${role}: brain ${done.brain.slice(0, 12)} decides again, from epoch ${done.since} on${answers ? '' : ' (the server is stopped)'}`,
    );
    return;
  }
  const listed = answers
    ? await ask<Listed>(door, 'GET', '')
    : await stored(config, async (store): Promise<Listed> => {
        const epoch = (await savedEpoch(store, ZONE)) ?? 0;
        return { epoch, brains: await listBrains(store, ZONE, epoch) };
      });
  if (given.flag('json')) console.log(JSON.stringify(listed));
  else print(listed);
}

function print({ epoch, brains }: Listed): void {
  if (brains.length === 0) console.log('no world has been started here yet');
  for (const { role, id, since, why, parent, tale, state } of brains)
    console.log(
      `${state.padEnd(6)}  ${role.padEnd(8)}  ${id.slice(0, 12)}  from epoch ${String(since).padStart(6)}  ${why.padEnd(8)}` +
        `${parent ? `  after ${parent.slice(0, 12)}` : ''}${tale ? `  “${tale}”` : ''}`,
    );
  console.log(`epoch ${epoch}`);
}

async function stored<T>(
  config: { home: string; databaseUrl: string | null },
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const { home, databaseUrl } = config;
  if (!existsSync(home)) throw new UsageError(`SYMBIONT_HOME: ${home} does not exist`);
  let unlock: () => void;
  try {
    unlock = takeLock(join(home, 'server.lock'));
  } catch {
    throw new BrainsRefused('a server runs on this home, but does not answer at its door');
  }
  try {
    const store = await Store.open({ dir: join(home, 'db'), url: databaseUrl });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  } finally {
    unlock();
  }
}

async function isUp(door: Door): Promise<boolean> {
  try {
    return (await fetch(`${door.url}/api/status`, { signal: AbortSignal.timeout(ANSWER_MS) })).ok;
  } catch {
    return false;
  }
}

async function ask<T>(door: Door, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${door.url}/api/door/brains${path}`, {
    method,
    headers: { authorization: `Bearer ${door.token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const value = (await answer.json()) as T & { error?: { message: string } };
  if (!answer.ok) throw new BrainsRefused(value.error?.message ?? `the server answered ${answer.status}`);
  return value;
}
