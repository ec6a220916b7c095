import { and, desc, eq, inArray, not, or, sql } from 'drizzle-orm';
import { type Blob, keepBlobs } from './blobs.ts';
import type { Tx } from './database.ts';
import { chainAssets } from './mirror.ts';
import type { IntentRow, SignedTransaction } from './outbox.ts';
import { type BroodKind, type BroodState, broods, intents } from './schema.ts';
import type { Store } from './store.ts';

export type BroodRow = typeof broods.$inferSelect;
export type NewBrood = typeof broods.$inferInsert;
export type { BroodKind, BroodState } from './schema.ts';

/** How far each state is; what has failed is beyond all. */
export const RANK: Readonly<Record<BroodState, number>> = {
  agreed: 0,
  offered: 1,
  accepted: 2,
  drawn: 3,
  hatched: 4,
  failed: 5,
};

/** Whose work a step is: the offer is of who asked, the acceptance of who agreed, the rest the server's own. */
const stepOf = (row: BroodRow, kind: BroodKind) => {
  const [identity, asset] = kind === 'brood_accept' ? [row.b, row.assetB] : [row.a, row.assetA];
  return { identity, asset, kind, version: row.id };
};

/** A brood that both have agreed to, and its first step, together or not at all. */
export async function openBrood(store: Store, brood: NewBrood): Promise<BroodRow> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      const [row] = await tx.insert(broods).values(brood).returning();
      await tx.insert(intents).values(stepOf(row, 'brood_offer'));
      return row;
    }),
  );
}

/** @throws Error when there is none */
export async function broodAt(store: Store, id: number): Promise<BroodRow> {
  const [row] = await store.run((db) => db.select().from(broods).where(eq(broods.id, id)));
  if (!row) throw new Error(`brood ${id}: is not there`);
  return row;
}

/** Whether one of these assets is on its way to a child. */
export async function isBrooding(store: Store, assets: readonly string[]): Promise<boolean> {
  const some = [...assets];
  const rows = await store.run((db) =>
    db
      .select({ id: broods.id })
      .from(broods)
      .where(and(not(broods.over), or(inArray(broods.assetA, some), inArray(broods.assetB, some))))
      .limit(1),
  );
  return rows.length > 0;
}

/** An identity's broods of the last minutes and those that are not over, the latest first. */
export async function broodsOf(store: Store, identity: number, minutes: number): Promise<BroodRow[]> {
  return store.run((db) =>
    db
      .select()
      .from(broods)
      .where(
        and(
          or(eq(broods.a, identity), eq(broods.b, identity)),
          or(not(broods.over), sql`${broods.updated} > now() - make_interval(mins => ${minutes})`),
        ),
      )
      .orderBy(desc(broods.id))
      .limit(4),
  );
}

async function close(
  tx: Tx,
  intent: IntentRow,
  state: 'confirmed' | 'done',
  error: string | null,
  signature?: string | null,
) {
  await tx
    .update(intents)
    .set({ state, error, raw: null, ...(signature ? { signature } : {}), updated: sql`now()` })
    .where(eq(intents.id, intent.id));
}

/** What a step has made of a brood. */
export interface Step {
  state: BroodState;
  /** What follows; null: nothing. */
  next: BroodKind | null;
  child?: Pick<BroodRow, 'child' | 'genome' | 'name' | 'picture' | 'uri'> & { blobs: readonly Blob[] };
}

/**
 * The chain shows a step: the brood is further, and what follows lies in the outbox; together or not at all. Told
 * again, it changes nothing.
 */
export async function advance(
  store: Store,
  intent: IntentRow,
  signature: string | null,
  { state, next, child }: Step,
): Promise<BroodRow> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await close(tx, intent, 'confirmed', null, signature);
      const [row] = await tx.select().from(broods).where(eq(broods.id, intent.version)).for('update');
      if (RANK[row.state] >= RANK[state]) return row;
      const { blobs: documents = [], ...drawn } = child ?? {};
      await keepBlobs(tx, documents);
      const [changed] = await tx
        .update(broods)
        .set({ state, error: null, ...drawn, updated: sql`now()` })
        .where(eq(broods.id, row.id))
        .returning();
      if (next) await tx.insert(intents).values(stepOf(changed, next)).onConflictDoNothing();
      return changed;
    }),
  );
}

/** A step that cannot be: what was laid down is fetched back. */
export async function giveUp(store: Store, intent: IntentRow, why: string): Promise<BroodRow> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await close(tx, intent, 'done', why);
      const [row] = await tx.select().from(broods).where(eq(broods.id, intent.version)).for('update');
      if (row.state === 'failed' || row.over) return row;
      const [changed] = await tx
        .update(broods)
        .set({ state: 'failed', error: why, updated: sql`now()` })
        .where(eq(broods.id, row.id))
        .returning();
      await tx.insert(intents).values(stepOf(changed, 'brood_end')).onConflictDoNothing();
      return changed;
    }),
  );
}

/** Nothing is left on chain of what has failed. */
export async function showEnd(store: Store, intent: IntentRow, signature: string | null): Promise<BroodRow> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await close(tx, intent, 'confirmed', null, signature);
      const [row] = await tx.select().from(broods).where(eq(broods.id, intent.version));
      return row;
    }),
  );
}

/** It is over for good: the secrets have served. */
export async function endBrood(store: Store, id: number): Promise<void> {
  await store.run((db) =>
    db.update(broods).set({ over: true, secretA: null, secretB: null }).where(eq(broods.id, id)),
  );
}

/**
 * Keeps a step that a wallet signed, for the outbox to send.
 * @returns false when it does not wait for that
 */
export async function keepBroodStep(
  store: Store,
  brood: number,
  kind: BroodKind,
  signed: SignedTransaction,
): Promise<boolean> {
  const rows = await store.run((db) =>
    db
      .update(intents)
      .set({ ...signed, state: 'signed', error: null, updated: sql`now()` })
      .where(and(eq(intents.kind, kind), eq(intents.version, brood), eq(intents.state, 'pending')))
      .returning({ id: intents.id }),
  );
  return rows.length > 0;
}

/** The assets that this one was bred from, as far as it is final; null: it was minted. */
export async function parentsOf(store: Store, asset: string): Promise<[string, string] | null> {
  const [row] = await store.run((db) =>
    db.select({ parents: chainAssets.parents }).from(chainAssets).where(eq(chainAssets.address, asset)),
  );
  const [one, other] = row?.parents ?? [];
  return one !== undefined && other !== undefined ? [one, other] : null;
}
