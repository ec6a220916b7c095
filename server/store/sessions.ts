import { and, asc, eq, lt, sql } from 'drizzle-orm';
import type { Tx } from './database.ts';
import type { IdentityRow } from './identities.ts';
import { identities, sessions, signIns } from './schema.ts';
import type { Store } from './store.ts';

export type SessionRow = typeof sessions.$inferSelect;
export type SignInRow = typeof signIns.$inferSelect;
export type NewSession = Omit<SessionRow, 'identity' | 'created'>;

/** Sessions an identity has at once; a further one ends the oldest. */
const MOST_SESSIONS = 16;
/** Sign-ins that wait for an answer at once. */
const MOST_SIGN_INS = 10_000;

export async function sessionByToken(
  store: Store,
  tokenHash: Uint8Array,
): Promise<{ session: SessionRow; identity: IdentityRow } | null> {
  return store.run(async (db) => {
    const [found] = await db
      .select({ session: sessions, identity: identities })
      .from(sessions)
      .innerJoin(identities, eq(sessions.identity, identities.id))
      .where(eq(sessions.tokenHash, tokenHash));
    return found ?? null;
  });
}

/** Opens a session in the transaction of its cause. */
export async function openSession(tx: Tx, identity: number, session: NewSession): Promise<void> {
  await tx.delete(sessions).where(and(eq(sessions.identity, identity), lt(sessions.expires, sql`now()`)));
  const old = await tx
    .select({ tokenHash: sessions.tokenHash })
    .from(sessions)
    .where(eq(sessions.identity, identity))
    .orderBy(asc(sessions.created));
  for (const { tokenHash } of old.slice(0, Math.max(0, old.length - MOST_SESSIONS + 1)))
    await tx.delete(sessions).where(eq(sessions.tokenHash, tokenHash));
  await tx.insert(sessions).values({ ...session, identity });
}

export async function endSession(store: Store, tokenHash: Uint8Array): Promise<void> {
  await store.run((db) => db.delete(sessions).where(eq(sessions.tokenHash, tokenHash)));
}

/** @returns how many there were */
export async function endSessions(store: Store, identity: number): Promise<number> {
  const ended = await store.run((db) =>
    db.delete(sessions).where(eq(sessions.identity, identity)).returning({ scope: sessions.scope }),
  );
  return ended.length;
}

/** Keeps a sign-in until it is answered or ends. @returns false when too many wait */
export async function keepSignIn(store: Store, row: SignInRow, now: Date): Promise<boolean> {
  return store.run((db) =>
    db.transaction(async (tx) => {
      await tx.delete(signIns).where(lt(signIns.expires, now));
      if ((await tx.$count(signIns)) >= MOST_SIGN_INS) return false;
      await tx.insert(signIns).values(row);
      return true;
    }),
  );
}

export async function signInByNonce(store: Store, nonce: string): Promise<SignInRow | null> {
  return store.run(
    async (db) => (await db.select().from(signIns).where(eq(signIns.nonce, nonce)))[0] ?? null,
  );
}

/** Uses a nonce up. @returns whether it was still there: of several at once one alone gets it */
export async function takeNonce(tx: Tx, nonce: string): Promise<boolean> {
  const taken = await tx.delete(signIns).where(eq(signIns.nonce, nonce)).returning({ nonce: signIns.nonce });
  return taken.length === 1;
}
