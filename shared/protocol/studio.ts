import { z } from 'zod';
import type { GrowthRule } from '../growth/index.ts';
import { UNPRINTABLE } from './limits.ts';
import { Address } from './messages.ts';

/**
 * What creators ask of `/api/studio` and what it answers; server/studio/README.md tells the whole way. Lamports are
 * whole numbers, addresses base58, hashes 64 lowercase hex digits, transactions base64.
 */
export const STUDIO = {
  /** Bytes of one art model's file; models a creator keeps here, and their bytes together. */
  modelBytes: 4 * 1024 * 1024,
  models: 24,
  modelsBytes: 32 * 1024 * 1024,
  /** Collections of one creator that this server keeps, drafts among them. */
  collections: 32,
  nameBytes: 32,
  description: 1000,
  /** Characters of what a creator calls a stage or a branch. */
  traitName: 24,
  /** Lamports that a mint may cost: 1,000 SOL. */
  price: 1_000_000_000_000,
  /** Symbionts of one test drop. */
  drop: 8,
  shares: 5,
  bodyBytes: 16 * 1024,
} as const;

const whole = (most: number) =>
  z
    .int(`must be a whole number from 0 to ${most}`)
    .min(0, `must be a whole number from 0 to ${most}`)
    .max(most, `must be a whole number from 0 to ${most}`);
const signature = z
  .string('must be a signature')
  .regex(/^[1-9A-HJ-NP-Za-km-z]{64,90}$/, 'must be a transaction’s signature in base58');
const hash = z.string('must be 64 hex digits').regex(/^[0-9a-f]{64}$/, 'must be 64 lowercase hex digits');
const words = (most: number) =>
  z
    .string('must be text')
    .transform((text) => text.normalize('NFC').trim())
    .pipe(
      z
        .string()
        .max(most, `at most ${most} characters`)
        .refine((text) => !UNPRINTABLE.test(text), 'no control or invisible characters'),
    );
const utf8Bytes = (text: string): number => {
  let bytes = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
};
const named = words(STUDIO.traitName).pipe(z.string().min(1, 'at least one character'));
const eight = (most: number) => z.array(whole(most)).length(8, 'must be 8 numbers, one a deed');

const Rule = z.strictObject({
  steps: z
    .array(z.strictObject({ thresholds: eight(0xffffffff), weights: eight(255), minimum: whole(0xffffffff) }))
    .min(1, 'at least one step')
    .max(5, 'at most 5 steps'),
  branchStage: whole(5),
  branches: z.array(eight(255)).length(4, 'must be 4 branches'),
});

export const StudioRoyalties = z
  .strictObject({
    basisPoints: whole(10_000),
    shares: z
      .array(z.strictObject({ address: Address, percentage: whole(100) }))
      .min(1, 'at least one person')
      .max(STUDIO.shares, `at most ${STUDIO.shares} people`),
  })
  .refine(({ shares }) => shares.reduce((sum, one) => sum + one.percentage, 0) === 100, {
    path: ['shares'],
    message: 'percentages must make 100 together',
  })
  .refine(({ shares }) => new Set(shares.map((one) => one.address)).size === shares.length, {
    path: ['shares'],
    message: 'must name different people',
  });

