import { and, eq, inArray, sql } from 'drizzle-orm';
import type { IdentityRow, SymbiontKey, SymbiontRow } from './identities.ts';
import { chainAssets } from './mirror.ts';
import { type IntentRow, personOf, type SignedTransaction } from './outbox.ts';
import { identities, intents, sessions, symbionts } from './schema.ts';
import { type NewSession, openSession, takeNonce } from './sessions.ts';
import type { Store } from './store.ts';

/** What a sign-in did not do, and why; nothing has changed. */
export type NotDone = 'nonce' | 'taken' | 'linked';

export interface Entered {
  identity: IdentityRow;
  symbiont: SymbiontRow | null;
}

const NO_DEEDS = [0, 0, 0, 0, 0, 0, 0, 0];

/** Opens a session of the identity that belongs to a wallet, and makes that identity where there is none. */
export async function enterByWallet(
  store: Store,
  nonce: string,
  wallet: { address: string; name: string; look: number },
  session: NewSession,
): Promise<Entered | NotDone> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      if (!(await takeNonce(tx, nonce))) return 'nonce';
      await tx
        .insert(identities)
        .values({ ...wallet, secret: null, linked: sql`now()` })
        .onConflictDoNothing({ target: identities.address });
      const [identity] = await tx.select().from(identities).where(eq(identities.address, wallet.address));
      await openSession(tx, identity.id, session);
      return { identity, symbiont: null };
    }),
  );
}

/**
 * Gives a guest's life to a wallet: the identity with all that hangs on it, the end of the guest's own sessions, a
 * new one, and the intent to move the asset, together or not at all.
 */
export async function moveToWallet(
  store: Store,
  nonce: string,
  guest: number,
  address: string,
  session: NewSession,
): Promise<Entered | NotDone> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      if (!(await takeNonce(tx, nonce))) return 'nonce';
      // The lock keeps a symbiont from hatching unseen, whose minting would name the old owner.
      const [before] = await tx.select().from(identities).where(eq(identities.id, guest)).for('update');
      if (before.linked) return 'linked';
      const [other] = await tx
        .select({ id: identities.id })
        .from(identities)
        .where(eq(identities.address, address));
      if (other) return 'taken';
      const rows = await tx
        .update(symbionts)
        .set({ held: 'moving', consent: false })
        .where(eq(symbionts.identity, guest))
        .returning();
      // What the guest's key owns and never walked with anybody goes along.
      const others = await tx
        .select({ asset: chainAssets.address })
        .from(chainAssets)
        .where(eq(chainAssets.owner, before.address));
      const assets = new Set([...rows, ...others].map(({ asset }) => asset));
      const [identity] = await tx
        .update(identities)
        .set({ address, linked: sql`now()`, ...(assets.size > 0 ? {} : { secret: null }) })
        .where(eq(identities.id, guest))
        .returning();
      if (assets.size > 0)
        await tx.insert(intents).values([...assets].map((asset) => transferOf(guest, asset)));
      const symbiont = rows.find((row) => row.active);
      await tx.delete(sessions).where(eq(sessions.identity, guest));
      await openSession(tx, guest, session);
      return { identity, symbiont: symbiont ?? null };
    }),
  );
}

const transferOf = (identity: number, asset: string) => ({
  identity,
  asset,
  kind: 'transfer' as const,
  version: 0,
  counters: NO_DEEDS,
});

/** The chain shows the asset in the wallet. @returns it, where it has walked with them */
export async function showTransfer(
  store: Store,
  intent: IntentRow,
  signature: string | null,
): Promise<SymbiontRow | null> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await tx
        .update(intents)
        .set({ state: 'confirmed', error: null, signature, updated: sql`now()` })
        .where(eq(intents.id, intent.id));
      const [row] = await tx
        .update(symbionts)
        .set({ held: 'wallet', consent: false, signature })
        .where(isOf(intent))
        .returning();
      return row ?? null;
    }),
  );
}

/**
 * An asset lies in the wallet for good. What else the guest's key has come to own since follows it; where that is
 * nothing, the key is dropped.
 */
