import { unpack } from 'msgpackr';
import { CLIENT_MESSAGES, type ClientMessages, PROTOCOL } from '#shared/protocol/index.ts';
import { Bucket } from '../rate.ts';

/** Bad messages a client may send at once, and how many a second on top. */
const ABUSE_BURST = 100;
const ABUSE_PER_SECOND = 2;
/** Refusals that are answered at once and a second; further ones are only counted. */
const ANSWER_BURST = 20;
const ANSWER_PER_SECOND = 5;

export type Parsed = {
  [K in keyof ClientMessages]: { type: K; message: ClientMessages[K] };
}[keyof ClientMessages];

/** Why there is no message, whether that is still answered, and whether it was one too many. */
export interface Refusal {
  ok: false;
  message: string;
  reason: string;
  answer: boolean;
  expel: boolean;
}
/** What became of some bytes. */
export type Verdict = { ok: true; parsed: Parsed } | Refusal;

/** The edge of one connection: what passes here is true, in size, form and pace. */
export class Edge {
  private readonly pace: Bucket;
  private readonly chat: Bucket;
  private readonly abuse: Bucket;
  private readonly answers: Bucket;

  constructor(now: number) {
    this.pace = new Bucket(PROTOCOL.messagesPerSecond, PROTOCOL.messageBurst, now);
    this.chat = new Bucket(PROTOCOL.chatPerMinute / 60, PROTOCOL.chatBurst, now);
    this.abuse = new Bucket(ABUSE_PER_SECOND, ABUSE_BURST, now);
    this.answers = new Bucket(ANSWER_PER_SECOND, ANSWER_BURST, now);
  }

  /** Reads a data message: its name, then its payload as MessagePack from byte 1 on. */
  read(bytes: Uint8Array, now: number): Verdict {
    if (bytes.length > PROTOCOL.messageBytes)
      return this.refuse('', `bytes: ${bytes.length}, at most ${PROTOCOL.messageBytes}`, now);
    const hasty = this.haste(now);
    if (hasty) return hasty;
    const type = nameOf(bytes);
    if (type === null || !Object.hasOwn(CLIENT_MESSAGES, type))
      return this.refuse(
        type ?? '',
        `message: unknown; known are ${Object.keys(CLIENT_MESSAGES).join(', ')}`,
        now,
      );
    let payload: unknown;
    try {
      const rest = bytes.subarray(2 + type.length);
      payload = rest.length > 0 ? unpack(rest) : undefined;
    } catch {
      return this.refuse(type, 'payload: is no MessagePack', now);
    }
    const name = type as keyof ClientMessages;
    const result = CLIENT_MESSAGES[name].safeParse(payload);
    if (!result.success) {
      const issue = result.error.issues[0];
      return this.refuse(name, `${issue.path.join('.') || 'payload'}: ${issue.message}`, now);
    }
    if ((name === 'chat' || name === 'say') && !this.chat.take(now))
      return this.refuse(name, `${name}: at most ${PROTOCOL.chatPerMinute} lines a minute`, now);
    return { ok: true, parsed: { type: name, message: result.data } as Parsed };
  }

  /** Counts a message. @returns the refusal where it was one too many */
  haste(now: number): Refusal | null {
    if (this.pace.take(now)) return null;
    return this.refuse('', `messages: at most ${PROTOCOL.messagesPerSecond} a second`, now);
  }

  /** A refusal; it counts against the connection. */
  refuse(message: string, reason: string, now: number): Refusal {
    const expel = !this.abuse.take(now);
    return { ok: false, message, reason, answer: this.answers.take(now), expel };
  }
}

/** The name of a data message: a MessagePack string of up to 31 ASCII characters behind the code byte, or null. */
function nameOf(bytes: Uint8Array): string | null {
  const head = bytes[1] ?? 0;
  const length = head & 31;
  if ((head & 0xe0) !== 0xa0 || bytes.length < 2 + length) return null;
  const name = String.fromCharCode(...bytes.subarray(2, 2 + length));
  return /^[\x20-\x7e]*$/.test(name) ? name : null;
}
