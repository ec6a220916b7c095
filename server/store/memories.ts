import { and, eq, inArray, sql } from 'drizzle-orm';
import { memories } from './schema.ts';
import type { Store } from './store.ts';

/** A remembered meaning of a player's words to an NPC. `id` is 0 before it was written. */
export type MemoryRow = typeof memories.$inferSelect;

export async function memoriesOfPair(
  store: Store,
  zone: number,
  npc: number,
  identity: number,
): Promise<MemoryRow[]> {
  return store.run((db) =>
    db
      .select()
      .from(memories)
      .where(and(eq(memories.zone, zone), eq(memories.npc, npc), eq(memories.identity, identity)))
      .orderBy(memories.id),
  );
}

/** Everything that NPCs remember of one player. */
export async function memoriesOf(store: Store, identity: number): Promise<MemoryRow[]> {
  return store.run((db) =>
    db.select().from(memories).where(eq(memories.identity, identity)).orderBy(memories.id),
  );
}

export async function deleteMemories(store: Store, identity: number): Promise<number> {
  const gone = await store.run((db) =>
    db.delete(memories).where(eq(memories.identity, identity)).returning({ id: memories.id }),
  );
  return gone.length;
}

/**
 * Writes changes of several memories at once, in a few statements: new ones get their `id`; of those that have one,
 * `times` and `tick` are written.
 */
export async function writeMemories(
  store: Store,
  { written, dropped }: { written: readonly MemoryRow[]; dropped: readonly number[] },
): Promise<void> {
  const fresh = written.filter((row) => row.id === 0);
  const known = written.filter((row) => row.id > 0);
  const ids = await store.run((db) =>
    db.transaction(async (tx) => {
      if (dropped.length > 0) await tx.delete(memories).where(inArray(memories.id, [...dropped]));
      if (known.length > 0) {
        const rows = known.map((r) => sql`(${r.id}::bigint, ${r.times}::integer, ${r.tick}::bigint)`);
        await tx.execute(
          sql`UPDATE memories SET times = v.times, tick = v.tick FROM (VALUES ${sql.join(rows, sql`, `)}) AS v (id, times, tick) WHERE memories.id = v.id`,
        );
      }
      if (fresh.length === 0) return [];
      const values = fresh.map(({ id: _, ...row }) => row);
      return tx.insert(memories).values(values).returning({ id: memories.id });
    }),
  );
  fresh.forEach((row, i) => {
    row.id = ids[i].id;
  });
}
