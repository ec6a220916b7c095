/**
 * The text of Sign-In-With-Solana, as wallets build it for `solana:signIn`
 * (phantom/sign-in-with-solana; the ABNF follows EIP-4361).
 */

/** The fields of a sign-in; times are ISO 8601. */
export interface SiwsFields {
  domain: string;
  /** base58 of 32 bytes. */
  address: string;
  statement?: string;
  uri?: string;
  version?: string;
  chainId?: string;
  nonce?: string;
  issuedAt?: string;
  expirationTime?: string;
  notBefore?: string;
  requestId?: string;
  resources?: readonly string[];
}

/** What a site asks a wallet to sign: all but the address, which is the wallet's to add. */
export type SiwsInput = Omit<SiwsFields, 'address'>;

/** UTF-16 units of a text that is read at all. */
export const SIWS_MAX = 2048;
const MOST_RESOURCES = 8;

/** A text that is no sign-in; `field` names the part that is wrong. */
export class SiwsFault extends Error {
  override name = 'SiwsFault';
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

const FIRST = / wants you to sign in with your Solana account:$/;
/** The lines after the statement, in the only order they may have. */
const LABELS = [
  ['uri', 'URI'],
  ['version', 'Version'],
  ['chainId', 'Chain ID'],
  ['nonce', 'Nonce'],
  ['issuedAt', 'Issued At'],
  ['expirationTime', 'Expiration Time'],
  ['notBefore', 'Not Before'],
  ['requestId', 'Request ID'],
] as const;

export function siwsText(fields: SiwsFields): string {
  const parts = [`${fields.domain} wants you to sign in with your Solana account:\n${fields.address}`];
  if (fields.statement) parts.push(fields.statement);
  const lines: string[] = [];
  for (const [key, label] of LABELS) if (fields[key]) lines.push(`${label}: ${fields[key]}`);
  if (fields.resources) lines.push('Resources:', ...fields.resources.map((r) => `- ${r}`));
  if (lines.length > 0) parts.push(lines.join('\n'));
  return parts.join('\n\n');
}

/**
 * Reads a sign-in back. Only the one way of writing it is read, so that no two readers can disagree.
 * @throws SiwsFault
 */
export function parseSiws(text: string): SiwsFields {
  if (text.length > SIWS_MAX)
    throw new SiwsFault('message', `${text.length} characters, at most ${SIWS_MAX}`);
  const lines = text.split('\n');
  const [first, address] = lines;
  if (!FIRST.test(first)) throw new SiwsFault('message', 'is no sign-in with Solana');
  const domain = first.replace(FIRST, '');
  if (!/^[^\s/@?#]{1,255}$/.test(domain)) throw new SiwsFault('domain', 'is no host');
  if (!/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(address ?? ''))
    throw new SiwsFault('address', 'is no Solana address');
  const fields: SiwsFields = { domain, address };
  let at = 2;
  if (lines.length > at) {
    if (lines[at++] !== '') throw new SiwsFault('message', 'has no empty line after the address');
    const isStatement = lines[at + 1] === '' || (at + 1 === lines.length && !isField(lines[at]));
    if (isStatement) {
      fields.statement = lines[at];
      at += 2;
    }
  }
  for (const [key, label] of LABELS) {
    if (!lines[at]?.startsWith(`${label}: `)) continue;
    fields[key] = lines[at++].slice(label.length + 2);
  }
  if (lines[at] === 'Resources:') {
    fields.resources = lines.slice(at + 1).map((line) => line.replace(/^- /, ''));
    if (fields.resources.length > MOST_RESOURCES)
      throw new SiwsFault('resources', `${fields.resources.length}, at most ${MOST_RESOURCES}`);
  }
  if (siwsText(fields) !== text) throw new SiwsFault('message', 'holds a line out of place');
  return fields;
}

const isField = (line: string): boolean =>
  line === 'Resources:' || LABELS.some(([, label]) => line.startsWith(`${label}: `));
