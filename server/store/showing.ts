import { and, eq, inArray, sql } from 'drizzle-orm';
import { rowsOf, type Tx } from './database.ts';
import { keyOfSymbiont, type SymbiontRow } from './identities.ts';
import { type IntentRow, personOf } from './outbox.ts';
import { epochs, identities, intents, symbionts } from './schema.ts';
import type { Store } from './store.ts';

export type Shown = Pick<
  SymbiontRow,
  'stage' | 'branch' | 'version' | 'deeds' | 'picture' | 'uri' | 'signature'
>;

/** What the chain shows of a symbiont, and by which intent. */
export interface Showing {
  intent: IntentRow;
  now: Shown;
  earned: (deeds: number[]) => boolean;
}

/**
 * Takes over what the chain shows of symbionts, and opens the next evolution where the saved deeds have earned it; all
 * in one transaction of few statements.
 * @returns the symbionts in the same order, and whether another evolution was opened
 */
export async function showSymbionts(
  store: Store,
  all: readonly Showing[],
): Promise<{ symbiont: SymbiontRow; next: boolean }[]> {
  if (all.length === 0) return [];
  const people = [...new Set(all.map(({ intent }) => personOf(intent)))];
  return store.run((db) =>
    db.transaction(async (tx) => {
      // Together, so that they do not wait for one another's answers.
      const [, , rows, saved] = await Promise.all([
        takeOver(tx, all),
        show(
          tx,
          all.map(({ intent, now }) => ({ id: intent.id, signature: now.signature })),
        ),
        tx
          .select()
          .from(symbionts)
          .where(
            inArray(
              symbionts.asset,
              all.map(({ intent }) => intent.asset),
            ),
          ),
        tx
          .select({ id: identities.id, deeds: identities.deeds })
          .from(identities)
          .where(inArray(identities.id, people)),
      ]);
      const symbiontBy = new Map(rows.map((row) => [keyOfSymbiont(row), row]));
      const deedsBy = new Map(saved.map(({ id, deeds }) => [id, deeds]));
      const shown = all.map(({ intent, earned }) => {
        const identity = personOf(intent);
        const symbiont = symbiontBy.get(keyOfSymbiont({ identity, asset: intent.asset }));
        // Who does not walk now goes on from where it stopped.
        const deeds = symbiont?.active ? deedsBy.get(identity) : symbiont?.earned;
        if (!symbiont || !deeds) throw new Error(`identity ${identity}: has no symbiont ${intent.asset}`);
        return { symbiont, deeds, next: symbiont.consent && earned(deeds) };
      });
      const opened = shown.filter(({ next }) => next);
      if (opened.length > 0)
        await tx
          .insert(intents)
          .values(
            opened.map(({ symbiont, deeds }) => ({
              identity: symbiont.identity,
              asset: symbiont.asset,
              kind: 'evolve' as const,
              version: symbiont.version + 1,
              counters: deeds,
              state: 'waiting' as const,
            })),
          )
          .onConflictDoNothing();
      return shown.map(({ symbiont, next }) => ({ symbiont, next }));
    }),
  );
}

/** Where a symbiont is shown by more than one intent, the newest counts. */
async function takeOver(tx: Tx, all: readonly Showing[]): Promise<void> {
  const newest = new Map<string, { version: number }>();
  for (const { intent, now } of all) {
    const which = { identity: personOf(intent), asset: intent.asset };
    const known = newest.get(keyOfSymbiont(which));
    if (known && known.version > now.version) continue;
    const row = { ...now, ...which, picture: Buffer.from(now.picture).toString('hex') };
    newest.set(keyOfSymbiont(which), row);
  }
  const columns = sql`(identity int, asset text, stage smallint, branch smallint, version bigint, deeds bigint[], picture text,
    uri text, signature text)`;
  await tx.execute(sql`UPDATE ${symbionts} SET stage = s.stage, branch = s.branch, version = s.version,
    deeds = s.deeds, picture = decode(s.picture, 'hex'), uri = s.uri, signature = s.signature, minted = true
    FROM ${rowsOf([...newest.values()], columns)} WHERE ${symbionts.identity} = s.identity
    AND ${symbionts.asset} = s.asset`);
}

/** The chain shows this epoch: what its leaves prove can go on. */
export async function showEpoch(store: Store, intent: IntentRow, signature: string | null): Promise<void> {
  await store.run((db) =>
    db.transaction(async (tx) => {
      await tx
        .update(epochs)
        .set({ signature: signature ?? '' })
        .where(and(eq(epochs.zone, intent.zone ?? -1), eq(epochs.epoch, intent.version)));
      await show(tx, [{ id: intent.id, signature }]);
    }),
  );
}

/** What was signed for it is not needed any more: where the chain takes it back, it is signed anew. */
async function show(tx: Tx, all: readonly { id: number; signature: string | null }[]): Promise<void> {
  await tx.execute(sql`UPDATE ${intents} SET state = 'confirmed', error = NULL, raw = NULL,
    signature = s.signature, updated = now()
    FROM ${rowsOf(all, sql`(id int, signature text)`)} WHERE ${intents.id} = s.id`);
}
