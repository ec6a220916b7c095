/** The brains program: uploading and sealing a brain file, and asking the referee. */
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils';
import { ComputeBudgetProgram, PublicKey, SystemProgram, type TransactionInstruction } from '@solana/web3.js';
import json from '#assets/programs/brains.json' with { type: 'json' };
import { brainId, decodeBrain } from '#shared/brain/index.ts';
import { packedBytes } from './brain-layout.ts';
import { ProgramClient, u64 } from './program.ts';

export { packedBytes, packNetwork } from './brain-layout.ts';

const brains = new ProgramClient<{ BRAIN_HEADER_BYTES: number; MAX_FILE_BYTES: number }>(json);

export const BRAINS_ID = brains.id;
export const BRAINS_ERRORS = brains.errors;
export const { BRAIN_HEADER_BYTES, MAX_FILE_BYTES } = brains.constants;
/** Bytes of the file in one `write`: a transaction of 1,232 holds that, two signatures and a priority fee. */
export const WRITE_BYTES = 840;
/** Enough for the largest brain with the longest manifest. */
const SEAL_UNITS = 1_400_000;
const LICENCE_BYTES = 24;

/** 32 bytes of zeros: no parent, no training root. */
const NONE = new Uint8Array(32);

export interface BrainState {
  author: PublicKey;
  /** SHA-256 of the brain file, 64 hex digits. */
  id: string;
  /** Id of the brain it came from; null: none. */
  parent: string | null;
  trainingRoot: string | null;
  /** SHA-256 of the file's data section. */
  weightsHash: string;
  licence: string;
  /** Lamports. */
  price: bigint;
  fileBytes: number;
  sealed: boolean;
  layers: { inputs: number; outputs: number; shift: number }[];
}

/** The seed under which a brain's account lies for its author. */
const seedOf = (id: string): string => id.slice(0, 32);

/** Where `author` keeps the brain of this id (64 hex digits). */
export function brainAddress(author: PublicKey, id: string): PublicKey {
  const parts = [author.toBytes(), utf8ToBytes(seedOf(id)), BRAINS_ID.toBytes()];
  return new PublicKey(sha256(Buffer.concat(parts)));
}

/** Bytes of the account that a brain file needs: the network or the file, whichever is longer. */
export function brainSpace(file: Uint8Array): number {
  const { network } = decodeBrain(file);
  return BRAIN_HEADER_BYTES + Math.max(packedBytes(network.layers), file.length);
}

interface Open {
  author: PublicKey;
  brain: PublicKey;
}

export interface Upload {
  payer: PublicKey;
  author: PublicKey;
  /** As `encodeBrain` wrote it. */
  file: Uint8Array;
  /** The ledger's least balance for `brainSpace(file)` bytes. */
  lamports: number;
  /** Id of the brain it came from. */
  parent?: string;
  trainingRoot?: Uint8Array;
  /** SPDX identifier, at most 24 characters. */
  licence: string;
  /** Lamports. */
  price?: bigint;
}

/** Makes the account of zeros. (Unlike createAccountWithSeed, nobody hinders this by paying in first.) */
export function allocateBrainIxs({ payer, author, file, lamports }: Upload): TransactionInstruction[] {
  const id = brainId(file);
  const accountPubkey = brainAddress(author, id);
  const place = { accountPubkey, basePubkey: author, seed: seedOf(id), programId: BRAINS_ID };
  return [
    SystemProgram.transfer({ fromPubkey: payer, toPubkey: accountPubkey, lamports }),
    SystemProgram.allocate({ ...place, space: brainSpace(file) }),
  ];
}

function licenceBytes(licence: string): number[] {
  const bytes = utf8ToBytes(licence);
  if (bytes.length < 1 || bytes.length > LICENCE_BYTES) {
    throw new RangeError(`licence: must be 1 to ${LICENCE_BYTES} bytes, is ${bytes.length}`);
  }
  const filled = new Uint8Array(LICENCE_BYTES);
  filled.set(bytes);
  return [...filled];
}

/** Begins a brain in its account of zeros; the author signs. */
export function createBrainIx(args: {
  author: PublicKey;
  brain: PublicKey;
  /** 32 bytes. */
  id: Uint8Array;
  fileBytes: number;
  parent?: Uint8Array;
  trainingRoot?: Uint8Array;
  licence: string;
  price?: bigint;
}): TransactionInstruction {
  return brains.instruction(
    'create',
    { author: args.author, brain: args.brain },
    {
      id: [...args.id],
      file_bytes: args.fileBytes,
      parent: [...(args.parent ?? NONE)],
      training_root: [...(args.trainingRoot ?? NONE)],
      licence: licenceBytes(args.licence),
      price: u64(args.price ?? 0n),
    },
  );
}

/** Writes a piece of the file; the author signs. */
export function writeBrainIx(args: Open & { offset: number; bytes: Uint8Array }): TransactionInstruction {
  const { author, brain, offset } = args;
  return brains.instruction('write', { author, brain }, { offset, bytes: Buffer.from(args.bytes) });
}

