import { and, asc, eq, getTableColumns, gt, lt, sql } from 'drizzle-orm';
import type { Tx } from './database.ts';
import { identities, playRoots, plays } from './schema.ts';
import type { Store } from './store.ts';

export type PlayRow = Omit<typeof plays.$inferSelect, 'created'>;
export type PlayRoot = Pick<typeof playRoots.$inferSelect, 'epoch' | 'root' | 'parts'>;

/** The root over an epoch's part hashes in their order. */
export type RootOf = (hashes: readonly Uint8Array[]) => Uint8Array;

async function reroot(tx: Tx, zone: number, epoch: number, rootOf: RootOf): Promise<void> {
  const rows = await tx
    .select({ hash: plays.hash })
    .from(plays)
    .where(and(eq(plays.zone, zone), eq(plays.epoch, epoch)))
    .orderBy(asc(plays.who));
  if (rows.length === 0) {
    await tx.delete(playRoots).where(and(eq(playRoots.zone, zone), eq(playRoots.epoch, epoch)));
    return;
  }
  const root = rootOf(rows.map((row) => row.hash));
  await tx
    .insert(playRoots)
    .values({ zone, epoch, parts: rows.length, root })
    .onConflictDoUpdate({
      target: [playRoots.zone, playRoots.epoch],
      set: { parts: rows.length, root },
    });
}

/** Keeps an epoch's parts and its root. A part that is there already is replaced: the epoch was lived through again. */
export async function keepPlays(store: Store, rows: readonly PlayRow[], rootOf: RootOf): Promise<void> {
  if (rows.length === 0) return;
  await store.run((db) =>
    db.transaction(async (tx) => {
      for (const row of rows)
        await tx
          .insert(plays)
          .values(row)
          .onConflictDoUpdate({ target: [plays.zone, plays.epoch, plays.who], set: row });
      const epochs = new Set(rows.map((row) => row.epoch));
      for (const epoch of epochs) await reroot(tx, rows[0].zone, epoch, rootOf);
    }),
  );
}

/** Drops whole epochs, the oldest first, until what is left is younger than `hours` and takes at most `bytes`. */
export async function prunePlays(
  store: Store,
  zone: number,
  most: { hours: number; bytes: number },
): Promise<void> {
  await store.run((db) =>
    db.transaction(async (tx) => {
      const kept = await tx.execute<{ epoch: string | number }>(sql`
        SELECT coalesce(max(epoch), -1) AS epoch FROM (
          SELECT epoch, sum(size) OVER (ORDER BY epoch DESC) AS held, young FROM (
            SELECT epoch, sum(octet_length(bytes)) AS size,
              bool_or(created > now() - make_interval(hours => ${most.hours})) AS young
            FROM plays WHERE zone = ${zone} GROUP BY epoch) AS sizes) AS running
        WHERE held > ${most.bytes} OR NOT young`);
      const through = Number(kept[0].epoch);
      if (through < 0) return;
      await tx.delete(plays).where(and(eq(plays.zone, zone), lt(plays.epoch, through + 1)));
      await tx.delete(playRoots).where(and(eq(playRoots.zone, zone), lt(playRoots.epoch, through + 1)));
    }),
  );
}

/** The roots of all epochs that hold something, rising. */
export async function playRootsOf(store: Store, zone: number): Promise<PlayRoot[]> {
  return store.run((db) =>
    db.select().from(playRoots).where(eq(playRoots.zone, zone)).orderBy(asc(playRoots.epoch)),
  );
}

/** An epoch's parts in the order of `who`. */
export async function playsOfEpoch(store: Store, zone: number, epoch: number): Promise<PlayRow[]> {
  const { created: _, ...columns } = getTableColumns(plays);
  return store.run((db) =>
    db
      .select(columns)
      .from(plays)
      .where(and(eq(plays.zone, zone), eq(plays.epoch, epoch)))
      .orderBy(asc(plays.who)),
  );
}

/** The epochs in which somebody has a part, rising. */
export async function playsEpochsOf(store: Store, zone: number, who: Uint8Array): Promise<number[]> {
  const rows = await store.run((db) =>
    db
      .select({ epoch: plays.epoch })
      .from(plays)
      .where(and(eq(plays.zone, zone), eq(plays.who, who)))
      .orderBy(asc(plays.epoch)),
  );
  return rows.map((row) => row.epoch);
}

export async function playOf(
  store: Store,
  zone: number,
  epoch: number,
  who: Uint8Array,
): Promise<PlayRow | null> {
  const here = and(eq(plays.zone, zone), eq(plays.epoch, epoch), eq(plays.who, who));
  return store.run(async (db) => (await db.select().from(plays).where(here))[0] ?? null);
}

/** How much there is of everybody, or of one, after an epoch. */
export async function countPlays(
  store: Store,
  who?: Uint8Array,
  after = -1,
): Promise<{ epochs: number; own: number; others: number; bytes: number; first: number; last: number }> {
  const rows = await store.run((db) =>
    db
      .select({
        epochs: sql<string>`count(DISTINCT epoch)`,
        own: sql<string>`coalesce(sum(own), 0)`,
        others: sql<string>`coalesce(sum(others), 0)`,
        bytes: sql<string>`coalesce(sum(octet_length(bytes)), 0)`,
        first: sql<string>`coalesce(min(epoch), -1)`,
        last: sql<string>`coalesce(max(epoch), -1)`,
      })
      .from(plays)
      .where(and(gt(plays.epoch, after), who ? eq(plays.who, who) : undefined)),
  );
  const [{ epochs, own, others, bytes, first, last }] = rows;
  return {
    epochs: Number(epochs),
    own: Number(own),
    others: Number(others),
    bytes: Number(bytes),
    first: Number(first),
    last: Number(last),
  };
}

/** Deletes all of one pseudonym and roots the epochs anew. @returns how many parts there were */
export async function deletePlays(store: Store, who: Uint8Array, rootOf: RootOf): Promise<number> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      const gone = await tx
        .delete(plays)
        .where(eq(plays.who, who))
        .returning({ zone: plays.zone, epoch: plays.epoch });
      for (const { zone, epoch } of gone) await reroot(tx, zone, epoch, rootOf);
      return gone.length;
    }),
  );
}

/** Refused parts are of no use to anybody. */
export async function dropPlays(
  store: Store,
  bad: readonly Pick<PlayRow, 'zone' | 'epoch' | 'who'>[],
  rootOf: RootOf,
): Promise<void> {
  if (bad.length === 0) return;
  await store.run((db) =>
    db.transaction(async (tx) => {
      for (const { zone, epoch, who } of bad) {
        await tx.delete(plays).where(and(eq(plays.zone, zone), eq(plays.epoch, epoch), eq(plays.who, who)));
        await reroot(tx, zone, epoch, rootOf);
      }
    }),
  );
}

export async function setLearning(store: Store, identity: number, learning: boolean): Promise<void> {
  await store.run((db) => db.update(identities).set({ learning }).where(eq(identities.id, identity)));
}
