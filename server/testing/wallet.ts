import { ed25519 } from '@noble/curves/ed25519';
import { bytesToHex } from '@noble/hashes/utils';
import { Keypair, Transaction } from '@solana/web3.js';
import { PROTOCOL } from '#shared/protocol/index.ts';
import { proofBytes, type SiwsInput, siwsText } from '#shared/siws/index.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** A wallet and the page that it signs in on, as the server meets them. */
export class TestWallet {
  readonly keypair = Keypair.generate();
  readonly sessionSecret = ed25519.utils.randomPrivateKey();
  readonly url: string;
  token = '';

  constructor(url: string) {
    this.url = url;
  }

  get address(): string {
    return this.keypair.publicKey.toBase58();
  }

  get domain(): string {
    return new URL(this.url).host;
  }

  get sessionKey(): string {
    return bytesToHex(ed25519.getPublicKey(this.sessionSecret));
  }

  sign(bytes: Uint8Array): Uint8Array {
    return ed25519.sign(bytes, this.keypair.secretKey.subarray(0, 32));
  }

  /** What `POST /api/siws/verify` takes: the text signed. */
  signText(input: SiwsInput): { address: string; message: string; signature: string } {
    const message = Buffer.from(siwsText({ ...input, address: this.address }));
    return { address: this.address, message: base64(message), signature: base64(this.sign(message)) };
  }

  /** A transaction's bytes with this wallet's signature put in. */
  signTransaction(bytes: Uint8Array): Uint8Array {
    const transaction = Transaction.from(bytes);
    transaction.partialSign(this.keypair);
    return transaction.serialize({ requireAllSignatures: false, verifySignatures: false });
  }

  post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.url, ...headers },
      body: JSON.stringify(body),
    });
  }

  async ask(purpose: 'enter' | 'move', guestToken?: string): Promise<SiwsInput> {
    const headers: Record<string, string> = guestToken ? { authorization: `Bearer ${guestToken}` } : {};
    return okay(await this.post('/api/siws/nonce', { purpose, key: this.sessionKey }, headers));
  }

  /** Signs in, or takes a guest's life over. */
  async signIn(guestToken?: string): Promise<{ token: string; id: number; name: string }> {
    const input = await this.ask(guestToken ? 'move' : 'enter', guestToken);
    const answer = await okay<{ token: string; id: number; name: string }>(
      await this.post('/api/siws/verify', this.signText(input)),
    );
    this.token = answer.token;
    return answer;
  }

  proof(action: string, change: { at?: number; secret?: Uint8Array; domain?: string } = {}): string {
    const at = change.at ?? Date.now();
    const nonce = Buffer.from(ed25519.utils.randomPrivateKey()).toString('base64url').slice(0, 22);
    const bytes = proofBytes({
      domain: change.domain ?? this.domain,
      token: this.token,
      action,
      at,
      nonce,
    });
    const signature = ed25519.sign(bytes, change.secret ?? this.sessionSecret);
    return `${at}.${nonce}.${Buffer.from(signature).toString('base64url')}`;
  }

  /** Asks as who signed in. */
  as(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
    proof = this.proof(`${method} ${path}`),
  ) {
    const isFile = body instanceof Uint8Array;
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        'content-type': isFile ? 'application/octet-stream' : 'application/json',
        authorization: `Bearer ${this.token}`,
        'x-session-proof': proof,
      },
      ...(body ? { body: isFile ? Buffer.from(body) : JSON.stringify(body) } : {}),
    });
  }

  /** What joining the zone needs. */
  join(proof = this.proof(`JOIN ${PROTOCOL.room}`)): { token: string; proof: string } {
    return { token: this.token, proof };
  }
}

/** @throws Error with the answer when it is not 200 */
export async function okay<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** The field and message of a refusal. */
export async function refusal(answer: Response): Promise<{ status: number; field: string; message: string }> {
  const { error } = (await answer.json()) as { error?: { field: string; message: string } };
  return { status: answer.status, field: error?.field ?? '', message: error?.message ?? '' };
}
