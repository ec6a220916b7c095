/**
 * The upgradeable BPF loader: its instructions and account states as agave lays them out (bincode:
 * `solana-loader-v3-interface`, `UpgradeableLoaderInstruction` and `UpgradeableLoaderState`).
 */
import {
  PublicKey,
  SYSVAR_CLOCK_PUBKEY,
  SYSVAR_RENT_PUBKEY,
  SystemProgram,
  TransactionInstruction,
} from '@solana/web3.js';

export const LOADER_ID = new PublicKey('BPFLoaderUpgradeab1e11111111111111111111111');
/** Bytes before the program's own: of a buffer, of a program data account. */
export const BUFFER_HEADER = 37;
export const PROGRAM_DATA_HEADER = 45;
/** Bytes of a program's account, which only names its data account. */
export const PROGRAM_BYTES = 36;

export interface BufferState {
  kind: 'buffer';
  authority: PublicKey | null;
  bytes: Uint8Array;
}

export interface ProgramDataState {
  kind: 'programData';
  /** Slot of the last deployment. */
  slot: bigint;
  /** Who may upgrade; null: nobody ever. */
  authority: PublicKey | null;
  /** The whole room for the program: zeros follow it. */
  bytes: Uint8Array;
}

export type LoaderState = BufferState | ProgramDataState | { kind: 'program'; programData: PublicKey };

/** Reads an account of the loader's; null: it holds nothing yet, or is none. */
export function decodeLoaderState(data: Uint8Array): LoaderState | null {
  if (data.length < 4) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const tag = view.getUint32(0, true);
  const key = (at: number): PublicKey => new PublicKey(data.subarray(at, at + 32));
  const authority = (at: number): PublicKey | null => (data[at] === 1 ? key(at + 1) : null);
  if (tag === 1 && data.length >= BUFFER_HEADER)
    return { kind: 'buffer', authority: authority(4), bytes: data.subarray(BUFFER_HEADER) };
  if (tag === 2 && data.length >= PROGRAM_BYTES) return { kind: 'program', programData: key(4) };
  if (tag === 3 && data.length >= PROGRAM_DATA_HEADER) {
    const slot = view.getBigUint64(4, true);
    return { kind: 'programData', slot, authority: authority(12), bytes: data.subarray(PROGRAM_DATA_HEADER) };
  }
  return null;
}

export function programDataAddress(program: PublicKey): PublicKey {
  return PublicKey.findProgramAddressSync([program.toBytes()], LOADER_ID)[0];
}

/** Whether `room` holds exactly this program: its bytes, and nothing but zeros after them. */
export function holdsProgram(room: Uint8Array, so: Uint8Array): boolean {
  if (room.length < so.length || Buffer.compare(room.subarray(0, so.length), so) !== 0) return false;
  return room.subarray(so.length).every((byte) => byte === 0);
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};

/** An account: `w` may be written, `s` signs. */
type Meta = [pubkey: PublicKey, flags: '' | 'w' | 's' | 'ws'];

function instruction(accounts: Meta[], ...data: Buffer[]): TransactionInstruction {
  return new TransactionInstruction({
    programId: LOADER_ID,
    keys: accounts.map(([pubkey, flags]) => ({
      pubkey,
      isSigner: flags.includes('s'),
      isWritable: flags.includes('w'),
    })),
    data: Buffer.concat(data),
  });
}

/** Makes a buffer with room for `bytes`; payer and buffer sign. `lamports`: its rent. */
export function createBufferIxs(args: {
  payer: PublicKey;
  buffer: PublicKey;
  authority: PublicKey;
  bytes: number;
  lamports: number;
}): TransactionInstruction[] {
  const create = SystemProgram.createAccount({
    fromPubkey: args.payer,
    newAccountPubkey: args.buffer,
    lamports: args.lamports,
    space: BUFFER_HEADER + args.bytes,
    programId: LOADER_ID,
  });
  return [
    create,
    instruction(
      [
        [args.buffer, 'w'],
        [args.authority, ''],
      ],
      u32(0),
    ),
  ];
}

/** Writes a piece of the program into the buffer at `offset`; the authority signs. */
export function writeIx(
  buffer: PublicKey,
  authority: PublicKey,
  offset: number,
  bytes: Uint8Array,
): TransactionInstruction {
  return instruction(
    [
      [buffer, 'w'],
      [authority, 's'],
    ],
    u32(1),
    u32(offset),
    u64(bytes.length),
    Buffer.from(bytes),
  );
}

/** Makes the program's account and turns the buffer into its program; payer, program and authority sign. */
export function deployIxs(args: {
  payer: PublicKey;
  program: PublicKey;
  buffer: PublicKey;
  authority: PublicKey;
  /** Most bytes that the program can ever have without being extended. */
  room: number;
  /** Rent of the program's account. */
  lamports: number;
}): TransactionInstruction[] {
  const { payer, program, buffer, authority } = args;
  const create = SystemProgram.createAccount({
    fromPubkey: payer,
    newAccountPubkey: program,
    lamports: args.lamports,
    space: PROGRAM_BYTES,
    programId: LOADER_ID,
  });
  const deploy = instruction(
    [
      [payer, 'ws'],
      [programDataAddress(program), 'w'],
      [program, 'w'],
      [buffer, 'w'],
      [SYSVAR_RENT_PUBKEY, ''],
      [SYSVAR_CLOCK_PUBKEY, ''],
      [SystemProgram.programId, ''],
      [authority, 's'],
    ],
    u32(2),
    u64(args.room),
  );
  return [create, deploy];
}

/** Replaces the program by the buffer's; the authority signs, `spill` gets the buffer's lamports. */
export function upgradeIx(args: {
  program: PublicKey;
  buffer: PublicKey;
  authority: PublicKey;
  spill: PublicKey;
}): TransactionInstruction {
  const { program, buffer, authority, spill } = args;
  return instruction(
    [
      [programDataAddress(program), 'w'],
      [program, 'w'],
      [buffer, 'w'],
      [spill, 'w'],
      [SYSVAR_RENT_PUBKEY, ''],
      [SYSVAR_CLOCK_PUBKEY, ''],
      [authority, 's'],
    ],
    u32(3),
  );
}

/** Takes the upgrade authority away for ever; it signs. */
export function finaliseIx(program: PublicKey, authority: PublicKey): TransactionInstruction {
  return instruction(
    [
      [programDataAddress(program), 'w'],
      [authority, 's'],
    ],
    u32(4),
  );
}

/** Closes a buffer, its lamports to `recipient`; its authority signs. */
export function closeBufferIx(
  buffer: PublicKey,
  recipient: PublicKey,
  authority: PublicKey,
): TransactionInstruction {
  return instruction(
    [
      [buffer, 'w'],
      [recipient, 'w'],
      [authority, 's'],
    ],
    u32(5),
  );
}

/**
 * Gives the program `bytes` more room. Clusters that know the checked form (instruction 9, signed by the
 * authority) are leaving the older one (6) behind.
 */
export function extendIx(args: {
  payer: PublicKey;
  program: PublicKey;
  authority: PublicKey;
  bytes: number;
  checked: boolean;
}): TransactionInstruction {
  const { payer, program, authority, bytes, checked } = args;
  const accounts: Meta[] = [
    [programDataAddress(program), 'w'],
    [program, 'w'],
  ];
  if (checked) accounts.push([authority, 's']);
  accounts.push([SystemProgram.programId, ''], [payer, 'ws']);
  return instruction(accounts, u32(checked ? 9 : 6), u32(bytes));
}
