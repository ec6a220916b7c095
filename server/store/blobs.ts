import { eq, inArray } from 'drizzle-orm';
import type { Tx } from './database.ts';
import { blobs, settings } from './schema.ts';
import type { Store } from './store.ts';

export interface Blob {
  hash: Uint8Array;
  kind: 'metadata' | 'picture';
  body: Uint8Array;
}

/** Documents in one statement. */
const PART = 200;

/** Keeps documents under their hashes, within the transaction of what refers to them. */
export async function keepBlobs(tx: Pick<Tx, 'insert'>, all: readonly Blob[]): Promise<void> {
  for (let at = 0; at < all.length; at += PART)
    await tx
      .insert(blobs)
      .values(all.slice(at, at + PART))
      .onConflictDoNothing();
}

export async function blobByHash(store: Store, hash: Uint8Array): Promise<Blob | null> {
  return store.run(async (db) => (await db.select().from(blobs).where(eq(blobs.hash, hash)))[0] ?? null);
}

/** Those of these documents that are kept. */
export async function blobsByHash(store: Store, hashes: readonly Uint8Array[]): Promise<Blob[]> {
  if (hashes.length === 0) return [];
  return store.run((db) =>
    db
      .select()
      .from(blobs)
      .where(inArray(blobs.hash, [...hashes])),
  );
}

export async function getSetting(store: Store, key: string): Promise<string | null> {
  return store.run(
    async (db) => (await db.select().from(settings).where(eq(settings.key, key)))[0]?.value ?? null,
  );
}

export async function setSetting(store: Store, key: string, value: string): Promise<void> {
  await store.run((db) =>
    db.insert(settings).values({ key, value }).onConflictDoUpdate({ target: settings.key, set: { value } }),
  );
}
