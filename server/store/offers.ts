import { inArray, lt, sql } from 'drizzle-orm';
import { type Blob, keepBlobs } from './blobs.ts';
import { blobs, mintOffers } from './schema.ts';
import type { Store } from './store.ts';

export type OfferRow = typeof mintOffers.$inferSelect;

/** Keeps an offer with its documents. */
export async function keepOffer(
  store: Store,
  offer: Pick<OfferRow, 'asset' | 'picture' | 'metadata'>,
  documents: readonly Blob[],
): Promise<void> {
  await store.run((db) =>
    db.transaction(async (tx) => {
      await keepBlobs(tx, documents);
      await tx.insert(mintOffers).values(offer);
    }),
  );
}

/** Offers older than this. */
export async function oldOffers(store: Store, minutes: number, limit: number): Promise<OfferRow[]> {
  return store.run((db) =>
    db
      .select()
      .from(mintOffers)
      .where(lt(mintOffers.created, sql`now() - make_interval(mins => ${minutes})`))
      .limit(limit),
  );
}

/** Ends offers: what was taken keeps its documents, what was not loses them. */
export async function endOffers(
  store: Store,
  taken: readonly OfferRow[],
  left: readonly OfferRow[],
): Promise<void> {
  const ended = [...taken, ...left].map(({ asset }) => asset);
  if (ended.length === 0) return;
  await store.run((db) =>
    db.transaction(async (tx) => {
      const documents = left.flatMap(({ picture, metadata }) => [picture, metadata]);
      if (documents.length > 0) await tx.delete(blobs).where(inArray(blobs.hash, documents));
      await tx.delete(mintOffers).where(inArray(mintOffers.asset, ended));
    }),
  );
}
