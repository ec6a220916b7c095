import { and, eq, inArray } from 'drizzle-orm';
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

/** Writes changes of several memories at once: new ones get their `id`. */
export async function writeMemories(
  store: Store,
  { written, dropped }: { written: readonly MemoryRow[]; dropped: readonly number[] },
): Promise<void> {
  const ids = await store.run((db) =>
    db.transaction(async (tx) => {
      if (dropped.length > 0) await tx.delete(memories).where(inArray(memories.id, [...dropped]));
      const made: number[] = [];
      for (const row of written) {
        const { id, ...values } = row;
        if (id > 0) {
          const { tone, times, tick, embedding, model } = values;
          await tx.update(memories).set({ tone, times, tick, embedding, model }).where(eq(memories.id, id));
          made.push(id);
        } else {
          const [{ id: given }] = await tx.insert(memories).values(values).returning({ id: memories.id });
          made.push(given);
        }
      }
      return made;
    }),
  );
  written.forEach((row, i) => {
    row.id = ids[i];
  });
}
