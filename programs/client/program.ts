/** One Anchor program as its IDL describes it: nothing of it is typed a second time. */
import type { Idl } from '@coral-xyz/anchor';
import * as anchorModule from '@coral-xyz/anchor';
import { PublicKey, TransactionInstruction } from '@solana/web3.js';

/** Node puts some names of this CommonJS module under `default` only; a bundler sees them all. */
const anchor =
  'BN' in anchorModule ? anchorModule : (anchorModule as { default: typeof anchorModule }).default;

/** What an IDL file holds, as far as it is read here. */
interface IdlJson {
  address: string;
  constants?: readonly { name: string; type: unknown; value: string }[];
  errors?: readonly { code: number; name: string; msg?: string }[];
}

export interface ProgramError {
  readonly name: string;
  readonly message: string;
}

/** `Constants` names the program's constants: byte strings as Uint8Array, u32 as number, wider as bigint. */
export class ProgramClient<Constants> {
  readonly id: PublicKey;
  readonly constants: Constants;
  /** Name and sentence of each refusal, by code. */
  readonly errors: ReadonlyMap<number, ProgramError>;
  readonly #idl: Idl;
  readonly #coder;

  constructor(json: IdlJson) {
    this.#idl = json as unknown as Idl;
    this.#coder = new anchor.BorshCoder(this.#idl);
    this.id = new PublicKey(json.address);
    this.errors = new Map(
      (json.errors ?? []).map(({ code, name, msg }) => [code, { name, message: msg ?? name }]),
    );
    this.constants = Object.fromEntries(
      (json.constants ?? []).map(({ name, type, value }) => [name, constant(type, value)]),
    ) as Constants;
  }

  /**
   * Puts an instruction together: accounts by the IDL's names, order, signers and writability; null
   * stands for an optional account left out.
   */
  instruction(
    name: string,
    accounts: Record<string, PublicKey | null>,
    args: object,
  ): TransactionInstruction {
    const found = this.#idl.instructions.find((one) => one.name === name);
    if (!found) throw new Error(`the IDL has no instruction "${name}"`);
    const keys = found.accounts.map((account) => {
      if ('accounts' in account) throw new Error(`${name}: nested accounts are not supported`);
      const given = account.address ? new PublicKey(account.address) : accounts[account.name];
      if (given === undefined) throw new Error(`${name}: account "${account.name}" is missing`);
      if (given === null) return { pubkey: this.id, isSigner: false, isWritable: false };
      return {
        pubkey: given,
        isSigner: Boolean(account.signer),
        isWritable: Boolean(account.writable),
      };
    });
    return new TransactionInstruction({
      programId: this.id,
      keys,
      data: this.#coder.instruction.encode(name, args),
    });
  }

  /** Throws when the bytes are no such account's. */
  decode<T>(name: string, data: Uint8Array): T {
    return this.#coder.accounts.decode<T>(name, Buffer.from(data));
  }

  find(...seeds: Uint8Array[]): PublicKey {
    return PublicKey.findProgramAddressSync(seeds, this.id)[0];
  }
}

function constant(type: unknown, value: string): Uint8Array | number | bigint {
  if (type === 'bytes') return Uint8Array.from(JSON.parse(value) as number[]);
  return type === 'u64' || type === 'i64' ? BigInt(value) : Number(value);
}

/** A u64 argument. */
export const u64 = (value: bigint): InstanceType<typeof anchor.BN> => new anchor.BN(value.toString());

/** A u32's little-endian bytes, as they stand in seeds. */
export function u32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