/** A collection as its creator wants it. `GrowthRule`'s own limits are checked by shared/growth. */
export const StudioDraft = z.strictObject({
  name: words(STUDIO.nameBytes)
    .pipe(z.string().min(1, 'at least one character'))
    .refine((text) => utf8Bytes(text) <= STUDIO.nameBytes, `at most ${STUDIO.nameBytes} bytes`),
  symbol: z.string('must be text').regex(/^[A-Z0-9]{1,10}$/, 'must be 1 to 10 of A-Z and 0-9'),
  description: words(STUDIO.description).default(''),
  /** What stages 0..4 and branches 1..4 are called in metadata; null: as in the world. */
  traits: z
    .strictObject({
      stages: z.array(named).length(5, 'must be 5 names'),
      branches: z.array(named).length(4, 'must be 4 names'),
    })
    .nullable()
    .default(null),
  /** Id of the art model; null: the world's own. */
  model: hash.nullable(),
  /** Of the art, as an SPDX identifier: it goes on chain with the model. */
  licence: z
    .string('must be text')
    .regex(/^[\x21-\x7e]{1,24}$/, 'must be an SPDX identifier of 1 to 24 characters'),
  rule: Rule,
  /** Most that will ever be minted; 0: no limit. */
  supply: whole(0xffffffff),
  /** Lamports that whoever mints for themselves pays; 0: nothing. */
  price: whole(STUDIO.price),
  /** Whom the price goes to; null: the creator. */
  treasury: Address.nullable().default(null),
  royalties: StudioRoyalties.nullable().default(null),
  /** Evolutions of one symbiont a day; 0: as many as it earns. */
  dailyCap: whole(0xffff).default(0),
});
export type StudioDraft = z.infer<typeof StudioDraft> & { rule: GrowthRule };

/** Without a signature the chain alone is looked at. */
export const StudioConfirm = z.strictObject({ signature: signature.optional() });

/** A test drop: to the creator, or to another's address. */
export const StudioMint = z.strictObject({
  count: z
    .int(`must be 1 to ${STUDIO.drop}`)
    .min(1, `must be 1 to ${STUDIO.drop}`)
    .max(STUDIO.drop, `must be 1 to ${STUDIO.drop}`)
    .default(1),
  to: Address.optional(),
});

/** What a collection's authority may change once it is on chain. */
export const StudioManage = z.discriminatedUnion(
  'do',
  [
    z.strictObject({ do: z.literal('pause') }),
    z.strictObject({ do: z.literal('resume') }),
    z.strictObject({ do: z.literal('dailyCap'), dailyCap: whole(0xffff) }),
    /** Only lower, never below what was minted. */
    z.strictObject({ do: z.literal('supply'), supply: whole(0xffffffff) }),
    z.strictObject({ do: z.literal('price'), price: whole(STUDIO.price), treasury: Address.optional() }),
    z.strictObject({ do: z.literal('royalties'), royalties: StudioRoyalties }),
    /** Who may mint besides the authority: an address, `world` for this world, or null for nobody. */
    z.strictObject({ do: z.literal('minter'), minter: z.union([Address, z.literal('world')]).nullable() }),
    /** Offers the collection to another; null takes the offer back. */
    z.strictObject({ do: z.literal('propose'), to: Address.nullable() }),
    /** By whom it was offered to. */
    z.strictObject({ do: z.literal('accept') }),
    /** Both only before the first mint. */
    z.strictObject({ do: z.literal('rule'), rule: Rule }),
    z.strictObject({ do: z.literal('model'), model: hash.nullable() }),
  ],
  'must name what to do: pause, resume, dailyCap, supply, price, royalties, minter, propose, accept, rule or model',
);
export type StudioManage = z.infer<typeof StudioManage>;

/** An art model that is kept here. */
export interface StudioModel {
  /** SHA-256 of the file: its name everywhere. */
  id: string;
  name: string;
  bytes: number;
  /** Side of its sprites in pixels. */
  size: number;
  /** The model that it was trained on from, and the Merkle root over its training data, as the file says. */
  parent: string | null;
  trainingRoot: string | null;
  /** Milliseconds since 1970. */
  created: number;
}

/**
 * draft: nothing of it is on chain. signed: a transaction was handed in that the chain does not show yet. made: the
 * collection is on chain, its art is not registered yet (registering can be repeated). registered: everything is.
 */
export type StudioState = 'draft' | 'signed' | 'made' | 'registered';

