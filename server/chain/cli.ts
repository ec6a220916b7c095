/** `npm run chain -- doctor`, `-- clone-core` and `-- reindex`: what stands on a cluster. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Connection, clusterApiUrl } from '@solana/web3.js';
import { readConfig } from '../config.ts';
import { reason } from '../log.ts';
import { cloneCore } from './cloneCore.ts';
import { examine } from './doctor.ts';
import { reindex } from './reindex.ts';

const USAGE = `usage:
  npm run chain -- doctor [--cluster URL] [--json]
  npm run chain -- clone-core [--cluster URL] [--out FILE]
  npm run chain -- reindex [--json]
The cluster is SOLANA_RPC_URL; else doctor asks the server on this machine, clone-core Solana's mainnet.
reindex reads the gallery's index from the chain anew, by the running server or without one.`;

const options = {
  cluster: { type: 'string' },
  json: { type: 'boolean', default: false },
  out: { type: 'string', default: 'mpl_core.so' },
} as const;

/** @returns the process's exit status. @throws Error when it cannot be done */
export async function chainCommand(args: string[], print: (line: string) => void): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== 'doctor' && verb !== 'clone-core' && verb !== 'reindex')
    throw new Error(`chain: ${verb ?? 'no verb'}\n${USAGE}`);
  const { values } = parseArgs({ args: rest, options });
  const config = readConfig(process.env);
  if (verb === 'reindex') {
    if (values.cluster !== undefined)
      throw new Error('--cluster: reindex reads the chain that the world is on; set SOLANA_RPC_URL');
    const done = await reindex(config);
    const { collections, assets, versions } = done;
    print(
      values.json
        ? JSON.stringify(done)
        : `${collections} collections, ${assets} symbionts, ${versions} versions read from the chain`,
    );
    return 0;
  }
  const own = verb === 'doctor' ? `http://127.0.0.1:${config.port}/rpc` : clusterApiUrl('mainnet-beta');
  const url = values.cluster ?? config.rpcUrl ?? own;
  if (!/^https?:\/\//.test(url))
    throw new Error('--cluster: must be a URL starting with http:// or https://');
  const connection = new Connection(url, { commitment: 'confirmed', disableRetryOnRateLimit: true });
  if (verb === 'clone-core') {
    const out = resolve(values.out);
    const { bytes, sha256, known, authority } = await cloneCore(connection, out);
    print(`${values.out}: ${bytes} bytes, sha256 ${sha256}, upgrades by ${authority ?? 'nobody'}`);
    print(known ?? 'Not a binary known here: run the tests with it before you rely on it.');
    print('METAPLEX_CORE_SO names it for the embedded ledger and the tests.');
    return 0;
  }
  const findings = await examine({ connection, home: config.home, collectionIndex: 0 });
  const wrong = findings.filter(({ state }) => state === 'wrong').length;
  if (values.json) print(JSON.stringify({ cluster: url, sound: wrong === 0, findings }, null, 2));
  else {
    const width = Math.max(...findings.map(({ what }) => what.length));
    for (const { what, state, text } of findings) print(`${what.padEnd(width)}  ${state.padEnd(5)}  ${text}`);
    print(wrong === 0 ? 'All is in order.' : `${wrong} wrong.`);
  }
  return wrong === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) {
  try {
    process.exitCode = await chainCommand(process.argv.slice(2), console.log);
  } catch (error) {
    console.error(reason(error));
    process.exitCode = 1;
  }
}
