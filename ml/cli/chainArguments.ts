import { Connection } from '@solana/web3.js';
import { type Arguments, UsageError } from './options.ts';

const DEFAULT_PORT = 2567;

/** The cluster that --rpc names; else SOLANA_RPC_URL; else the server on this machine. @throws UsageError */
export function connectionOf(given: Arguments): Connection {
  const url =
    given.text('rpc') ??
    (process.env.SOLANA_RPC_URL || `http://127.0.0.1:${process.env.PORT || DEFAULT_PORT}/rpc`);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`--rpc: must be a URL starting with http:// or https://, is "${url}"`);
  return new Connection(url, { commitment: 'confirmed', disableRetryOnRateLimit: true });
}

/** Names the cluster where it does not answer. @throws UsageError */
export async function requireAnswer(connection: Connection): Promise<void> {
  try {
    await connection.getSlot('confirmed');
  } catch (error) {
    throw new UsageError(
      `--rpc: ${connection.rpcEndpoint} does not answer (${error instanceof Error ? error.message.slice(0, 200) : error})`,
    );
  }
}
