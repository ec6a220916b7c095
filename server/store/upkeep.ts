import { sql } from 'drizzle-orm';
import { type Log, reason } from '../log.ts';
import type { Store } from './store.ts';

/** Often enough that what a few minutes of journal left behind stays small, and is quickly swept. */
const EVERY_MS = 5 * 60_000;

/** Gives the space of deleted rows back for use. A Postgres server does so by itself; the embedded one does not. */
export async function sweep(store: Store): Promise<void> {
  await store.run((db) =>
    db.execute(sql`VACUUM journal, snapshots, leaves, zones, identities, intents, epochs, plays, play_roots,
      chain_assets, chain_versions, chain_collections, mint_offers, symbionts`),
  );
}

/** Sweeps every few minutes. @returns what ends that */
export function keepSwept(store: Store, log: Log): () => void {
  const timer = setInterval(() => {
    sweep(store).catch((error) => log(`sweep: ${reason(error)}`));
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
