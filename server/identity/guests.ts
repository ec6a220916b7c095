import { randomBytes, randomInt } from 'node:crypto';
import { Keypair } from '@solana/web3.js';
import bs58 from 'bs58';
import { PROTOCOL } from '#shared/protocol/index.ts';
import { Refusal } from '../refusal.ts';
import { type Cipher, sha256 } from '../store/cipher.ts';
import { createIdentity, type IdentityRow } from '../store/identities.ts';
import type { Store } from '../store/store.ts';
import { friendlyName, isUnwanted } from './words.ts';

const PURPOSE = 'identity';

/** A name that is refused; the message says why. */
export class NameRefused extends Refusal {
  override name = 'NameRefused';

  constructor(message: string) {
    super(400, 'name', message);
  }
}

export interface Guest {
  /** Shown once; the store keeps its hash alone. */
  token: string;
  identity: IdentityRow;
}

/**
 * Guests get an identity at once: a Solana key made for them and kept sealed, and a token that opens it.
 */
export class Guests {
  private readonly store: Store;
  private readonly cipher: Cipher;

  constructor(store: Store, cipher: Cipher) {
    this.store = store;
    this.cipher = cipher;
  }

  /** @throws NameRefused when the name holds an unwanted word */
  async create(wish: { name?: string; look?: number }): Promise<Guest> {
    if (wish.name !== undefined) checkName(wish.name);
    const key = Keypair.generate();
    const token = randomBytes(32).toString('base64url');
    const identity = await createIdentity(this.store, {
      tokenHash: sha256(token),
      name: wish.name ?? friendlyName((below) => randomInt(below)),
      look: wish.look ?? randomInt(PROTOCOL.looks),
      address: key.publicKey.toBase58(),
      secret: this.cipher.seal(key.secretKey, PURPOSE),
    });
    return { token, identity };
  }

  /** The key made for a guest; null where a wallet holds all. */
  keypair(identity: Pick<IdentityRow, 'secret'>): Keypair | null {
    if (!identity.secret) return null;
    // What was sealed is what is opened, so that its public half need not be found again.
    return Keypair.fromSecretKey(this.cipher.open(identity.secret, PURPOSE), { skipValidation: true });
  }

  /** 64 bytes as base58, the form wallets import; null for who belongs to a wallet. */
  export(identity: IdentityRow): { address: string; secretKey: string } | null {
    const key = identity.linked ? null : this.keypair(identity);
    return key && { address: identity.address, secretKey: bs58.encode(key.secretKey) };
  }
}

/** @throws NameRefused when the name holds an unwanted word */
export function checkName(name: string): void {
  if (isUnwanted(name)) throw new NameRefused('name: holds a word that is not wanted here');
}