/** Checks and packs the file, for good; the author signs. */
export function sealBrainIx({ author, brain }: Open): TransactionInstruction {
  return brains.instruction('seal', { author, brain }, {});
}

/** Gives up an unsealed brain; the author signs and gets the rent. */
export function closeBrainIx({ author, brain }: Open): TransactionInstruction {
  return brains.instruction('close', { author, brain }, {});
}

/** Sets the price of a brain's use, lamports; the author signs. */
export function setPriceIx({ author, brain, price }: Open & { price: bigint }): TransactionInstruction {
  return brains.instruction('set_price', { author, brain }, { price: u64(price) });
}

/** Everything from an empty place to a sealed brain: one list of instructions a transaction, in order. */
export function uploadBrain(upload: Upload): TransactionInstruction[][] {
  const { author, file } = upload;
  const id = brainId(file);
  const brain = brainAddress(author, id);
  const create = createBrainIx({
    author,
    brain,
    id: hexToBytes(id),
    fileBytes: file.length,
    parent: upload.parent === undefined ? NONE : hexToBytes(upload.parent),
    trainingRoot: upload.trainingRoot,
    licence: upload.licence,
    price: upload.price,
  });
  const writes: TransactionInstruction[][] = [];
  for (let offset = 0; offset < file.length; offset += WRITE_BYTES) {
    const bytes = file.subarray(offset, offset + WRITE_BYTES);
    writes.push([writeBrainIx({ author, brain, offset, bytes })]);
  }
  const units = ComputeBudgetProgram.setComputeUnitLimit({ units: SEAL_UNITS });
  return [[...allocateBrainIxs(upload), create], ...writes, [units, sealBrainIx({ author, brain })]];
}

export interface PublishedDecision {
  /** Its index among the epoch's leaves. */
  index: number;
  /** As `encodeDecision` wrote it. */
  leaf: Uint8Array;
  /** The neighbour's hash first. */
  path: readonly Uint8Array[];
}

export const decisionArgs = ({ index, leaf, path }: PublishedDecision): object => ({
  index,
  leaf: Buffer.from(leaf),
  path: Buffer.concat(path),
});

/** Decides a published decision again; nobody has to sign. `recall` is needed for an epoch before the ring. */
export function judgeIx(
  args: { zone: PublicKey; brain: PublicKey; recall?: PublicKey } & PublishedDecision,
): TransactionInstruction {
  const { zone, brain, recall = null } = args;
  return brains.instruction('judge', { zone, brain, recall }, decisionArgs(args));
}

/** What `judge` returned. */
export function readJudgement(returned: Uint8Array): { action: number; published: number } {
  if (returned.length !== 2) throw new RangeError(`judgement: must be 2 bytes, is ${returned.length}`);
  return { action: returned[0], published: returned[1] };
}

/** Decides anything. */
export function evaluateIx(args: {
  brain: PublicKey;
  mask: number;
  worldSeed: number;
  tick: number;
  npc: number;
  observations: Uint8Array;
}): TransactionInstruction {
  const { brain, mask, worldSeed, tick, npc } = args;
  const observations = Buffer.from(args.observations);
  return brains.instruction('evaluate', { brain }, { mask, world_seed: worldSeed, tick, npc, observations });
}

/** What `evaluate` returned: the action and the logits, 1/256 nat. */
export function readEvaluation(returned: Uint8Array): { action: number; logits: number[] } {
  const view = new DataView(returned.buffer, returned.byteOffset, returned.length);
  const count = (returned.length - 1) / 4;
  return {
    action: view.getUint8(0),
    logits: Array.from({ length: count }, (_, i) => view.getInt32(1 + 4 * i, true)),
  };
}

interface RawBrain {
  author: PublicKey;
  id: number[];
  parent: number[];
  training_root: number[];
  weights_hash: number[];
  licence: number[];
  price: { toString(): string };
  file_bytes: number;
  sealed: number;
  layer_count: number;
  layers: { inputs: number; outputs: number; shift: number }[];
}

/** Throws when the bytes are no brain's. */
export function decodeBrainAccount(data: Uint8Array): BrainState {
  const raw = brains.decode<RawBrain>('Brain', data);
  const hex = (bytes: number[]): string => bytesToHex(Uint8Array.from(bytes));
  const some = (bytes: number[]): string | null => (bytes.some((byte) => byte > 0) ? hex(bytes) : null);
  return {
    author: raw.author,
    id: hex(raw.id),
    parent: some(raw.parent),
    trainingRoot: some(raw.training_root),
    weightsHash: hex(raw.weights_hash),
    licence: String.fromCharCode(...raw.licence.filter((byte) => byte > 0)),
    price: BigInt(raw.price.toString()),
    fileBytes: raw.file_bytes,
    sealed: raw.sealed === 1,
    layers: raw.layers
      .slice(0, raw.layer_count)
      .map(({ inputs, outputs, shift }) => ({ inputs, outputs, shift })),
  };
}
