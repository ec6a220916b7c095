import { ServerError } from '@colyseus/core';
import { JoinOptions, PROTOCOL } from '#shared/protocol/index.ts';
import { SessionRefused, type Sessions } from '../identity/sessions.ts';
import type { ZoneHost } from '../zone/host.ts';
import { MAX_PLAYERS } from '../zone/zone.ts';

/** What a session key's proof for joining is for. */
const JOIN = `JOIN ${PROTOCOL.room}`;
const BAD_JOIN = 4400;
const UNKNOWN_TOKEN = 4403;
export const FULL = 4404;

/** Who was let in, as it travels from the check to the room. */
export interface Admitted {
  id: number;
  /** When their session ends, in milliseconds since 1970. */
  until: number | null;
}

/**
 * Who wants to join, by their token.
 * @throws ServerError naming what is wrong; Error when the database does not answer
 */
export async function admit(
  { host, sessions }: { host: ZoneHost; sessions: Sessions },
  options: unknown,
): Promise<Admitted> {
  const wish = JoinOptions.safeParse(options);
  if (!wish.success) {
    const issue = wish.error.issues[0];
    throw new ServerError(BAD_JOIN, `${issue.path.join('.') || 'options'}: ${issue.message}`);
  }
  const { token, proof } = wish.data;
  const { identity, session } = await sessions.open({ token, proof, action: JOIN }).catch((error) => {
    if (!(error instanceof SessionRefused)) throw error;
    throw new ServerError(UNKNOWN_TOKEN, `${error.field}: ${error.message}`);
  });
  if (host.players >= MAX_PLAYERS && !host.presence(identity.id))
    throw new ServerError(FULL, `players: ${host.players}, at most ${MAX_PLAYERS}`);
  return { id: identity.id, until: session.expires?.getTime() ?? null };
}
