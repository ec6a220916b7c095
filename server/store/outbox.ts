import { and, asc, desc, eq, getTableColumns, inArray, isNotNull, notInArray, or, sql } from 'drizzle-orm';
import { type Blob, keepBlobs } from './blobs.ts';
import { rowsOf, type Tx } from './database.ts';
import type { NewSymbiont, SymbiontKey, SymbiontRow } from './identities.ts';
import { chainVersions } from './mirror.ts';
import {
  BROOD_KINDS,
  broods,
  epochs,
  identities,
  intents,
  type Plan,
  type Proof,
  symbionts,
} from './schema.ts';
import type { Store } from './store.ts';

const { raw: _, ...COLUMNS } = getTableColumns(intents);
/** An intent without its transaction's bytes, which nobody needs but who sends them. */
export type IntentRow = Omit<typeof intents.$inferSelect, 'raw'>;
export type { Plan, Proof } from './schema.ts';

/** What the chain has still to do. */
const OPEN = ['pending', 'signed', 'sent'] as const;
/** What a player still waits for. */
const AHEAD = ['waiting', ...OPEN] as const;

/** Whose intent it is. @throws Error where it is nobody's */
export function personOf(intent: Pick<IntentRow, 'id' | 'identity'>): number {
  if (intent.identity === null) throw new Error(`intent ${intent.id}: is nobody's`);
  return intent.identity;
}

/** What of an identity waits in the outbox for its own symbionts, broods left out. */
export async function openIntents(store: Store, identity: number): Promise<IntentRow[]> {
  return store.run((db) =>
    db
      .select(COLUMNS)
      .from(intents)
      .where(
        and(
          eq(intents.identity, identity),
          inArray(intents.state, [...AHEAD]),
          notInArray(intents.kind, [...BROOD_KINDS]),
        ),
      )
      .orderBy(asc(intents.id)),
  );
}

/** Whether an evolution of this symbiont waits for its proof or lies in the outbox. */
export async function isEvolving(store: Store, { identity, asset }: SymbiontKey): Promise<boolean> {
  return (await openIntents(store, identity)).some((i) => i.kind === 'evolve' && i.asset === asset);
}

/** Everyone whose companion is about to evolve, as its owner lets it. */
export async function evolvingIdentities(store: Store): Promise<number[]> {
  const rows = await store.run((db) =>
    db
      .select({ identity: intents.identity })
      .from(intents)
      .innerJoin(symbionts, and(eq(symbionts.identity, intents.identity), eq(symbionts.asset, intents.asset)))
      .where(
        and(
          eq(intents.kind, 'evolve'),
          inArray(intents.state, [...AHEAD]),
          symbionts.consent,
          symbionts.active,
        ),
      ),
  );
  return rows.flatMap(({ identity }) => identity ?? []);
}

const isPublished = sql`EXISTS (SELECT FROM ${epochs} e WHERE e.zone = ${intents.zone}
  AND e.epoch = ${intents.epoch} AND e.signature IS NOT NULL)`;
const isNextEpoch = sql`${intents.epoch} = (SELECT min(i.epoch) FROM ${intents} i
  WHERE i.kind = 'epoch' AND i.state IN ('pending', 'signed', 'sent'))`;

const isUnburdened = sql`NOT EXISTS (SELECT FROM ${intents} i WHERE i.identity = ${intents.identity}
  AND i.asset = ${intents.asset} AND i.kind IN ('mint', 'evolve') AND i.state IN ('pending', 'signed', 'sent'))
  AND NOT EXISTS (SELECT FROM ${broods} WHERE NOT over AND state <> 'failed'
    AND ${intents.asset} IN (asset_a, asset_b))`;

/** How much is signed and not shown yet. */
export async function countSigned(store: Store): Promise<number> {
  return store.run((db) => db.$count(intents, inArray(intents.state, ['signed', 'sent'])));
}

/** The bytes of signed transactions, by intent. */
export async function rawOf(store: Store, ids: readonly number[]): Promise<Map<number, Uint8Array>> {
  if (ids.length === 0) return new Map();
  const rows = await store.run((db) =>
    db
      .select({ id: intents.id, raw: intents.raw })
      .from(intents)
      .where(inArray(intents.id, [...ids])),
  );
  return new Map(rows.flatMap(({ id, raw }) => (raw ? [[id, raw] as const] : [])));
}

