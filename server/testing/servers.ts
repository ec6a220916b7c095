import { afterAll, afterEach, beforeAll } from 'vitest';
import { removeHomes } from './homes.ts';
import { QUICK_TICK_MS, type SpawnedServer, type SpawnOptions, spawnServer } from './server.ts';

const QUICK = { TICK_MS: String(QUICK_TICK_MS) };

/** Starts servers for the cases of a file: what a case leaves running is killed, and at the end all homes go. */
export function serversOfCases(): (options?: SpawnOptions) => Promise<SpawnedServer> {
  const running: SpawnedServer[] = [];
  afterAll(removeHomes);
  afterEach(async () => {
    for (const server of running.splice(0)) await server.kill();
  });
  return async (options) => {
    const server = await spawnServer({ ...options, env: { ...QUICK, ...options?.env } });
    running.push(server);
    return server;
  };
}

/** One server for the cases of a file, or of a group in it, that do not disturb one another. @returns what gives it */
export function sharedServer(options: SpawnOptions = {}): () => SpawnedServer {
  let server: SpawnedServer;
  beforeAll(async () => {
    server = await spawnServer({ ...options, env: { ...QUICK, ...options.env } });
  }, 120_000);
  afterAll(async () => {
    await server?.kill();
  });
  return () => server;
}
