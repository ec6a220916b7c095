import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { type Blob, keepBlob } from './blobs.ts';
import type { NewSymbiont, SymbiontRow } from './identities.ts';
import { identities, intents, type Plan, symbionts } from './schema.ts';
import type { Store } from './store.ts';

export type IntentRow = typeof intents.$inferSelect;
export type { Plan } from './schema.ts';

const OPEN = ['pending', 'signed', 'sent'] as const;

/** What of an identity waits in the outbox. */
export async function openIntents(store: Store, identity: number): Promise<IntentRow[]> {
  return store.run((db) =>
    db
      .select()
      .from(intents)
      .where(and(eq(intents.identity, identity), inArray(intents.state, [...OPEN])))
      .orderBy(asc(intents.id)),
  );
}

/** The oldest work of the outbox. */
export async function nextIntents(store: Store, limit: number): Promise<IntentRow[]> {
  return store.run((db) =>
    db
      .select()
      .from(intents)
      .where(inArray(intents.state, [...OPEN]))
      .orderBy(asc(intents.id))
      .limit(limit),
  );
}

export async function countOpenIntents(store: Store): Promise<number> {
  return store.run((db) => db.$count(intents, inArray(intents.state, [...OPEN])));
}

/** Gives what failed another chance. @returns how many that is */
export async function reviveIntents(store: Store): Promise<number> {
  const rows = await store.run((db) =>
    db
      .update(intents)
      .set({ state: 'pending', attempts: 0, updated: sql`now()` })
      .where(eq(intents.state, 'failed'))
      .returning({ id: intents.id }),
  );
  return rows.length;
}

/** A symbiont, its first documents and the intent to mint it, together or not at all. */
export async function hatch(store: Store, symbiont: NewSymbiont, blobs: Blob[]): Promise<SymbiontRow> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      for (const blob of blobs) await keepBlob(tx, blob);
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
      await tx
        .insert(intents)
        .values({ identity: symbiont.identity, kind: 'mint', version: 0, counters: row.deeds });
      return row;
    }),
  );
}

export interface Signed {
  /** Null where the symbiont stays what it is. */
  plan: Plan | null;
  signature: string;
  raw: Uint8Array;
  lastValidHeight: number;
}

/** Keeps a signed transaction and the documents it names before anyone sends it. */
export async function keepSigned(store: Store, id: number, signed: Signed, blobs: Blob[]): Promise<void> {
  await store.run((db) =>
    db.transaction(async (tx) => {
      for (const blob of blobs) await keepBlob(tx, blob);
      await tx
        .update(intents)
        .set({ ...signed, state: 'signed', error: null, updated: sql`now()` })
        .where(eq(intents.id, id));
    }),
  );
}

export async function updateIntent(
  store: Store,
  id: number,
  change: Partial<Pick<IntentRow, 'state' | 'attempts' | 'error'>>,
): Promise<void> {
  await store.run((db) =>
    db
      .update(intents)
      .set({ ...change, updated: sql`now()` })
      .where(eq(intents.id, id)),
  );
}

export type Settled = Pick<
  SymbiontRow,
  'stage' | 'branch' | 'version' | 'deeds' | 'picture' | 'uri' | 'signature'
>;

/**
 * Closes an intent with what the chain now holds, and opens the next evolution where the saved deeds have earned it.
 * @returns the symbiont, and whether another evolution was opened
 */
export async function settle(
  store: Store,
  intent: IntentRow,
  now: Settled,
  earned: (deeds: number[]) => boolean,
): Promise<{ symbiont: SymbiontRow; next: boolean }> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      const [symbiont] = await tx
        .update(symbionts)
        .set({ ...now, minted: true })
        .where(eq(symbionts.identity, intent.identity))
        .returning();
      await tx
        .update(intents)
        .set({ state: 'done', raw: null, error: null, signature: now.signature, updated: sql`now()` })
        .where(eq(intents.id, intent.id));
      const [{ deeds }] = await tx
        .select({ deeds: identities.deeds })
        .from(identities)
        .where(eq(identities.id, intent.identity));
      const next = symbiont.consent && earned(deeds);
      if (next)
        await tx
          .insert(intents)
          .values({
            identity: intent.identity,
            kind: 'evolve',
            version: symbiont.version + 1,
            counters: deeds,
          })
          .onConflictDoNothing();
      return { symbiont, next };
    }),
  );
}

/** What became of an identity's symbiont so far, by version. */
export async function plansOf(store: Store, identity: number): Promise<Plan[]> {
  const rows = await store.run((db) =>
    db
      .select({ plan: intents.plan })
      .from(intents)
      .where(and(eq(intents.identity, identity), eq(intents.state, 'done')))
      .orderBy(asc(intents.version)),
  );
  return rows.flatMap((row) => (row.plan ? [row.plan] : []));
}
