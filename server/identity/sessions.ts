import { ed25519 } from '@noble/curves/ed25519';
import { PROOF_MS, proofBytes } from '#shared/siws/index.ts';
import { Refusal } from '../refusal.ts';
import { sha256 } from '../store/cipher.ts';
import type { IdentityRow } from '../store/identities.ts';
import { endSession, endSessions, type SessionRow, sessionByToken } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';

/** A token that opens nothing; `field` is what is wrong about it. */
export class SessionRefused extends Refusal {
  override name = 'SessionRefused';

  constructor(field: 'token' | 'session' | 'proof', message: string) {
    super(401, field, message);
  }
}

export interface Opened {
  identity: IdentityRow;
  session: SessionRow;
}

/** What comes with a token. */
export interface Credentials {
  token: unknown;
  /** `at.nonce.signature` by the session key; a guest's token needs none. */
  proof?: unknown;
  /** What the proof must be for: `METHOD /path` or `JOIN zone`. */
  action: string;
}

/** A proof may come from a clock that is ahead by so much; it is then kept waiting until its time is there. */
const AHEAD_MS = 2_000;
/** Proofs remembered as used. Only who holds a session key can add to them, at the pace of requests. */
const MOST_USED = 200_000;

/** The ways into identities: tokens, and the session keys that some of them are bound to. */
export class Sessions {
  private readonly store: Store;
  private readonly clock: () => number;
  /** Nonces of proofs by when they stop counting, oldest first. */
  private readonly used = new Map<string, number>();
  /** What was used before this is not remembered; and nothing from after it was used then. */
  private readonly since: number;

  constructor(store: Store, clock: () => number = Date.now) {
    this.store = store;
    this.clock = clock;
    this.since = clock();
  }

  /** @throws SessionRefused */
  async open({ token, proof, action }: Credentials): Promise<Opened> {
    if (typeof token !== 'string' || !/^[A-Za-z0-9_-]{20,200}$/.test(token)) throw UNKNOWN();
    const found = await sessionByToken(this.store, sha256(token));
    if (!found) throw UNKNOWN();
    const { key, domain, expires } = found.session;
    if (expires && expires.getTime() <= this.clock())
      throw new SessionRefused('session', 'has expired; sign in again');
    if (key && domain) await this.check(proof, { key, domain, token, action });
    return found;
  }

  async end(token: string): Promise<void> {
    await endSession(this.store, sha256(token));
  }

  /** @returns how many sessions ended */
  endAll(identity: number): Promise<number> {
    return endSessions(this.store, identity);
  }

  private async check(
    proof: unknown,
    by: { key: Uint8Array; domain: string; token: string; action: string },
  ): Promise<void> {
    const parts = typeof proof === 'string' ? /^(\d{1,15})\.([\w-]{16,64})\.([\w-]{86})$/.exec(proof) : null;
    if (!parts) throw new SessionRefused('proof', 'must be "<ms>.<nonce>.<signature>" by the session key');
    const [, time, nonce, signature] = parts;
    const [at, now] = [Number(time), this.clock()];
    if (at < now - PROOF_MS || at > now + AHEAD_MS)
      throw new SessionRefused(
        'proof',
        `is of another time, more than ${PROOF_MS / 1000} s ago or ${AHEAD_MS / 1000} s ahead`,
      );
    if (at < this.since) throw new SessionRefused('proof', 'is from before the server’s start, sign another');
    const { domain, token, action } = by;
    const bytes = proofBytes({ domain, token, action, at, nonce });
    if (!verify(Buffer.from(signature, 'base64url'), bytes, by.key))
      throw new SessionRefused('proof', 'is not by the session key that this token is bound to');
    for (const [old, until] of this.used) {
      if (until > now) break;
      this.used.delete(old);
    }
    const mark = `${Buffer.from(by.key).toString('base64url')}.${nonce}`;
    if (this.used.has(mark)) throw new SessionRefused('proof', 'was used before');
    if (this.used.size >= MOST_USED) throw new SessionRefused('proof', 'too many at once; try again');
    this.used.set(mark, now + AHEAD_MS + PROOF_MS);
    // Whoever starts after this process must know by its time alone that it was used.
    while (at > this.clock()) await new Promise((resolve) => setTimeout(resolve, at - this.clock()));
  }
}

const UNKNOWN = () => new SessionRefused('token', 'opens no identity here');

/** Strict ed25519: no point of small order and no second form of a signature. */
export function verify(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}
