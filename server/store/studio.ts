import { and, asc, desc, eq, getTableColumns, inArray, max, ne, or, sql } from 'drizzle-orm';
import type { StudioDraft, StudioState } from '#shared/protocol/studio.ts';
import { type Blob, keepBlobs } from './blobs.ts';
import type { Tx } from './database.ts';
import { chainCollections } from './mirror.ts';
import { artModels, artOwners, studioCollections } from './schema.ts';
import type { Store } from './store.ts';

export type OwnedModel = typeof artOwners.$inferSelect;
export type StudioRow = typeof studioCollections.$inferSelect;

/** What keeps two of a creator's wishes, or two of one name, from being decided at once. */
const LOCK = 0x73747564;
/** A draft that nothing came of keeps its name for so long. */
const NAME_HOURS = 24;

const locked = (tx: Tx) => tx.execute(sql`SELECT pg_advisory_xact_lock(${LOCK})`);

/** Keeps a model for its owner. @returns what is in the way, with nothing changed; null: it is kept */
export async function keepModel(
  store: Store,
  owned: Omit<OwnedModel, 'created'>,
  file: Uint8Array,
  most: { models: number; bytes: number },
): Promise<'models' | 'bytes' | null> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await locked(tx);
      const mine = await tx.select().from(artOwners).where(eq(artOwners.owner, owned.owner));
      if (mine.some(({ model }) => model === owned.model)) return null;
      if (mine.length >= most.models) return 'models';
      if (mine.reduce((sum, one) => sum + one.bytes, owned.bytes) > most.bytes) return 'bytes';
      await tx.insert(artModels).values({ id: owned.model, file }).onConflictDoNothing();
      await tx.insert(artOwners).values(owned);
      return null;
    }),
  );
}

export async function modelFile(store: Store, id: string): Promise<Uint8Array | null> {
  return store.run(
    async (db) => (await db.select().from(artModels).where(eq(artModels.id, id)))[0]?.file ?? null,
  );
}

export async function modelsOf(store: Store, owner: string): Promise<OwnedModel[]> {
  return store.run((db) =>
    db
      .select()
      .from(artOwners)
      .where(eq(artOwners.owner, owner))
      .orderBy(desc(artOwners.created), asc(artOwners.model)),
  );
}

/** Those of these models that are kept here. */
export async function keptModels(store: Store, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await store.run((db) =>
    db
      .select({ id: artModels.id })
      .from(artModels)
      .where(inArray(artModels.id, [...ids])),
  );
  return new Set(rows.map(({ id }) => id));
}

/** Lets go of a model that no draft of the owner's and no collection on chain names. @returns false where one does */
export async function dropModel(store: Store, owner: string, model: string): Promise<boolean> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await locked(tx);
      const draft = sql`${studioCollections.draft} ->> 'model' = ${model}`;
      const named =
        (await tx.$count(studioCollections, draft)) +
        (await tx.$count(chainCollections, eq(chainCollections.model, model)));
      if (named > 0) return false;
      await tx.delete(artOwners).where(and(eq(artOwners.owner, owner), eq(artOwners.model, model)));
      if ((await tx.$count(artOwners, eq(artOwners.model, model))) === 0)
        await tx.delete(artModels).where(eq(artModels.id, model));
      return true;
    }),
  );
}

/** What names have in common that people would not tell apart. */
export const nameKey = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim();

/** Whether a collection on chain, or one that another is just making, bears this name. */
async function isTaken(tx: Tx, name: string, address: string | null): Promise<boolean> {
  const key = nameKey(name);
  const other = address === null ? undefined : ne(studioCollections.address, address);
  const young = sql`${studioCollections.updated} > now() - make_interval(hours => ${NAME_HOURS})`;
  const held = or(ne(studioCollections.state, 'draft'), young);
  if ((await tx.$count(studioCollections, and(eq(studioCollections.nameKey, key), held, other))) > 0)
    return true;
  const rows = await tx
    .select({ name: chainCollections.name, address: chainCollections.address })
    .from(chainCollections);
  return rows.some((row) => row.address !== address && nameKey(row.name) === key);
}

