import { and, asc, desc, eq, lt, lte, sql } from 'drizzle-orm';
import { NO_DEEDS } from '#shared/growth/index.ts';
import { rowsOf, type Tx } from './database.ts';
import type { SymbiontKey, SymbiontRow } from './identities.ts';
import { type Growth, proveEvolutions } from './outbox.ts';
import { epochs, identities, intents, journal, leaves, snapshots, symbionts, zones } from './schema.ts';
import type { Store } from './store.ts';

export interface JournalRow {
  tick: number;
  inputs: Uint8Array;
  /** Ids of the brains that decide from this tick on, or null where they are as before. */
  brains: string | null;
}

export interface SavedGoods {
  fruit: number;
  crystal: number;
  bankedFruit: number;
  bankedCrystal: number;
  coins: number;
}

export interface EpochRow {
  epoch: number;
  header: Uint8Array;
  hash: Uint8Array;
}

export interface SavedEpoch extends EpochRow {
  /** The transaction that published it, empty where that is not known; null: it is not published. */
  signature: string | null;
}

/** An epoch that is closed, with the evolutions that its leaves prove. */
export interface NewEpoch extends EpochRow {
  growths: Growth[];
}

/** Another symbiont walks with somebody: each goes on from its own counters. */
export interface Choice {
  identity: number;
  /** What walked before, with its counters then. */
  from: { asset: string; counters: number[] } | null;
  /** Null: nothing does now. */
  to: { symbiont: SymbiontRow; counters: number[] } | null;
}

/** What a zone's ticks up to `throughTick` have to leave behind, all or nothing. */
export interface Commit {
  zone: number;
  throughTick: number;
  journal: JournalRow[];
  /** Absolute counters by identity. */
  deeds: ReadonlyMap<number, number[]>;
  /** Goods of those who left; null for those who took theirs into the world. */
  goods: ReadonlyMap<number, SavedGoods | null>;
  /** Evolutions that these deeds have earned; each waits for an epoch that proves it. */
  evolutions: { identity: number; asset: string; version: number; counters: number[] }[];
  /** Who walks with whom from here on, oldest first; `deeds` are of those who walk at the end. */
  choices: Choice[];
  snapshots: { tick: number; bytes: Uint8Array }[];
  epochs: NewEpoch[];
  /** Journal rows and snapshots before this tick are needed no more; null keeps all. */
  pruneBefore: number | null;
  /** Leaves of epochs before this one are dropped; their headers stay. */
  leavesFrom: number;
}

const NOTHING: SavedGoods = { fruit: 0, crystal: 0, bankedFruit: 0, bankedCrystal: 0, coins: 0 };

/**
 * Writes a commit in one transaction. Doing it twice changes nothing: rows have keys, counters are absolute.
 * @returns the symbionts whose evolution is new in the outbox
 */
export async function commitZone(store: Store, commit: Commit): Promise<SymbiontKey[]> {
  const { zone } = commit;
  return store.run((db) =>
    db.transaction(async (tx) => {
      await tx.update(zones).set({ committedTick: commit.throughTick }).where(eq(zones.id, zone));
      if (commit.journal.length > 0)
        await tx
          .insert(journal)
          .values(commit.journal.map((row) => ({ zone, ...row })))
          .onConflictDoNothing();
      for (const [id, goods] of commit.goods)
        await tx
          .update(identities)
          .set({ ...(goods ?? NOTHING), seen: sql`now()` })
          .where(eq(identities.id, id));
      for (const choice of commit.choices) await choose(tx, choice);
      if (commit.deeds.size > 0) {
        const rows = [...commit.deeds].map(([id, deeds]) => ({ id, deeds }));
        await tx.execute(sql`UPDATE ${identities} SET deeds = s.deeds
          FROM ${rowsOf(rows, sql`(id int, deeds bigint[])`)} WHERE ${identities.id} = s.id`);
      }
      const evolving =
        commit.evolutions.length === 0
          ? []
          : await tx
              .insert(intents)
              .values(
                commit.evolutions.map((e) => ({ ...e, kind: 'evolve' as const, state: 'waiting' as const })),
              )
              .onConflictDoNothing()
              .returning({ identity: intents.identity, asset: intents.asset });
      for (const s of commit.snapshots)
        await tx
          .insert(snapshots)
          .values({ zone, ...s })
          .onConflictDoNothing();
      for (const { growths, ...row } of commit.epochs) {
        const { epoch } = row;
        await tx
          .insert(epochs)
          .values({ zone, ...row })
          .onConflictDoNothing();
        await tx.insert(intents).values({ zone, epoch, kind: 'epoch', version: epoch }).onConflictDoNothing();
        await proveEvolutions(tx, zone, epoch, growths);
      }
      if (commit.epochs.length > 0)
        await tx.delete(leaves).where(and(eq(leaves.zone, zone), lt(leaves.epoch, commit.leavesFrom)));
      if (commit.pruneBefore !== null) {
        await tx.delete(journal).where(and(eq(journal.zone, zone), lt(journal.tick, commit.pruneBefore)));
        await tx
          .delete(snapshots)
          .where(and(eq(snapshots.zone, zone), lt(snapshots.tick, commit.pruneBefore)));
      }
      return evolving.flatMap(({ identity, asset }) => (identity === null ? [] : { identity, asset }));
    }),
  );
}

