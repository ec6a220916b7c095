import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSiws, SIWS_MAX, SiwsFault, type SiwsFields, siwsText } from './message.ts';

const ADDRESS = 'FGqjYJyL2tNYnMhbUWJyWyXgyRFKwTFHUtQKPg6Uhjpq';
const FULL: SiwsFields = {
  domain: 'localhost:2567',
  address: ADDRESS,
  statement: 'Sign in to play.',
  uri: 'http://localhost:2567',
  version: '1',
  chainId: 'localnet',
  nonce: 'abcdefgh12345678',
  issuedAt: '2026-11-23T00:00:00.000Z',
  expirationTime: '2026-11-24T00:00:00.000Z',
  notBefore: '2026-11-23T00:00:00.000Z',
  requestId: '7',
  resources: ['urn:a', 'urn:b'],
};

test('the text is the one that wallets write', () => {
  expect(siwsText(FULL)).toBe(
    `localhost:2567 wants you to sign in with your Solana account:
${ADDRESS}

Sign in to play.

URI: http://localhost:2567
Version: 1
Chain ID: localnet
Nonce: abcdefgh12345678
Issued At: 2026-11-23T00:00:00.000Z
Expiration Time: 2026-11-24T00:00:00.000Z
Not Before: 2026-11-23T00:00:00.000Z
Request ID: 7
Resources:
- urn:a
- urn:b`,
  );
});

test('every choice of fields reads back as it was', () => {
  const keys = Object.keys(FULL).filter((k) => k !== 'domain' && k !== 'address');
  fc.assert(
    fc.property(fc.subarray(keys), (chosen) => {
      const fields = Object.fromEntries(
        Object.entries(FULL).filter(([k]) => k === 'domain' || k === 'address' || chosen.includes(k)),
      ) as unknown as SiwsFields;
      expect(parseSiws(siwsText(fields))).toEqual(fields);
    }),
  );
});

test.each([
  ['', 'message'],
  ['hello', 'message'],
  [siwsText({ ...FULL, domain: 'a b' }), 'domain'],
  [siwsText({ ...FULL, domain: 'evil.example/localhost:2567' }), 'domain'],
  [siwsText({ ...FULL, domain: 'user@localhost' }), 'domain'],
  [siwsText({ ...FULL, address: 'not base58 0OIl' }), 'address'],
  [siwsText({ ...FULL, statement: 'two\nlines' }), 'message'],
  [siwsText({ ...FULL, resources: Array(9).fill('urn:x') }), 'resources'],
  [`${siwsText(FULL)}\n`, 'message'],
  [siwsText(FULL).replaceAll('\n', '\r\n'), 'message'],
  [siwsText(FULL).replace('Nonce: ', 'Nonce:'), 'message'],
  [siwsText(FULL).replace('Version: 1', 'Version: 1\nVersion: 1'), 'message'],
  [siwsText(FULL).replace('Version: 1\nChain ID: localnet', 'Chain ID: localnet\nVersion: 1'), 'message'],
  ['x'.repeat(SIWS_MAX + 1), 'message'],
])('a text that is no sign-in is refused: %#', (text, field) => {
  let fault: unknown;
  try {
    parseSiws(text);
  } catch (error) {
    fault = error;
  }
  expect(fault).toBeInstanceOf(SiwsFault);
  expect((fault as SiwsFault).field).toBe(field);
});

test('whatever is read is what was written', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.nat(200), (noise, at) => {
      const good = siwsText(FULL);
      const text = good.slice(0, at) + noise + good.slice(at);
      try {
        expect(siwsText(parseSiws(text))).toBe(text);
      } catch (error) {
        expect(error).toBeInstanceOf(SiwsFault);
      }
    }),
  );
});