export async function endTransfer(store: Store, intent: IntentRow, guest: string | null): Promise<void> {
  const identity = personOf(intent);
  await store.run((db) =>
    db.transaction(async (tx) => {
      // Two that end at once must not each think that the other is still to come.
      await tx.select().from(identities).where(eq(identities.id, identity)).for('update');
      await tx
        .update(intents)
        .set({ state: 'done', raw: null, updated: sql`now()` })
        .where(eq(intents.id, intent.id));
      const transfers = await tx
        .select({ asset: intents.asset, state: intents.state })
        .from(intents)
        .where(and(eq(intents.identity, identity), eq(intents.kind, 'transfer')));
      const owned = guest
        ? await tx
            .select({ asset: chainAssets.address })
            .from(chainAssets)
            .where(eq(chainAssets.owner, guest))
        : [];
      const late = owned.filter(({ asset }) => !transfers.some((one) => one.asset === asset));
      if (late.length > 0)
        await tx.insert(intents).values(late.map(({ asset }) => transferOf(identity, asset)));
      else if (transfers.every(({ state }) => state === 'done'))
        await tx.update(identities).set({ secret: null }).where(eq(identities.id, identity));
    }),
  );
}

const isOf = (intent: IntentRow) =>
  and(eq(symbionts.identity, personOf(intent)), eq(symbionts.asset, intent.asset));

/**
 * Keeps a consent that the wallet signed for the outbox to send, or, where the wallet sent it itself, to look for.
 * @returns false when one waits already
 */
export async function keepConsent(
  store: Store,
  { identity, asset }: SymbiontKey,
  consent: boolean,
  signed: SignedTransaction | null,
): Promise<boolean> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await tx.select().from(identities).where(eq(identities.id, identity)).for('update');
      const of = and(eq(intents.identity, identity), eq(intents.asset, asset), eq(intents.kind, 'consent'));
      const rows = await tx
        .select({ version: intents.version, state: intents.state })
        .from(intents)
        .where(of);
      if (rows.some((row) => row.state !== 'done' && row.state !== 'confirmed')) return false;
      // The newer word takes the place of one that the chain has shown.
      await tx
        .update(intents)
        .set({ state: 'done', raw: null, updated: sql`now()` })
        .where(and(of, eq(intents.state, 'confirmed')));
      const version = Math.max(0, ...rows.map((row) => row.version)) + 1;
      await tx.insert(intents).values({
        identity,
        asset,
        kind: 'consent',
        version,
        counters: NO_DEEDS,
        consent,
        ...signed,
        state: signed ? 'signed' : 'pending',
      });
      return true;
    }),
  );
}

/**
 * Takes over what the chain holds of a consent now. Where it was given, growth that waited for it goes on with the next
 * epoch's leaf.
 * @returns the symbiont, and whether an evolution lies in the outbox
 */
export async function settleConsent(
  store: Store,
  intent: IntentRow,
  end: { state: 'confirmed' | 'done'; consent: boolean; error: string | null; signature: string | null },
  earned: (deeds: number[]) => boolean,
): Promise<{ symbiont: SymbiontRow; next: boolean }> {
  const identity = personOf(intent);
  const { asset } = intent;
  const { state, consent, error, signature } = end;
  return store.run((db) =>
    db.transaction(async (tx) => {
      await tx
        .update(intents)
        .set({ state, error, ...(signature ? { signature } : {}), updated: sql`now()` })
        .where(eq(intents.id, intent.id));
      const [symbiont] = await tx
        .update(symbionts)
        .set({ consent, ...(signature ? { signature } : {}) })
        .where(isOf(intent))
        .returning();
      if (!consent) return { symbiont, next: false };
      const evolutions = and(
        eq(intents.identity, identity),
        eq(intents.asset, asset),
        eq(intents.kind, 'evolve'),
      );
      await tx
        .update(intents)
        .set({
          state: 'waiting',
          plan: null,
          proof: null,
          epoch: null,
          raw: null,
          attempts: 0,
          updated: sql`now()`,
        })
        .where(and(evolutions, eq(intents.state, 'failed')));
      const [own] = await tx
        .select({ deeds: identities.deeds })
        .from(identities)
        .where(eq(identities.id, identity));
      const deeds = symbiont.active ? own.deeds : symbiont.earned;
      if (earned(deeds))
        await tx
          .insert(intents)
          .values({
            identity,
            asset,
            kind: 'evolve',
            version: symbiont.version + 1,
            counters: deeds,
            state: 'waiting',
          })
          .onConflictDoNothing();
      const open = await tx.$count(
        intents,
        and(evolutions, inArray(intents.state, ['waiting', 'pending', 'signed', 'sent'])),
      );
      return { symbiont, next: open > 0 };
    }),
  );
}
