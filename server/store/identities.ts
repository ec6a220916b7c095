import { eq, inArray } from 'drizzle-orm';
import { identities, sessions, symbionts } from './schema.ts';
import type { Store } from './store.ts';

export type IdentityRow = typeof identities.$inferSelect;
export type SymbiontRow = typeof symbionts.$inferSelect;

/** A guest; `tokenHash` is their way in. */
export interface NewIdentity {
  tokenHash: Uint8Array;
  name: string;
  look: number;
  address: string;
  secret: Uint8Array;
}

export async function createIdentity(store: Store, given: NewIdentity): Promise<IdentityRow> {
  const { tokenHash, ...row } = given;
  return store.run((db) =>
    db.transaction(async (tx) => {
      const [identity] = await tx.insert(identities).values(row).returning();
      await tx.insert(sessions).values({ tokenHash, identity: identity.id, scope: 'guest' });
      return identity;
    }),
  );
}

export async function identitiesById(store: Store, ids: number[]): Promise<IdentityRow[]> {
  if (ids.length === 0) return [];
  return store.run((db) => db.select().from(identities).where(inArray(identities.id, ids)));
}

/** By their id. */
export async function identitiesOf(store: Store, ids: number[]): Promise<Map<number, IdentityRow>> {
  return new Map((await identitiesById(store, ids)).map((row) => [row.id, row]));
}

export async function setAppearance(
  store: Store,
  id: number,
  change: { name?: string; look?: number },
): Promise<void> {
  await store.run((db) => db.update(identities).set(change).where(eq(identities.id, id)));
}

export async function symbiontOf(store: Store, identity: number): Promise<SymbiontRow | null> {
  return store.run(
    async (db) => (await db.select().from(symbionts).where(eq(symbionts.identity, identity)))[0] ?? null,
  );
}

/** By identity. */
export async function symbiontsOf(store: Store, ids: readonly number[]): Promise<Map<number, SymbiontRow>> {
  if (ids.length === 0) return new Map();
  const rows = await store.run((db) =>
    db
      .select()
      .from(symbionts)
      .where(inArray(symbionts.identity, [...ids])),
  );
  return new Map(rows.map((row) => [row.identity, row]));
}

export type NewSymbiont = typeof symbionts.$inferInsert;
