import { SESSION_MS, SiwsFault, type SiwsFields, type SiwsInput } from '#shared/siws/index.ts';

/** How long a wallet may take to answer, in milliseconds; its nonce ends then. */
export const ANSWER_MS = 5 * 60_000;
/** What a wallet's clock may be ahead. */
const AHEAD_MS = 60_000;

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** A time that has to be there. @throws SiwsFault */
function timeOf(field: 'issuedAt' | 'expirationTime' | 'notBefore', text: string | undefined): number {
  if (text === undefined) throw new SiwsFault(field, 'is missing');
  const time = instant.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new SiwsFault(field, 'is no ISO 8601 time');
  return time;
}

/**
 * Checks a signed-in text against what was asked. Anything missing, added or different is refused.
 * @returns when the session ends, in milliseconds since 1970
 * @throws SiwsFault naming the field
 */
export function checkSiws(signed: SiwsFields, asked: SiwsInput, address: string, now: number): number {
  if (signed.domain !== asked.domain) throw new SiwsFault('domain', `must be ${asked.domain}`);
  if (signed.address !== address) throw new SiwsFault('address', 'is not the one that signed');
  const issued = timeOf('issuedAt', signed.issuedAt);
  const expires = timeOf('expirationTime', signed.expirationTime);
  for (const field of ['statement', 'uri', 'version', 'chainId', 'nonce', 'requestId'] as const)
    if (signed[field] !== asked[field])
      throw new SiwsFault(field, asked[field] ? `must be ${asked[field]}` : 'was not asked for');
  if (JSON.stringify(signed.resources ?? []) !== JSON.stringify(asked.resources ?? []))
    throw new SiwsFault('resources', 'are not those that were asked for');
  if (issued > now + AHEAD_MS) throw new SiwsFault('issuedAt', 'lies in the future');
  if (issued < now - ANSWER_MS)
    throw new SiwsFault('issuedAt', `is older than ${ANSWER_MS / 60_000} minutes`);
  if (expires <= now) throw new SiwsFault('expirationTime', 'has passed');
  if (expires > issued + SESSION_MS)
    throw new SiwsFault('expirationTime', `is more than ${SESSION_MS / 86_400_000} days after issuedAt`);
  if (signed.notBefore !== undefined && timeOf('notBefore', signed.notBefore) > now)
    throw new SiwsFault('notBefore', 'lies in the future');
  return expires;
}
