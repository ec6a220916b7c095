/**
 * A child's genome. Its twin on chain is programs/evolution/src/mix.rs; both read the same vectors
 * (assets/vectors/growth.json).
 */
import { sha256 } from '@noble/hashes/sha2';

const GENOME_BYTES = 32;
/** The lower three bits of a byte of chance say where a child's byte comes from, the upper five how. */
const FROM_A = 3;
const FROM_B = 6;
const BETWEEN = 6;

export interface Brood {
  /** 32 bytes each: of who offered, and of who accepted. */
  secrets: readonly [Uint8Array, Uint8Array];
  /** 32 bytes: the hash of the slot in which it was accepted. */
  slotHash: Uint8Array;
  /** 32 bytes each: the parents' assets, in the same order. */
  assets: readonly [Uint8Array, Uint8Array];
}

/** @throws RangeError naming the field that is not 32 bytes */
function check(field: string, bytes: Uint8Array): Uint8Array {
  if (bytes.length !== GENOME_BYTES) throw new RangeError(`${field}: must be 32 bytes, is ${bytes.length}`);
  return bytes;
}

/**
 * What nobody could choose (32 bytes): both sides' secrets, to which they were bound before the slot's hash was known.
 * @throws RangeError
 */
export function broodChance({ secrets, slotHash, assets }: Brood): Uint8Array {
  const hash = sha256.create();
  for (const [i, one] of secrets.entries()) hash.update(check(`secrets[${i}]`, one));
  hash.update(check('slotHash', slotHash));
  for (const [i, one] of assets.entries()) hash.update(check(`assets[${i}]`, one));
  return hash.digest();
}

/**
 * What a side binds itself with (32 bytes): the hash of its secret, the brood's address and its owner's.
 * @throws RangeError
 */
export function broodCommit(secret: Uint8Array, brood: Uint8Array, owner: Uint8Array): Uint8Array {
  const hash = sha256.create().update(check('secret', secret)).update(check('brood', brood));
  return hash.update(check('owner', owner)).digest();
}

/**
 * Byte by byte, as the chance falls: the one parent's (3 in 8), the other's (3 in 8), one between both (1 in 8), or one
 * parent's changed by one to eight (1 in 8). All are 32 bytes.
 * @throws RangeError
 */
export function mixGenomes(a: Uint8Array, b: Uint8Array, chance: Uint8Array): Uint8Array {
  for (const [field, bytes] of Object.entries({ a, b, chance })) check(field, bytes);
  return a.map((one, i) => {
    const [kind, how, other] = [chance[i] & 7, chance[i] >> 3, b[i]];
    if (kind < FROM_A) return one;
    if (kind < FROM_B) return other;
    // how: 0 to 31, so that neither parent's byte itself is meant
    if (kind === BETWEEN) return Math.floor((one * (32 - how) + other * (how + 1)) / 33);
    return change(how & 1 ? other : one, how >> 1);
  });
}

/** By one to eight up or down (`how`: 0 to 15), the other way at the ends. */
function change(byte: number, how: number): number {
  const by = how < 8 ? how - 8 : how - 7;
  const changed = byte + by;
  return changed >= 0 && changed <= 255 ? changed : byte - by;
}
