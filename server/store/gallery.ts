import { and, asc, count, desc, eq, getTableColumns, inArray, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { chainAssets, chainCollections, chainCursors, chainVersions } from './mirror.ts';
import type { Store } from './store.ts';

export type CollectionRow = typeof chainCollections.$inferSelect;
export type AssetRow = typeof chainAssets.$inferSelect;
export type VersionRow = typeof chainVersions.$inferSelect;

/** What was read of the chain, to be kept together. */
export interface Reading {
  collections: CollectionRow[];
  assets: AssetRow[];
  versions: VersionRow[];
  /** By address: the newest transaction of it that is in here. */
  cursors: Map<string, string>;
}

/** Rows in one statement. */
const PART = 200;

/** Every column but these, as the row that was to be inserted has it. */
function excluded(table: PgTable, without: readonly string[]): Record<string, SQL> {
  const columns = Object.entries(getTableColumns(table)).filter(([name]) => !without.includes(name));
  return Object.fromEntries(
    columns.map(([name, column]) => [name, sql`excluded.${sql.identifier(column.name)}`]),
  );
}

/** Keeps a reading. @param instead it takes the place of all that was kept */
export async function keepReading(store: Store, reading: Reading, instead: boolean): Promise<void> {
  const { collections, assets, versions, cursors } = reading;
  await store.run((db) =>
    db.transaction(async (tx) => {
      if (instead)
        for (const table of [chainCollections, chainAssets, chainVersions, chainCursors])
          await tx.delete(table);
      for (const rows of parts(collections))
        await tx
          .insert(chainCollections)
          .values(rows)
          .onConflictDoUpdate({
            target: chainCollections.address,
            set: excluded(chainCollections, ['address']),
          });
      for (const rows of parts(assets))
        await tx
          .insert(chainAssets)
          .values(rows)
          .onConflictDoUpdate({ target: chainAssets.address, set: excluded(chainAssets, ['address']) });
      for (const rows of parts(versions))
        await tx
          .insert(chainVersions)
          .values(rows)
          .onConflictDoUpdate({
            target: [chainVersions.asset, chainVersions.version],
            set: excluded(chainVersions, ['asset', 'version']),
            // What says less than is known says nothing.
            setWhere: sql`excluded.signature IS NOT NULL`,
          });
      for (const rows of parts([...cursors].map(([address, signature]) => ({ address, signature }))))
        await tx
          .insert(chainCursors)
          .values(rows)
          .onConflictDoUpdate({
            target: chainCursors.address,
            set: { signature: sql`excluded.signature` },
          });
    }),
  );
}

function parts<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / PART) }, (_, i) =>
    rows.slice(i * PART, (i + 1) * PART),
  );
}

export async function cursorsOf(store: Store): Promise<Map<string, string>> {
  const rows = await store.run((db) => db.select().from(chainCursors));
  return new Map(rows.map(({ address, signature }) => [address, signature]));
}

/** Collections, the one with the most symbionts first. */
export async function allCollections(store: Store): Promise<CollectionRow[]> {
  return store.run((db) =>
    db.select().from(chainCollections).orderBy(desc(chainCollections.minted), asc(chainCollections.address)),
  );
}

export async function collectionAt(store: Store, address: string): Promise<CollectionRow | null> {
  const [row] = await store.run((db) =>
    db.select().from(chainCollections).where(eq(chainCollections.address, address)),
  );
  return row ?? null;
}

export async function assetsAt(store: Store, addresses: readonly string[]): Promise<AssetRow[]> {
  const found: AssetRow[] = [];
  for (const some of parts(addresses))
    found.push(
      ...(await store.run((db) => db.select().from(chainAssets).where(inArray(chainAssets.address, some)))),
    );
  return found;
}

/** What an address owns, the furthest grown first. */
export async function assetsOwnedBy(store: Store, owner: string, limit: number): Promise<AssetRow[]> {
  return (await searchAssets(store, { owner, order: 'grown', page: 1, limit })).rows;
}

