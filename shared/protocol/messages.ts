import { z } from 'zod';
import { ACTION_COUNT } from '../world/actions.ts';
import { PROTOCOL } from './limits.ts';

/** Letters, digits and marks of any script, with single spaces, hyphens, apostrophes and dots between them. */
const NAME = /^[\p{L}\p{N}\p{M}]+(?:[ '’.-][\p{L}\p{N}\p{M}]+)*$/u;
/** Neither control characters nor invisible or direction-changing ones. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

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
export const Act = z.strictObject({
  seq: z.int().min(1).max(0xffffffff),
  action: z
    .int()
    .min(0)
    .max(ACTION_COUNT - 1),
  /** For give: 0 what there is most of, 1 fruit, 2 crystal. */
  arg: z.int().min(0).max(2).default(0),
});
export const Chat = z.strictObject({ text: ChatText });
export const Rename = z.strictObject({ name: Name });
export const Look = z.strictObject({
  look: z
    .int()
    .min(0)
    .max(PROTOCOL.looks - 1),
});
/** `at` is the client's own clock; it comes back unchanged. */
export const Ping = z.strictObject({ at: z.number().min(0).max(Number.MAX_SAFE_INTEGER) });

/** What a client may send into the room: the message's name and its one schema. */
export const CLIENT_MESSAGES = { act: Act, chat: Chat, rename: Rename, look: Look, ping: Ping } as const;
export type ClientMessages = { [K in keyof typeof CLIENT_MESSAGES]: z.infer<(typeof CLIENT_MESSAGES)[K]> };

/** What joining the room needs. The token comes from `POST /api/guest`. */
export const JoinOptions = z.object({
  token: z.string().min(20).max(200),
  version: z.literal(PROTOCOL.version),
});
export const GuestRequest = z.strictObject({ name: Name.optional(), look: Look.shape.look.optional() });

/** The names of messages from the room; their payloads are the types below. `view` is bytes (see view.ts). */
export interface ServerMessages {
  welcome: Welcome;
  view: Uint8Array;
  deeds: DeedsMessage;
  symbiont: SymbiontCard;
  chat: { slot: number; name: string; text: string };
  notice: { level: 'info' | 'warning'; text: string };
  refused: { message: string; reason: string };
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
  /** The Solana address of this player, as base58. */
  address: string;
  /** How much each place of growth holds now. */
  nodes: number[];
}

/** Deeds that are saved: what this says is never lost. */
export interface DeedsMessage {
  /** In the order of DEEDS, over the whole life. */
  counters: number[];
  savedTick: number;
}

export interface SymbiontCard {
  name: string;
  state: 'hatching' | 'settled' | 'evolving';
  /** base58 addresses, null until minted. */
  asset: string | null;
  collection: string | null;
  /** 64 hex digits. */
  genome: string;
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
  /** What the next stage asks for: weighted total reached and needed; null at the last stage. */
  next: { stage: number; have: number; need: number } | null;
}
