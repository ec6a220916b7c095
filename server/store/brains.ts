import { and, asc, desc, eq, gt, isNotNull, lte, notInArray, sql } from 'drizzle-orm';
import type { Json } from '#shared/brain/file.ts';
import { EPOCH_TICKS } from '#shared/proof/epoch.ts';
import { brains, brainTerms, zones } from './schema.ts';
import type { Store } from './store.ts';

export type TermRow = typeof brainTerms.$inferSelect;
export type BrainRow = typeof brains.$inferSelect;

/** A brain and from when on it decides for its role. */
export interface NewTerm {
  zone: number;
  role: string;
  since: number;
  why: TermRow['why'];
  tale: string | null;
  brain: { id: string; file: Uint8Array; parent: string | null; scores: Json };
}

/** Terms of a role that are remembered; brains that none of them names are let go. */
const MOST_TERMS = 200;

/** The epoch that a zone lives in, as far as it is saved; makes the zone where there is none yet. */
export async function epochOf(
  store: Store,
  zone: { id: number; name: string; seed: number },
): Promise<number> {
  return store.run(async (db) => {
    await db.insert(zones).values(zone).onConflictDoNothing();
    const [row] = await db.select().from(zones).where(eq(zones.id, zone.id));
    return Math.floor((row.committedTick + 1) / EPOCH_TICKS);
  });
}

/** The same of a zone that may not have been made yet: null. */
export async function savedEpoch(store: Store, zone: number): Promise<number | null> {
  const [row] = await store.run((db) => db.select().from(zones).where(eq(zones.id, zone)));
  return row ? Math.floor((row.committedTick + 1) / EPOCH_TICKS) : null;
}

/** Rising by role and since. */
export async function termsOf(store: Store, zone: number): Promise<TermRow[]> {
  return store.run((db) =>
    db
      .select()
      .from(brainTerms)
      .where(eq(brainTerms.zone, zone))
      .orderBy(asc(brainTerms.role), asc(brainTerms.since)),
  );
}

/**
 * Writes a term and its brain, all or nothing; it takes the place of one that begins at the same time.
 * @param alone whether terms of the role that have not begun are called off
 */
export async function addTerm(store: Store, term: NewTerm, alone: boolean): Promise<void> {
  const { brain, ...rest } = term;
  const { zone, role, since } = rest;
  await store.run((db) =>
    db.transaction(async (tx) => {
      await tx
        .insert(brains)
        .values({ ...brain, role })
        .onConflictDoNothing();
      const row = { ...rest, brain: brain.id };
      if (alone)
        await tx
          .delete(brainTerms)
          .where(and(eq(brainTerms.zone, zone), eq(brainTerms.role, role), gt(brainTerms.since, since)));
      await tx
        .insert(brainTerms)
        .values(row)
        .onConflictDoUpdate({
          target: [brainTerms.zone, brainTerms.role, brainTerms.since],
          set: { ...row, created: sql`now()` },
        });
      const kept = await tx
        .select({ since: brainTerms.since })
        .from(brainTerms)
        .where(and(eq(brainTerms.zone, zone), eq(brainTerms.role, role)))
        .orderBy(desc(brainTerms.since))
        .limit(1)
        .offset(MOST_TERMS);
      if (kept.length === 0) return;
      await tx
        .delete(brainTerms)
        .where(
          and(eq(brainTerms.zone, zone), eq(brainTerms.role, role), lte(brainTerms.since, kept[0].since)),
        );
      await tx
        .delete(brains)
        .where(
          and(
            eq(brains.role, role),
            notInArray(brains.id, tx.select({ id: brainTerms.brain }).from(brainTerms)),
          ),
        );
    }),
  );
}

export async function brainById(store: Store, id: string): Promise<BrainRow | null> {
  return store.run(async (db) => (await db.select().from(brains).where(eq(brains.id, id)))[0] ?? null);
}

/** What is told of terms that have begun, the newest first. */
export async function talesOf(store: Store, zone: number, epoch: number, most: number): Promise<TermRow[]> {
  return store.run((db) =>
    db
      .select()
      .from(brainTerms)
      .where(and(eq(brainTerms.zone, zone), lte(brainTerms.since, epoch), isNotNull(brainTerms.tale)))
      .orderBy(desc(brainTerms.since), asc(brainTerms.role))
      .limit(most),
  );
}