export interface Search {
  owner?: string;
  collection?: string;
  /** `grown`: the furthest, then the latest changed, first. Others by the slot of the first or last version. */
  order: 'address' | 'created' | 'updated' | 'grown';
  descending?: boolean;
  /** From 1. */
  page: number;
  limit: number;
}

/** Symbionts that are not burnt, a page of them, and how many there are. */
export async function searchAssets(
  store: Store,
  search: Search,
): Promise<{ total: number; rows: AssetRow[] }> {
  const { owner, collection, page, limit } = search;
  const which = and(
    isNotNull(chainAssets.owner),
    owner === undefined ? undefined : eq(chainAssets.owner, owner),
    collection === undefined ? undefined : eq(chainAssets.collection, collection),
  );
  const slot = (which: SQL): SQL =>
    sql`(SELECT ${which} FROM chain_versions v WHERE v.asset = ${chainAssets.address})`;
  const [created, updated] = [slot(sql`min(v.slot)`), slot(sql`max(v.slot)`)];
  const way = search.descending ? sql`DESC NULLS LAST` : sql`ASC NULLS FIRST`;
  const order = {
    address: [sql`${chainAssets.address} ${way}`],
    created: [sql`${created} ${way}`, asc(chainAssets.address)],
    updated: [sql`${updated} ${way}`, asc(chainAssets.address)],
    grown: [desc(chainAssets.stage), sql`${updated} DESC NULLS LAST`, asc(chainAssets.address)],
  }[search.order];
  return store.run(async (db) => {
    const [{ total }] = await db.select({ total: count() }).from(chainAssets).where(which);
    const rows = await db
      .select()
      .from(chainAssets)
      .where(which)
      .orderBy(...order)
      .limit(limit)
      .offset((page - 1) * limit);
    return { total, rows };
  });
}

/** How many symbionts of a collection are not burnt. */
export async function countAssets(store: Store, collection: string): Promise<number> {
  return store.run((db) =>
    db.$count(chainAssets, and(isNotNull(chainAssets.owner), eq(chainAssets.collection, collection))),
  );
}

/** The versions of these, oldest first, by asset. */
export async function versionsOf(
  store: Store,
  assets: readonly string[],
): Promise<Map<string, VersionRow[]>> {
  const found = new Map<string, VersionRow[]>(assets.map((asset) => [asset, []]));
  for (const some of parts(assets)) {
    const rows = await store.run((db) =>
      db
        .select()
        .from(chainVersions)
        .where(inArray(chainVersions.asset, some))
        .orderBy(asc(chainVersions.version)),
    );
    for (const row of rows) found.get(row.asset)?.push(row);
  }
  return found;
}

/** Parents and theirs, `generations` back, the nearest first; each once. */
export async function ancestorsOf(store: Store, row: AssetRow, generations: number): Promise<AssetRow[]> {
  const found = new Map<string, AssetRow>();
  let wanted = row.parents ?? [];
  for (let i = 0; i < generations && wanted.length > 0; i++) {
    const rows = await assetsAt(store, [...new Set(wanted)]);
    const fresh = rows.filter(({ address }) => !found.has(address));
    const place = new Map(wanted.map((address, at) => [address, at]));
    fresh.sort((a, b) => (place.get(a.address) ?? 0) - (place.get(b.address) ?? 0));
    for (const one of fresh) found.set(one.address, one);
    wanted = fresh.flatMap(({ parents }) => parents ?? []);
  }
  return [...found.values()];
}

/** The first children of one, oldest first, and how many it has. */
export async function childrenOf(
  store: Store,
  asset: string,
  limit: number,
): Promise<{ total: number; rows: AssetRow[] }> {
  const which = sql`${chainAssets.parents} @> ARRAY[${asset}]::text[]`;
  const born = sql`(SELECT min(v.slot) FROM chain_versions v WHERE v.asset = ${chainAssets.address})`;
  return store.run(async (db) => {
    const total = await db.$count(chainAssets, which);
    const rows = await db
      .select()
      .from(chainAssets)
      .where(which)
      .orderBy(sql`${born} ASC NULLS FIRST`, asc(chainAssets.address))
      .limit(limit);
    return { total, rows };
  });
}
