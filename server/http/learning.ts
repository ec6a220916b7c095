import { Router } from 'express';
import { type HttpApi, LearningWish } from '#shared/protocol/index.ts';
import { EVENT_NAMES, ROLE_NAMES } from '#shared/world/index.ts';
import type { Sessions } from '../identity/sessions.ts';
import { type Part, PERSON } from '../learning/log/part.ts';
import type { Privacy } from '../learning/privacy.ts';
import { Buckets } from '../rate.ts';
import { Refusal } from '../refusal.ts';
import { parseBody } from './errors.ts';
import { bearer } from './wallets.ts';

/** Exports and deletions that an identity may ask for at once, and a minute. */
const BURST = 4;
const PER_MINUTE = 2;

/** What inhabitants learn from a player is theirs to see, to take along, to delete and to stop. */
export function learning(services: { sessions: Sessions; privacy: Privacy }): Router {
  const { sessions, privacy } = services;
  const router = Router();
  const pace = new Buckets(PER_MINUTE / 60, BURST);
  const slowly = (identity: number): void => {
    if (!pace.take(String(identity), performance.now()))
      throw new Refusal(429, 'learning', `at most ${PER_MINUTE} exports and deletions a minute`);
  };

  router.get('/me/learning', async (req, res) => {
    const { identity } = await bearer(sessions, req);
    res.json((await privacy.see(identity.id)) satisfies HttpApi['GET /api/me/learning']);
  });

  router.get('/me/learning/export', async (req, res) => {
    const { identity } = await bearer(sessions, req);
    slowly(identity.id);
    const { pseudonym } = await privacy.see(identity.id);
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    res.setHeader('Content-Disposition', 'attachment; filename="learning.json"');
    res.write(`{"pseudonym":"${pseudonym}","epochs":[`);
    let first = true;
    for await (const part of privacy.parts(identity.id)) {
      if (res.destroyed) return;
      const room = res.write(`${first ? '' : ','}\n${JSON.stringify(readable(part))}`);
      first = false;
      if (!room) await new Promise((resolve) => res.once('drain', resolve).once('close', resolve));
    }
    res.end('\n]}\n');
  });

  router.delete('/me/learning', async (req, res) => {
    const { identity } = await bearer(sessions, req);
    slowly(identity.id);
    res.json((await privacy.delete(identity.id)) satisfies HttpApi['DELETE /api/me/learning']);
  });

  router.put('/me/learning', async (req, res) => {
    const { identity } = await bearer(sessions, req);
    const { allowed } = parseBody(LearningWish, req.body);
    await privacy.allow(identity.id, allowed);
    res.json((await privacy.see(identity.id)) satisfies HttpApi['PUT /api/me/learning']);
  });

  return router;
}

/** A part in words, as its person is shown it. */
function readable({ epoch, plays }: Part) {
  return {
    epoch,
    decisions: plays.map(({ tick, npc, role, mask, action, events, observation }) => ({
      tick,
      who: npc === PERSON ? 'you' : `${ROLE_NAMES[role]} ${npc}`,
      mask,
      action,
      observation: Buffer.from(observation).toString('hex'),
      events: events.map((e) => ({
        what: EVENT_NAMES[e.kind],
        side: e.side === 0 ? 'did' : 'suffered',
        with: ROLE_NAMES[e.role] ?? null,
        amount: e.amount,
      })),
    })),
  };
}
