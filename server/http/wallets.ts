import { type Request, Router } from 'express';
import {
  BroodSigned,
  BroodWish,
  ConsentSigned,
  ConsentWish,
  type HttpApi,
  MemoRequest,
  NonceRequest,
  VerifyRequest,
} from '#shared/protocol/index.ts';
import type { BroodSigning } from '../breeding/signing.ts';
import type { Handover } from '../chain/handover.ts';
import { clientOf } from '../client.ts';
import { type Opened, SessionRefused, type Sessions } from '../identity/sessions.ts';
import type { Wallets } from '../identity/wallets.ts';
import { Buckets } from '../rate.ts';
import { Refusal } from '../refusal.ts';
import { parseBody } from './errors.ts';

export interface WalletServices {
  sessions: Sessions;
  wallets: Wallets;
  handover: Handover;
  signing: BroodSigning;
  /** Sessions of this identity have ended: whoever plays by them has to go. */
  onSignedOut: (identity: number) => void;
  /** Something new lies in the outbox. */
  wake: () => void;
}

/** Sign-ins that an address may ask for at once, and a minute. */
const BURST = 30;
const PER_MINUTE = 20;
/** Consents that an identity may ask for at once, and a minute: each one signed costs the server its fee. */
const CONSENT_BURST = 6;
const CONSENTS_PER_MINUTE = 2;

/** Signing in with a wallet, and what only a wallet's owner does. */
export function wallets(services: WalletServices): Router {
  const { sessions, wallets, handover, signing } = services;
  const router = Router();
  const pace = new Buckets(PER_MINUTE / 60, BURST);
  const consents = new Buckets(CONSENTS_PER_MINUTE / 60, CONSENT_BURST);
  const steps = new Buckets(CONSENTS_PER_MINUTE / 60, CONSENT_BURST);

  router.use('/siws', (req, _res, next) => {
    if (pace.take(clientOf(req), performance.now())) next();
    else next(new Refusal(429, 'sign-ins', `at most ${PER_MINUTE} a minute`));
  });

  router.post('/siws/nonce', async (req, res) => {
    const { purpose, key } = parseBody(NonceRequest, req.body);
    const guest = purpose === 'move' ? (await bearer(sessions, req)).identity : null;
    const input = await wallets.ask(req.headers.origin, guest, key);
    res.json(input satisfies HttpApi['POST /api/siws/nonce']);
  });

  router.post('/siws/memo', async (req, res) => {
    const { nonce, address } = parseBody(MemoRequest, req.body);
    const bytes = await wallets.memo(nonce, address);
    res.json({ transaction: base64(bytes) } satisfies HttpApi['POST /api/siws/memo']);
  });

  router.post('/siws/verify', async (req, res) => {
    const answer = parseBody(VerifyRequest, req.body);
    const { address } = answer;
    const signed =
      'transaction' in answer
        ? { address, transaction: bytesOf(answer.transaction) }
        : { address, message: bytesOf(answer.message), signature: bytesOf(answer.signature) };
    const { token, expires, identity } = await wallets.answer(req.headers.origin, signed);
    const { id, name } = identity;
    res.json({ token, expires, id, name, address } satisfies HttpApi['POST /api/siws/verify']);
  });

  router.post('/me/sign-out', async (req, res) => {
    const { token } = await owner(sessions, req);
    await sessions.end(token);
    res.json({ ended: 1 } satisfies HttpApi['POST /api/me/sign-out']);
  });

  router.post('/me/sign-out-everywhere', async (req, res) => {
    const { identity } = await owner(sessions, req);
    const ended = await sessions.endAll(identity.id);
    services.onSignedOut(identity.id);
    res.json({ ended } satisfies HttpApi['POST /api/me/sign-out-everywhere']);
  });

  router.post('/me/consent/ask', async (req, res) => {
    const { identity } = await owner(sessions, req);
    const { consent } = parseBody(ConsentWish, req.body);
    if (!consents.take(String(identity.id), performance.now()))
      throw new Refusal(429, 'consents', `at most ${CONSENTS_PER_MINUTE} a minute`);
    const bytes = await handover.consentFor(identity, consent);
    res.json({ transaction: base64(bytes) } satisfies HttpApi['POST /api/me/consent/ask']);
  });

  router.post('/me/brood/ask', async (req, res) => {
    const { identity } = await owner(sessions, req);
    const { brood } = parseBody(BroodWish, req.body);
    if (!steps.take(String(identity.id), performance.now()))
      throw new Refusal(429, 'broods', `at most ${CONSENTS_PER_MINUTE} a minute`);
    const bytes = await signing.transactionFor(identity, brood);
    res.json({ transaction: base64(bytes) } satisfies HttpApi['POST /api/me/brood/ask']);
  });

  router.post('/me/brood', async (req, res) => {
    const { identity } = await owner(sessions, req);
    const { brood, transaction } = parseBody(BroodSigned, req.body);
    await signing.signed(identity, brood, bytesOf(transaction));
    services.wake();
    res.json({ accepted: true } satisfies HttpApi['POST /api/me/brood']);
  });

  router.post('/me/consent', async (req, res) => {
    const { identity } = await owner(sessions, req);
    const signed = parseBody(ConsentSigned, req.body);
    await ('sent' in signed
      ? handover.sent(identity, signed.sent)
      : handover.consented(identity, bytesOf(signed.transaction)));
    services.wake();
    res.json({ accepted: true } satisfies HttpApi['POST /api/me/consent']);
  });

  return router;
}

/**
 * Whoever a request's token opens; the proof of a session key stands in the header X-Session-Proof.
 * @throws Refusal 401
 */
export async function bearer(sessions: Sessions, req: Request): Promise<Opened & { token: string }> {
  const match = /^Bearer (\S+)$/.exec(req.headers.authorization ?? '');
  if (!match) throw new Refusal(401, 'authorization', 'must be "Bearer <token>"');
  const [, token] = match;
  try {
    const action = `${req.method} ${req.baseUrl}${req.path}`;
    const opened = await sessions.open({ token, proof: req.headers['x-session-proof'], action });
    return { ...opened, token };
  } catch (error) {
    if (!(error instanceof SessionRefused)) throw error;
    const field = error.field === 'token' ? 'authorization' : error.field;
    throw new Refusal(401, field, error.field === 'token' ? `the token ${error.message}` : error.message);
  }
}

/** The same for those who signed in with a wallet. @throws Refusal 401 or 403 */
export async function owner(sessions: Sessions, req: Request): Promise<Opened & { token: string }> {
  const opened = await bearer(sessions, req);
  if (opened.session.scope !== 'play')
    throw new Refusal(403, 'session', 'is a guest’s, who has no other way in');
  return opened;
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