export interface NewCollection {
  creator: string;
  draft: StudioDraft;
  uri: string;
  /** Of its metadata. */
  blobs: readonly Blob[];
}

/** The index under which the creator's next collection is to be made, as far as this server knows. */
export async function nextIndex(store: Store, creator: string): Promise<number> {
  const [row] = await store.run((db) =>
    db
      .select({ last: max(studioCollections.index) })
      .from(studioCollections)
      .where(eq(studioCollections.creator, creator)),
  );
  return (row.last ?? -1) + 1;
}

/** Keeps a draft with its documents. @returns what is in the way, with nothing changed */
export async function keepDraft(
  store: Store,
  { creator, draft, uri, blobs }: NewCollection,
  at: { index: number; address: string },
  most: number,
): Promise<StudioRow | 'name' | 'collections' | 'index'> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await locked(tx);
      if (await isTaken(tx, draft.name, null)) return 'name';
      const mine = eq(studioCollections.creator, creator);
      if ((await tx.$count(studioCollections, mine)) >= most) return 'collections';
      await keepBlobs(tx, blobs);
      const [row] = await tx
        .insert(studioCollections)
        .values({ ...at, creator, nameKey: nameKey(draft.name), draft, uri })
        .onConflictDoNothing()
        .returning();
      return row ?? 'index';
    }),
  );
}

/** Changes a draft while the chain holds nothing of it. @returns what is in the way, with nothing changed */
export async function changeDraft(
  store: Store,
  address: string,
  { draft, uri, blobs }: NewCollection,
): Promise<StudioRow | 'name' | 'state'> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await locked(tx);
      if (await isTaken(tx, draft.name, address)) return 'name';
      await keepBlobs(tx, blobs);
      const [row] = await tx
        .update(studioCollections)
        .set({ draft, uri, nameKey: nameKey(draft.name), error: null, updated: sql`now()` })
        .where(and(eq(studioCollections.address, address), eq(studioCollections.state, 'draft')))
        .returning();
      return row ?? 'state';
    }),
  );
}

/** @returns whether it was a draft */
export async function dropDraft(store: Store, address: string): Promise<boolean> {
  const rows = await store.run((db) =>
    db
      .delete(studioCollections)
      .where(and(eq(studioCollections.address, address), eq(studioCollections.state, 'draft')))
      .returning({ address: studioCollections.address }),
  );
  return rows.length > 0;
}

/** Takes over what became of a collection. */
export async function setStudioState(
  store: Store,
  address: string,
  change: { state?: StudioState; signature?: string | null; error?: string | null },
): Promise<StudioRow | null> {
  const [row] = await store.run((db) =>
    db
      .update(studioCollections)
      .set({ ...change, updated: sql`now()` })
      .where(eq(studioCollections.address, address))
      .returning(),
  );
  return row ?? null;
}

export async function studioCollection(store: Store, address: string): Promise<StudioRow | null> {
  const [row] = await store.run((db) =>
    db.select().from(studioCollections).where(eq(studioCollections.address, address)),
  );
  return row ?? null;
}

/** A creator's collections, and those that were handed over to them, the newest first. */
export async function studioCollectionsOf(store: Store, creator: string): Promise<StudioRow[]> {
  const rows = await store.run((db) =>
    db
      .select(getTableColumns(studioCollections))
      .from(studioCollections)
      .leftJoin(chainCollections, eq(chainCollections.address, studioCollections.address))
      .where(or(eq(studioCollections.creator, creator), eq(chainCollections.authority, creator)))
      .orderBy(desc(studioCollections.created), desc(studioCollections.index)),
  );
  return rows;
}

/** Collections whose art is not registered: nobody but their creators is shown them. */
export async function unfinishedCollections(store: Store): Promise<Set<string>> {
  const rows = await store.run((db) =>
    db
      .select({ address: studioCollections.address })
      .from(studioCollections)
      .where(ne(studioCollections.state, 'registered')),
  );
  return new Set(rows.map(({ address }) => address));
}
