import { and, eq, inArray, lte, not } from 'drizzle-orm';
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

/** The symbiont that walks with an identity now. */
export async function symbiontOf(store: Store, identity: number): Promise<SymbiontRow | null> {
  return (await symbiontsOf(store, [identity])).get(identity) ?? null;
}

/** Those that walk with these, by identity. */
export async function symbiontsOf(store: Store, ids: readonly number[]): Promise<Map<number, SymbiontRow>> {
  if (ids.length === 0) return new Map();
  const rows = await store.run((db) =>
    db
      .select()
      .from(symbionts)
      .where(and(symbionts.active, inArray(symbionts.identity, [...ids]))),
  );
  return new Map(rows.map((row) => [row.identity, row]));
}

/** All of an identity that have walked with it. */
export async function allSymbiontsOf(store: Store, identity: number): Promise<SymbiontRow[]> {
  return store.run((db) => db.select().from(symbionts).where(eq(symbionts.identity, identity)));
}

/** Whose symbiont, and which. */
export type SymbiontKey = Pick<SymbiontRow, 'identity' | 'asset'>;
export const keyOfSymbiont = ({ identity, asset }: SymbiontKey): string => `${identity}/${asset}`;

export function symbiontKey(key: string): SymbiontKey {
  const [identity, asset] = key.split('/');
  return { identity: Number(identity), asset };
}

/** The rows of these, by `keyOfSymbiont`, whether they walk or not. */
export async function symbiontsAt(
  store: Store,
  keys: readonly SymbiontKey[],
): Promise<Map<string, SymbiontRow>> {
  if (keys.length === 0) return new Map();
  const wanted = new Set(keys.map(keyOfSymbiont));
  const rows = await store.run((db) =>
    db
      .select()
      .from(symbionts)
      .where(inArray(symbionts.asset, [...new Set(keys.map(({ asset }) => asset))])),
  );
  return new Map(rows.map((row) => [keyOfSymbiont(row), row] as const).filter(([key]) => wanted.has(key)));
}

export async function symbiontAt(store: Store, key: SymbiontKey): Promise<SymbiontRow | null> {
  return (await symbiontsAt(store, [key])).get(keyOfSymbiont(key)) ?? null;
}

/** Everyone whom this asset walks with. */
export async function walkersOf(store: Store, asset: string): Promise<number[]> {
  const rows = await store.run((db) =>
    db
      .select({ identity: symbionts.identity })
      .from(symbionts)
      .where(and(symbionts.active, eq(symbionts.asset, asset))),
  );
  return rows.map(({ identity }) => identity);
}

export type NewSymbiont = typeof symbionts.$inferInsert;

/** Takes over what the chain shows of a symbiont that walks with nobody, where it is not older than what is known. */
export async function refreshSymbiont(store: Store, row: SymbiontRow): Promise<void> {
  const { identity, asset, stage, branch, version, deeds, picture, uri, held, consent, earned } = row;
  await store.run((db) =>
    db
      .update(symbionts)
      .set({ stage, branch, version, deeds, picture, uri, held, consent, earned })
      .where(
        and(
          eq(symbionts.identity, identity),
          eq(symbionts.asset, asset),
          not(symbionts.active),
          lte(symbionts.version, version),
        ),
      ),
  );
}