/** Doing it twice changes nothing: what walked before has kept its counters when another came in its place. */
async function choose(tx: Tx, { identity, from, to }: Choice): Promise<void> {
  const of = eq(symbionts.identity, identity);
  if (from)
    await tx
      .update(symbionts)
      .set({ active: false, earned: from.counters })
      .where(and(of, eq(symbionts.asset, from.asset), symbionts.active));
  if (to)
    await tx
      .insert(symbionts)
      .values({ ...to.symbiont, active: true, earned: to.counters })
      .onConflictDoUpdate({ target: [symbionts.identity, symbionts.asset], set: { active: true } });
  await tx
    .update(identities)
    .set({ deeds: to?.counters ?? [...NO_DEEDS] })
    .where(eq(identities.id, identity));
}

export interface SavedZone {
  seed: number;
  committedTick: number;
  /** Rising by tick. */
  snapshots: { tick: number; bytes: Uint8Array }[];
  journal: JournalRow[];
}

/** The zone as it was last saved; makes it where there is none yet. */
export async function loadZone(
  store: Store,
  zone: { id: number; name: string; seed: number },
): Promise<SavedZone> {
  return store.run(async (db) => {
    await db.insert(zones).values(zone).onConflictDoNothing();
    const [row] = await db.select().from(zones).where(eq(zones.id, zone.id));
    const saved = await db
      .select({ tick: snapshots.tick, bytes: snapshots.bytes })
      .from(snapshots)
      .where(eq(snapshots.zone, zone.id))
      .orderBy(asc(snapshots.tick));
    const rows = await db
      .select({ tick: journal.tick, inputs: journal.inputs, brains: journal.brains })
      .from(journal)
      .where(and(eq(journal.zone, zone.id), lte(journal.tick, row.committedTick)))
      .orderBy(asc(journal.tick));
    return { seed: row.seed, committedTick: row.committedTick, snapshots: saved, journal: rows };
  });
}

export async function epochRow(
  store: Store,
  zone: number,
  epoch: number | 'latest',
): Promise<SavedEpoch | null> {
  return store.run(async (db) => {
    const which =
      epoch === 'latest' ? eq(epochs.zone, zone) : and(eq(epochs.zone, zone), eq(epochs.epoch, epoch));
    const rows = await db.select().from(epochs).where(which).orderBy(desc(epochs.epoch)).limit(1);
    return rows[0] ?? null;
  });
}

/** Bytes of one part of an epoch's leaves. */
const PART = 24 * 1024;

/** Keeps an epoch's packed leaves, part by part; to be done before its header is committed. */
export async function keepLeaves(
  store: Store,
  zone: number,
  epoch: number,
  packed: Uint8Array,
): Promise<void> {
  for (let part = 0; part * PART < packed.length; part++) {
    const bytes = packed.subarray(part * PART, (part + 1) * PART);
    await store.run((db) => db.insert(leaves).values({ zone, epoch, part, bytes }).onConflictDoNothing());
  }
}

/** The packed leaves of an epoch, or null where they are too old to be kept. */
export async function leavesOf(store: Store, zone: number, epoch: number): Promise<Uint8Array | null> {
  const parts = await store.run((db) =>
    db
      .select({ bytes: leaves.bytes })
      .from(leaves)
      .where(and(eq(leaves.zone, zone), eq(leaves.epoch, epoch)))
      .orderBy(asc(leaves.part)),
  );
  return parts.length > 0 ? new Uint8Array(Buffer.concat(parts.map((p) => p.bytes))) : null;
}