/** What is signed, oldest first: what became of it has to be seen. */
export async function signedIntents(store: Store, limit: number): Promise<IntentRow[]> {
  return store.run((db) =>
    db
      .select(COLUMNS)
      .from(intents)
      .where(inArray(intents.state, ['signed', 'sent']))
      .orderBy(asc(intents.id))
      .limit(limit),
  );
}

/**
 * The oldest that can be signed now: of the epochs the first alone, for each links to the one before; of the evolutions
 * those whose epoch is published; of the moves to a wallet those whose asset has nothing to do any more by its guest's
 * key and consent.
 * @param without intents to be left alone for now
 */
export async function readyIntents(
  store: Store,
  limit: number,
  without: readonly number[] = [],
): Promise<IntentRow[]> {
  return store.run((db) =>
    db
      .select(COLUMNS)
      .from(intents)
      .where(
        and(
          eq(intents.state, 'pending'),
          without.length > 0 ? notInArray(intents.id, [...without]) : undefined,
          or(
            and(eq(intents.kind, 'evolve'), isPublished),
            and(eq(intents.kind, 'epoch'), isNextEpoch),
            and(eq(intents.kind, 'transfer'), isUnburdened),
            notInArray(intents.kind, ['evolve', 'epoch', 'transfer']),
          ),
        ),
      )
      .orderBy(asc(intents.id))
      .limit(limit),
  );
}

/** What the chain has shown and not settled for good, oldest first. */
export async function shownIntents(store: Store, limit: number): Promise<IntentRow[]> {
  return store.run((db) =>
    db
      .select(COLUMNS)
      .from(intents)
      .where(eq(intents.state, 'confirmed'))
      .orderBy(asc(intents.updated), asc(intents.id))
      .limit(limit),
  );
}

/** How much a player or the chronicle still waits for. */
export async function countOpenIntents(store: Store): Promise<number> {
  return store.run((db) => db.$count(intents, inArray(intents.state, [...AHEAD])));
}

/** Gives what failed another chance, but epochs: what came after them is built on their absence. */
export async function reviveIntents(store: Store): Promise<void> {
  const again = { attempts: 0, updated: sql`now()` };
  await store.run((db) =>
    db
      .update(intents)
      .set({
        ...again,
        state: sql`CASE WHEN kind = 'evolve' AND proof IS NULL THEN 'waiting' ELSE 'pending' END`,
      })
      .where(and(eq(intents.state, 'failed'), notInArray(intents.kind, ['epoch']))),
  );
}

/** A symbiont, its first documents and the intent to mint it, together or not at all. */
export async function hatch(store: Store, symbiont: NewSymbiont, blobs: Blob[]): Promise<SymbiontRow> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await keepBlobs(tx, blobs);
      const [{ secret }] = await tx
        .select({ secret: identities.secret })
        .from(identities)
        .where(eq(identities.id, symbiont.identity))
        .for('share');
      // Without a guest's key it hatches into the wallet, whose consent only the wallet can give.
      const owner = secret ? {} : { held: 'wallet' as const, consent: false };
      const [row] = await tx
        .insert(symbionts)
        .values({ ...symbiont, ...owner })
        .returning();
      await tx.insert(intents).values({
        identity: symbiont.identity,
        asset: row.asset,
        kind: 'mint',
        version: 0,
        counters: row.deeds,
      });
      return row;
    }),
  );
}

/** An evolution as an epoch's leaf proves it. */
export interface Growth {
  identity: number;
  asset: string;
  plan: Plan;
  proof: Proof;
  blobs: Blob[];
}

/**
 * Gives evolutions their leaf, within the transaction of its epoch, and opens those that nobody has opened yet. One
 * that has its leaf already keeps it: what is signed must be what is planned.
 */
export async function proveEvolutions(
  tx: Tx,
  zone: number,
  epoch: number,
  growths: readonly Growth[],
): Promise<void> {
  if (growths.length === 0) return;
  await keepBlobs(
    tx,
    growths.flatMap(({ blobs }) => blobs),
  );
  await tx
    .insert(intents)
    .values(
      growths.map(({ identity, asset, plan, proof }) => {
        const { version, counters } = plan;
        return { identity, asset, kind: 'evolve' as const, version, counters, plan, proof, zone, epoch };
      }),
    )
    .onConflictDoUpdate({
      target: [intents.identity, intents.asset, intents.kind, intents.version],
      set: {
        state: 'pending',
        counters: sql`excluded.counters`,
        plan: sql`excluded.plan`,
        proof: sql`excluded.proof`,
        zone: sql`excluded.zone`,
        epoch: sql`excluded.epoch`,
        updated: sql`now()`,
      },
      setWhere: eq(intents.state, 'waiting'),
    });
}

