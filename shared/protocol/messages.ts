import { z } from 'zod';
import { ACTION_COUNT, MAX_ARG, TRADE } from '../world/actions.ts';
import { PROTOCOL, UNPRINTABLE } from './limits.ts';

/** Letters, digits and marks of any script, with single spaces, hyphens, apostrophes and dots between them. */
const NAME = /^[\p{L}\p{N}\p{M}]+(?:[ '’.-][\p{L}\p{N}\p{M}]+)*$/u;

/** As it is written; whether it is one of 32 bytes is seen where it is used. */
export const Address = z
  .string('must be a Solana address')
  .regex(/^[1-9A-HJ-NP-Za-km-z]{32,44}$/, 'must be a Solana address');

export const Name = z
  .string()
  .transform((s) => s.normalize('NFC').trim().replace(/\s+/g, ' '))
  .pipe(
    z
      .string()
      .min(PROTOCOL.nameMin, `at least ${PROTOCOL.nameMin} characters`)
      .max(PROTOCOL.nameMax, `at most ${PROTOCOL.nameMax} characters`)
      .regex(NAME, 'letters and digits, with single spaces, hyphens or apostrophes between them'),
  );

export const ChatText = z
  .string()
  .transform((s) => s.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .min(1, 'at least one character')
      .max(PROTOCOL.chatMax, `at most ${PROTOCOL.chatMax} characters`)
      .refine((s) => !UNPRINTABLE.test(s), 'no control or invisible characters'),
  );

/** From now on I do this. `seq` rises by one with each intent of a connection. */
export const Act = z
  .strictObject({
    seq: z.int().min(1).max(0xffffffff),
    action: z
      .int()
      .min(0)
      .max(ACTION_COUNT - 1),
    /** For give: 0 what there is most of, 1 fruit, 2 crystal; for trade: see DEAL. */
    arg: z.int().min(0).max(MAX_ARG).default(0),
  })
  .refine(({ action, arg }) => action === TRADE || arg <= 2, { path: ['arg'], message: 'at most 2' });
export const Chat = z.strictObject({ text: ChatText });
/** To the inhabitant in place `target`. It hears what is said within six tiles; what it understands is a tone. */
export const Say = z.strictObject({ target: z.int().min(0).max(1023), text: ChatText });
export const Rename = z.strictObject({ name: Name });
export const Look = z.strictObject({
  look: z
    .int()
    .min(0)
    .max(PROTOCOL.looks - 1),
});
/** `at` is the client's own clock; it comes back unchanged. */
export const Ping = z.strictObject({ at: z.number().min(0).max(Number.MAX_SAFE_INTEGER) });
/** From now on this symbiont walks with me: one that my address owns. What it becomes is told by `symbiont`. */
export const Choose = z.strictObject({
  asset: Address,
});

/** Asks the player in place `slot` for a child of both symbionts; `heir`: whose it will be. */
export const Court = z.strictObject({ slot: z.int().min(0).max(1023), heir: z.enum(['me', 'you']) });
/** The answer to the question `asked` under this id. */
export const Answer = z.strictObject({ id: z.int().min(1).max(0x7fffffff), yes: z.boolean() });

/** What a client may send into the room: the message's name and its one schema. */
export const CLIENT_MESSAGES = {
  act: Act,
  chat: Chat,
  say: Say,
  rename: Rename,
  look: Look,
  ping: Ping,
  companion: Choose,
  court: Court,
  answer: Answer,
} as const;
export type ClientMessages = { [K in keyof typeof CLIENT_MESSAGES]: z.infer<(typeof CLIENT_MESSAGES)[K]> };

/**
 * What joining the room needs. The token comes from `POST /api/guest`, or from a wallet's sign-in: then with a proof
 * by its session key for the action `JOIN zone`.
 */
export const JoinOptions = z.object({
  token: z.string().min(20).max(200),
  proof: z.string().max(200).optional(),
  version: z.literal(PROTOCOL.version),
});
export const GuestRequest = z.strictObject({ name: Name.optional(), look: Look.shape.look.optional() });

const Hex32 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 32 bytes as 64 hex digits');
/** Bytes as base64, as many as a transaction has at most. */
const Base64 = z
  .string()
  .max(2400, 'at most 2400 characters of base64')
  .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'must be base64');

/** To enter with a wallet, or to move the guest whose token the request bears to it. */
export const NonceRequest = z.strictObject({ purpose: z.enum(['enter', 'move']), key: Hex32 });
export const MemoRequest = z.strictObject({ nonce: z.string().regex(/^[0-9a-f]{32}$/), address: Address });
/** What the wallet signed: the text and its signature, or the memo transaction. */
export const VerifyRequest = z.union(
  [
    z.strictObject({ address: Address, message: Base64, signature: Base64 }),
    z.strictObject({ address: Address, transaction: Base64 }),
  ],
  'must be { address, message, signature } or { address, transaction }',
);
/** Whether inhabitants may learn from this player. */
export const LearningWish = z.strictObject({ allowed: z.boolean() });
export const ConsentWish = z.strictObject({ consent: z.boolean() });
/** The transaction as the wallet signed it; or, where the wallet sent it itself, what it says. */
export const ConsentSigned = z.union(
  [z.strictObject({ transaction: Base64 }), z.strictObject({ sent: z.boolean() })],
  'must be { transaction } or { sent }',
);

/** A brood whose next step the player's wallet is to sign. */
export const BroodWish = z.strictObject({ brood: z.int().min(1).max(0x7fffffff) });
export const BroodSigned = z.strictObject({ brood: z.int().min(1).max(0x7fffffff), transaction: Base64 });

/** The names of messages from the room; their payloads are the types below. `view` is bytes (see view.ts). */
export interface ServerMessages {
  welcome: Welcome;
  view: Uint8Array;
  deeds: DeedsMessage;
  symbiont: SymbiontCard;
  chat: { slot: number; name: string; text: string };
  /** Somebody near (`slot`) said this to `to`: a player to an NPC, or the NPC's answer. */
  said: { slot: number; to: number; text: string };
  notice: { level: 'info' | 'warning'; text: string };
  refused: { message: string; reason: string };
  /** Somebody asks for a child of both symbionts. */
  asked: Asked;
  /** How far a child is that both have agreed on. */
  brood: BroodCard;
  /** Something that the world remembers: a brain has taken over. */
  tale: Tale;
  pong: { at: number; tick: number };
}

export interface Welcome {
  slot: number;
  id: number;
  name: string;
  look: number;
  zone: string;
  /** The map's file name under /maps. */
  map: string;
  tick: number;
  /** Milliseconds of a tick here: 50, unless this world's time was set to pass faster or slower. */
  tickMs: number;
  /** The Solana address of this player, as base58. */
  address: string;
  /** How much each place of growth holds now. */
  nodes: number[];
}

/** A line of the world's chronicle. */
export interface Tale {
  /** The epoch in which it began. */
  epoch: number;
  role: string;
  text: string;
  /** Ids of the brain that took over, 64 hex digits. */
  brain: string;
}

/** Deeds that are saved: what this says is never lost. */
export interface DeedsMessage {
  /** In the order of DEEDS, over the whole life. */
  counters: number[];
  savedTick: number;
  /** Another symbiont walks now: these are its own, and take the place of what was counted. */
  anew?: boolean;
}

export interface SymbiontCard {
  name: string;
  state: 'hatching' | 'settled' | 'evolving';
  /** base58 addresses, null until minted. */
  asset: string | null;
  collection: string | null;
  /** 64 hex digits. */
  genome: string;
  /** Id of the art model that draws it; null: the world's own. */
  model: string | null;
  stage: number;
  branch: number;
  version: number;
  /** The counters that the chain holds, in the order of DEEDS. */
  deeds: number[];
  /** 64 hex digits of the picture's SHA-256, and where its metadata lies. */
  picture: string;
  metadataUri: string | null;
  /** The last transaction that changed it, base58. */
  signature: string | null;
  /** Who holds it: the guest's key that the server keeps, the player's wallet, or it is on its way there. */
  held: 'guest' | 'moving' | 'wallet';
  /** Whether its owner lets it grow; what moved to a wallet waits for the wallet's word. */
  consent: boolean;
  /** What the next stage asks for: weighted total reached and needed; null at the last stage. */
  next: { stage: number; have: number; need: number } | null;
}

/** A symbiont as a picture needs it. */
export interface Creature {
  name: string;
  /** 64 hex digits. */
  genome: string;
  stage: number;
  branch: number;
  /** 64 hex digits: the picture's hash, which says which of the world's models drew it. */
  picture: string;
  /** Id of the art model of a creator's collection; null: one of the world's own. */
  model: string | null;
}

export interface Asked {
  /** Names the question in the answer. */
  id: number;
  /** Who asks. */
  slot: number;
  name: string;
  /** Whose the child would be. */
  heir: 'yours' | 'theirs';
  yours: Creature;
  theirs: Creature;
  /** How long the question stands. */
  seconds: number;
}

/**
 * agreed: both want it. offered, accepted: one side's word on chain, and the other's. drawn: chance has fallen, the child
 * is known. hatched: it is on chain. failed: nothing came of it, and `error` says why.
 */
export interface BroodCard {
  id: number;
  /** The other player's name. */
  with: string;
  heir: 'yours' | 'theirs';
  state: 'agreed' | 'offered' | 'accepted' | 'drawn' | 'hatched' | 'failed';
  yours: Creature;
  theirs: Creature;
  child: (Creature & { asset: string }) | null;
  /** Whether it waits for the signature of this player's wallet. */
  sign: boolean;
  error: string | null;
}