/** What the chain holds of a collection now. */
export interface StudioOnChain {
  authority: string;
  proposed: string | null;
  minter: string | null;
  /** Whether this world mints in it, and whether its deeds count here. */
  mintsHere: boolean;
  growsHere: boolean;
  model: string | null;
  minted: number;
  supply: number;
  price: number;
  treasury: string | null;
  dailyCap: number;
  paused: boolean;
  royalties: z.infer<typeof StudioRoyalties> | null;
}

export interface StudioCollection {
  address: string;
  state: StudioState;
  draft: StudioDraft;
  /** The last transaction that was handed in, and why it was refused. */
  signature: string | null;
  error: string | null;
  onChain: StudioOnChain | null;
  created: number;
}

/** Lamports that a transaction costs the wallet that signs it. */
export interface StudioCost {
  /** For signatures. */
  fee: number;
  /** Rent of the accounts that it makes, and what it pays to others. */
  rest: number;
  total: number;
}

/** A transaction to sign with the creator's wallet and to send; it counts for about a minute, ask again for another. */
export interface StudioStep {
  /** `register`, `create`, `mint`, or what `manage` was asked to do. */
  kind: string;
  /** What it does, in words. */
  what: string;
  /** Null: the chain holds it already, or `refusal` says why it cannot be done now. */
  transaction: string | null;
  done: boolean;
  refusal: string | null;
  cost: StudioCost | null;
}

export interface StudioAnswer {
  collection: StudioCollection;
  /** In the order in which they are to be signed. */
  steps: StudioStep[];
}

export interface StudioDrop {
  asset: string;
  name: string;
  genome: string;
  picture: string;
}

/** Which symbionts one may walk with. */
export interface OwnedSymbiont {
  asset: string;
  name: string;
  genome: string;
  stage: number;
  branch: number;
  version: number;
  deeds: number[];
  collection: string;
  collectionName: string;
  /** Id of the art model that draws it; null: the world's own. */
  model: string | null;
  /** Whether it walks with its owner now. */
  companion: boolean;
  /** Why it cannot walk here; null: it can. */
  refusal: string | null;
}

/** Errors as everywhere: `{ error: { field, message } }`. All but a model's bytes want a wallet's session. */
export interface StudioApi {
  /** Body: the file's bytes, application/octet-stream. The same bytes again change nothing. */
  'POST /api/studio/models': { model: StudioModel };
  'GET /api/studio/models': { models: StudioModel[] };
  /** The file; anyone, from any origin. */
  'GET /api/studio/models/:id': Uint8Array;
  /** Where no collection names it. */
  'DELETE /api/studio/models/:id': { deleted: true };
  /** Body: StudioDraft. */
  'POST /api/studio/collections': StudioAnswer;
  /** Body: StudioDraft; until it is on chain. */
  'PUT /api/studio/collections/:address': StudioAnswer;
  /** Mine, the newest first; those too that were handed over to me. `balance`: the wallet's lamports. */
  'GET /api/studio/collections': { collections: StudioCollection[]; balance: number; testSol: boolean };
  /** One, with fresh transactions for what is not done. */
  'GET /api/studio/collections/:address': StudioAnswer;
  /** A draft of which nothing was signed. */
  'DELETE /api/studio/collections/:address': { deleted: true };
  /** Body: StudioConfirm. Looks at the chain; may be asked again and again. */
  'POST /api/studio/collections/:address/confirm': StudioAnswer;
  /** Body: StudioManage. */
  'POST /api/studio/collections/:address/manage': { step: StudioStep };
  /** Body: StudioMint. One step a symbiont, in the order of `symbionts`. */
  'POST /api/studio/collections/:address/mint': { symbionts: StudioDrop[]; steps: StudioStep[] };
  /** Test SOL of the embedded ledger for the wallet; refused on a cluster. */
  'POST /api/studio/test-sol': { lamports: number; balance: number; note: string };
  /** Symbionts that this session's identity owns. Choosing one: room message `companion` { asset }. */
  'GET /api/me/symbionts': { symbionts: OwnedSymbiont[] };
}
