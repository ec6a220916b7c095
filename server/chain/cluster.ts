import type { Connection } from '@solana/web3.js';

const GENESES: Record<string, string> = {
  '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKUnQC6Nbm64': 'mainnet',
  EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG: 'devnet',
  '4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY': 'testnet',
};
const known = new WeakMap<Connection, string>();

/**
 * The cluster's name as sign-ins give it, told by its first block: mainnet, devnet, testnet or localnet.
 * @throws Error when a cluster cannot be reached
 */
export async function clusterName(connection: Connection, embedded: boolean): Promise<string> {
  if (embedded) return 'localnet';
  const name = known.get(connection) ?? GENESES[await connection.getGenesisHash()] ?? 'localnet';
  known.set(connection, name);
  return name;
}