/** A transaction signed and not sent yet. */
export interface SignedTransaction {
  signature: string;
  raw: Uint8Array;
  lastValidHeight: number;
}

export interface Signed extends SignedTransaction {
  id: number;
  /** Null where the symbiont stays what it is. */
  plan: Plan | null;
}

/** Keeps signed transactions before anyone sends them. */
export async function keepSigned(store: Store, all: readonly Signed[]): Promise<void> {
  if (all.length === 0) return;
  const rows = all.map(({ raw, ...signed }) => ({ ...signed, raw: Buffer.from(raw).toString('hex') }));
  await store.run((db) =>
    db.execute(sql`UPDATE ${intents} SET plan = s.plan, signature = s.signature, raw = decode(s.raw, 'hex'),
      last_valid_height = s."lastValidHeight", state = 'signed', error = NULL, updated = now()
      FROM ${rowsOf(rows, sql`(id int, plan jsonb, signature text, raw text, "lastValidHeight" bigint)`)}
      WHERE ${intents.id} = s.id`),
  );
}

export async function updateIntents(
  store: Store,
  ids: readonly number[],
  change: Partial<
    Pick<typeof intents.$inferSelect, 'state' | 'attempts' | 'error' | 'raw' | 'epoch' | 'proof' | 'plan'>
  >,
): Promise<void> {
  if (ids.length === 0) return;
  await store.run((db) =>
    db
      .update(intents)
      .set({ ...change, updated: sql`now()` })
      .where(inArray(intents.id, [...ids])),
  );
}

/** An evolution whose leaf is of no use any more waits for another. */
export async function takeLeaf(store: Store, id: number, error: string): Promise<void> {
  await store.run((db) =>
    db
      .update(intents)
      .set({ state: 'waiting', plan: null, proof: null, epoch: null, raw: null, error, updated: sql`now()` })
      .where(eq(intents.id, id)),
  );
}

/** An epoch that the chronicle will never take: evolutions that it was to prove wait for another. */
export async function leaveOut(store: Store, intent: IntentRow, error: string): Promise<SymbiontKey[]> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await tx
        .update(intents)
        .set({ state: 'failed', raw: null, error, updated: sql`now()` })
        .where(eq(intents.id, intent.id));
      const rows = await tx
        .update(intents)
        .set({ state: 'waiting', plan: null, proof: null, epoch: null, updated: sql`now()` })
        .where(
          and(
            eq(intents.kind, 'evolve'),
            eq(intents.epoch, intent.version),
            inArray(intents.state, ['pending', 'failed']),
          ),
        )
        .returning({ identity: intents.identity, asset: intents.asset });
      return rows.flatMap(({ identity, asset }) => (identity === null ? [] : { identity, asset }));
    }),
  );
}

/** What became of a symbiont so far, by version: by our own word, and before it came here by the chain's. */
export async function pastOf(
  store: Store,
  { identity, asset }: SymbiontKey,
): Promise<Omit<Plan, 'counters'>[]> {
  const [own, others] = await store.run((db) =>
    Promise.all([
      db
        .select({ plan: intents.plan })
        .from(intents)
        .where(
          and(
            eq(intents.identity, identity),
            eq(intents.asset, asset),
            inArray(intents.state, ['confirmed', 'done']),
          ),
        ),
      db.select().from(chainVersions).where(eq(chainVersions.asset, asset)),
    ]),
  );
  const past = new Map<number, Omit<Plan, 'counters'>>();
  for (const { version, stage, branch, picture, uri } of others)
    past.set(version, { version, stage, branch, picture: Buffer.from(picture).toString('hex'), uri });
  for (const { plan } of own) if (plan) past.set(plan.version, plan);
  return [...past.values()].sort((a, b) => a.version - b.version);
}

/** The newest epoch that the chain has shown. */
export async function lastPublished(
  store: Store,
  zone: number,
): Promise<{ epoch: number; hash: Uint8Array } | null> {
  return store.run(async (db) => {
    const rows = await db
      .select({ epoch: epochs.epoch, hash: epochs.hash })
      .from(epochs)
      .where(and(eq(epochs.zone, zone), isNotNull(epochs.signature)))
      .orderBy(desc(epochs.epoch))
      .limit(1);
    return rows[0] ?? null;
  });
}
