import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../config.ts';
import { writeBrains } from './brains.ts';
import { preparedHome } from './homes.ts';

/** A server in a process of its own, as `npm start` runs it. */
export interface SpawnedServer {
  url: string;
  home: string;
  child: ChildProcess;
  /** Everything it printed so far. */
  output: () => string;
  /** As `kill -9` does. */
  kill(): Promise<void>;
  /** As Ctrl-C does. @returns its exit code */
  stop(): Promise<number | null>;
}

export interface SpawnOptions {
  home?: string;
  env?: Record<string, string>;
  /** Command put before node, such as a shell that limits what the process may write. */
  through?: string[];
}

const START_MS = 60_000;
/**
 * Milliseconds of a tick where tests wait for epochs and for what grows: time passes faster there than in the world
 * people play in.
 */
export const QUICK_TICK_MS = 20;

/** Starts a server and waits until it is ready. @throws Error with what it printed when it does not start */
export async function spawnServer(options: SpawnOptions = {}): Promise<SpawnedServer> {
  const home = options.home ?? (await preparedHome());
  const command = [...(options.through ?? []), process.execPath, '--import', 'tsx', 'server/main.ts'];
  const child = spawn(command[0], command.slice(1), {
    cwd: ROOT,
    env: {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      SYMBIONT_HOME: home,
      SYMBIONT_BRAINS: writeBrains(join(home, 'brains')),
      PUBLIC_URL: 'http://localhost:2567',
      NODE_ENV: 'production',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the server was not ready within ${START_MS} ms:\n${printed}`));
    }, START_MS);
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const match = /Symbiont is ready: (\S+)/.exec(printed);
      if (!match) return;
      clearTimeout(timer);
      resolve(match[1]);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void exited.then((code) => {
      clearTimeout(timer);
      reject(new Error(`the server ended with ${code}:\n${printed}`));
    });
  });
  return {
    url: url.replace('localhost', '127.0.0.1'),
    home,
    child,
    output: () => printed,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}
