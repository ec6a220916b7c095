import { randomBytes, randomInt } from 'node:crypto';
import { PublicKey } from '@solana/web3.js';
import { PROTOCOL } from '#shared/protocol/index.ts';
import {
  delegation,
  guestResource,
  parseSiws,
  SESSION_MS,
  SiwsFault,
  type SiwsInput,
  siwsText,
} from '#shared/siws/index.ts';
import { Refusal } from '../refusal.ts';
import { sha256 } from '../store/cipher.ts';
import type { IdentityRow } from '../store/identities.ts';
import { type Entered, enterByWallet, moveToWallet } from '../store/moves.ts';
import { keepSignIn, type SignInRow, signInByNonce } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import { memoTransaction, readMemo } from './memo.ts';
import { verify } from './sessions.ts';
import { ANSWER_MS, checkSiws } from './siws.ts';
import { friendlyName } from './words.ts';

export interface WalletsOptions {
  store: Store;
  publicUrl: string;
  /** Hosts beside the public one whose pages may sign in here. */
  hosts: readonly string[];
  /** The cluster's name as sign-ins give it: mainnet, devnet, testnet or localnet. */
  chainId: () => Promise<string>;
  /** A guest's life went to a wallet. */
  onMoved: (entered: Entered) => void;
  clock?: () => number;
}

/** A wallet's answer: the text it signed, or the memo transaction that carries it. */
export type Answer =
  | { address: string; message: Uint8Array; signature: Uint8Array }
  | { address: string; transaction: Uint8Array };

export interface SignedIn {
  token: string;
  /** Milliseconds since 1970. */
  expires: number;
  identity: IdentityRow;
}

const ENTER = 'Sign in to Symbiont. This sends nothing and costs nothing.';
const MOVE =
  'Move your Symbiont guest, with everything it has, to this wallet. This sends nothing and costs nothing.';

/** Sign-In-With-Solana: asks a wallet to vouch for a session key, and opens a session on its word. */
export class Wallets {
  private readonly options: WalletsOptions;
  private readonly clock: () => number;

  constructor(options: WalletsOptions) {
    this.options = options;
    this.clock = options.clock ?? Date.now;
  }

  /** The domain of a page, where it is one of ours. @throws Refusal */
  domain(origin: string | undefined): string {
    const { publicUrl, hosts } = this.options;
    let host = '';
    try {
      host = new URL(origin ?? '').host;
    } catch {}
    const known = [...new Set([new URL(publicUrl).host, ...hosts])];
    if (!host || !known.includes(host))
      throw new Refusal(403, 'domain', `${host || 'none'}: sign-in is only for ${known.join(', ')}`);
    return host;
  }

  /**
   * What a wallet is to sign. The nonce in it counts once, and for five minutes.
   * @param guest whose life the wallet takes over, or null to enter
   * @param key the session key: 32 bytes as hex
   * @throws Refusal
   */
  async ask(origin: string | undefined, guest: IdentityRow | null, key: string): Promise<SiwsInput> {
    const domain = this.domain(origin);
    if (guest?.linked) throw new Refusal(409, 'guest', 'belongs to a wallet already');
    const now = this.clock();
    const nonce = randomBytes(16).toString('hex');
    const input: SiwsInput = {
      domain,
      statement: guest ? MOVE : ENTER,
      uri: origin,
      version: '1',
      chainId: await this.options.chainId(),
      nonce,
      issuedAt: new Date(now).toISOString(),
      expirationTime: new Date(now + SESSION_MS).toISOString(),
      resources: [delegation(key), ...(guest ? [guestResource(guest.address)] : [])],
    };
    const row: SignInRow = {
      nonce,
      identity: guest?.id ?? null,
      input,
      key: Uint8Array.from(Buffer.from(key, 'hex')),
      expires: new Date(now + ANSWER_MS),
    };
    if (!(await keepSignIn(this.options.store, row, new Date(now))))
      throw new Refusal(503, 'nonces', 'too many sign-ins at once; try again in a few minutes');
    return input;
  }

  /** The same as a transaction, for wallets that sign no messages. @throws Refusal */
  async memo(nonce: string, address: string): Promise<Uint8Array> {
    const asked = await this.asked(nonce);
    return memoTransaction(siwsText({ ...asked.input, address: checkAddress(address) }), address);
  }

  /** @throws Refusal naming what is wrong; nothing has changed then */
  async answer(origin: string | undefined, answer: Answer): Promise<SignedIn> {
    const domain = this.domain(origin);
    try {
      return await this.enter(domain, answer);
    } catch (error) {
      if (error instanceof SiwsFault) throw new Refusal(400, error.field, error.message);
      throw error;
    }
  }

  private async enter(domain: string, answer: Answer): Promise<SignedIn> {
    const address = checkAddress(answer.address);
    const fields = parseSiws(textOf(answer));
    if (fields.nonce === undefined) throw new SiwsFault('nonce', 'is missing');
    if (fields.domain !== domain) throw new SiwsFault('domain', `must be ${domain}`);
    const asked = await this.asked(fields.nonce);
    const expires = checkSiws(fields, asked.input, address, this.clock());
    if ('message' in answer && !verify(answer.signature, answer.message, new PublicKey(address).toBytes()))
      throw new SiwsFault('signature', 'is not the wallet’s');
    const token = randomBytes(32).toString('base64url');
    const session = {
      tokenHash: sha256(token),
      scope: 'play' as const,
      key: asked.key,
      domain,
      expires: new Date(expires),
    };
    const { store, onMoved } = this.options;
    const entered =
      asked.identity === null
        ? await enterByWallet(store, asked.nonce, this.newcomer(address), session)
        : await moveToWallet(store, asked.nonce, asked.identity, address, session);
    if (entered === 'nonce') throw NONCE();
    if (entered === 'linked') throw new Refusal(409, 'guest', 'belongs to a wallet already');
    if (entered === 'taken')
      throw new Refusal(409, 'wallet', 'has a life here already; sign in with it instead');
    if (asked.identity !== null) onMoved(entered);
    return { token, expires, identity: entered.identity };
  }

  private newcomer(address: string): { address: string; name: string; look: number } {
    return { address, name: friendlyName((below) => randomInt(below)), look: randomInt(PROTOCOL.looks) };
  }

  private async asked(nonce: string): Promise<SignInRow> {
    const row = await signInByNonce(this.options.store, nonce);
    if (!row || row.expires.getTime() <= this.clock()) throw NONCE();
    return row;
  }
}

const NONCE = () => new Refusal(400, 'nonce', 'is unknown, used or too old; ask for a new one');

/** The text a wallet signed; a memo transaction's signature is checked on the way. @throws SiwsFault */
function textOf(answer: Answer): string {
  if ('transaction' in answer) return readMemo(answer.transaction, answer.address);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(answer.message);
  } catch {
    throw new SiwsFault('message', 'is not UTF-8');
  }
}

/** @throws Refusal */
function checkAddress(address: string): string {
  try {
    if (new PublicKey(address).toBase58() === address && PublicKey.isOnCurve(address)) return address;
  } catch {}
  throw new Refusal(400, 'address', 'is no wallet’s address');
}
