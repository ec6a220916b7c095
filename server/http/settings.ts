import { type HttpApi, PROTOCOL } from '#shared/protocol/index.ts';
import { BRAINS_ID } from '../../programs/client/brains.ts';
import { CHRONICLE_ID } from '../../programs/client/chronicle.ts';
import { EVOLUTION_ID, MPL_CORE_ID } from '../../programs/client/index.ts';
import type { Chain } from '../chain/chain.ts';
import type { Config } from '../config.ts';

export interface SettingsSource {
  config: Pick<Config, 'rpcUrl' | 'rpcWsUrl'>;
  chain: Chain;
  zone: string;
  map: string;
}

/** What a page has to know of this server, and by what addresses anyone finds what it does on chain. */
export function settings({ config, chain, zone, map }: SettingsSource): HttpApi['GET /api/config'] {
  const { rpcUrl, rpcWsUrl } = config;
  const { embedded, keys } = chain.options;
  return {
    version: PROTOCOL.version,
    zone,
    map,
    rpc: rpcUrl ?? '/rpc',
    ws: rpcUrl ? (rpcWsUrl ?? rpcUrl.replace(/^http/, 'ws')) : '/rpc',
    embedded,
    programs: {
      evolution: EVOLUTION_ID.toBase58(),
      core: MPL_CORE_ID.toBase58(),
      chronicle: CHRONICLE_ID.toBase58(),
      brains: BRAINS_ID.toBase58(),
    },
    collection: chain.ready ? chain.collection.toBase58() : null,
    zoneAccount: chain.zone.toBase58(),
    zoneKey: keys.zone.publicKey.toBase58(),
    brainAuthor: keys.authority.publicKey.toBase58(),
  };
}
