import { and, eq, inArray, sql } from 'drizzle-orm';
import type { IdentityRow, SymbiontRow } from './identities.ts';
import type { IntentRow } from './outbox.ts';
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
      const [symbiont] = await tx
        .update(symbionts)
        .set({ held: 'moving', consent: false })
        .where(eq(symbionts.identity, guest))
        .returning();
      const [identity] = await tx
        .update(identities)
        .set({ address, linked: sql`now()`, ...(symbiont ? {} : { secret: null }) })
        .where(eq(identities.id, guest))
        .returning();
      if (symbiont)
        await tx
          .insert(intents)
          .values({ identity: guest, kind: 'transfer', version: 0, counters: NO_DEEDS });
      await tx.delete(sessions).where(eq(sessions.identity, guest));
      await openSession(tx, guest, session);
      return { identity, symbiont: symbiont ?? null };
    }),
  );
}

/** The asset lies in the wallet: the guest's key has nothing left and is dropped. */
export async function settleTransfer(
  store: Store,
  intent: IntentRow,
  signature: string | null,
): Promise<SymbiontRow> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await tx
        .update(intents)
        .set({ state: 'done', raw: null, error: null, signature, updated: sql`now()` })
        .where(eq(intents.id, intent.id));
      await tx.update(identities).set({ secret: null }).where(eq(identities.id, intent.identity));
      const [row] = await tx
        .update(symbionts)
        .set({ held: 'wallet', signature })
        .where(eq(symbionts.identity, intent.identity))
        .returning();
      return row;
    }),
  );
}

/**
 * Keeps a consent that the wallet signed for the outbox to send, or, where the wallet sent it itself, to look for.
 * @returns false when one waits already
 */
export async function keepConsent(
  store: Store,
  identity: number,
  consent: boolean,
  signed: { signature: string; raw: Uint8Array; lastValidHeight: number } | null,
): Promise<boolean> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await tx.select().from(identities).where(eq(identities.id, identity)).for('update');
      const of = and(eq(intents.identity, identity), eq(intents.kind, 'consent'));
      const rows = await tx
        .select({ version: intents.version, state: intents.state })
        .from(intents)
        .where(of);
      if (rows.some((row) => row.state !== 'done')) return false;
      const version = Math.max(0, ...rows.map((row) => row.version)) + 1;
      await tx.insert(intents).values({
        identity,
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
 * Closes a consent with what the chain holds now. Where it was given, growth that waited for it goes on.
 * @returns the symbiont, and whether an evolution lies in the outbox
 */
export async function settleConsent(
  store: Store,
  intent: IntentRow,
  consent: boolean,
  error: string | null,
  earned: (deeds: number[]) => boolean,
): Promise<{ symbiont: SymbiontRow; next: boolean }> {
  const { identity } = intent;
  return store.run((db) =>
    db.transaction(async (tx) => {
      await tx
        .update(intents)
        .set({ state: 'done', raw: null, error, updated: sql`now()` })
        .where(eq(intents.id, intent.id));
      const [symbiont] = await tx
        .update(symbionts)
        .set({ consent, ...(error === null && intent.signature ? { signature: intent.signature } : {}) })
        .where(eq(symbionts.identity, identity))
        .returning();
      const evolutions = and(eq(intents.identity, identity), eq(intents.kind, 'evolve'));
      if (consent) {
        await tx
          .update(intents)
          .set({ state: 'pending', attempts: 0, updated: sql`now()` })
          .where(and(evolutions, eq(intents.state, 'failed')));
        const [{ deeds }] = await tx
          .select({ deeds: identities.deeds })
          .from(identities)
          .where(eq(identities.id, identity));
        if (earned(deeds))
          await tx
            .insert(intents)
            .values({ identity, kind: 'evolve', version: symbiont.version + 1, counters: deeds })
            .onConflictDoNothing();
      }
      const open = await tx.$count(
        intents,
        and(evolutions, inArray(intents.state, ['pending', 'signed', 'sent'])),
      );
      return { symbiont, next: open > 0 };
    }),
  );
}
