import { ACTION_COUNT, MAX_ARG, TRADE } from './actions.ts';
import { BALANCE, TONE_NAMES } from './balance.ts';

/** Kinds of inputs. Everything that moves a world enters as one of these. */
export const INPUT = { act: 1, join: 2, leave: 3, speak: 4 } as const;

const STRIDE = 9;
/** An input that the rules refuse; the message names the field and the limit. */
export class InputError extends Error {
  override name = 'InputError';
}

/** What an agent brings along on joining. */
export interface Joining {
  role: number;
  tag: number;
  fruit?: number;
  crystal?: number;
  bankedFruit?: number;
  bankedCrystal?: number;
  coins?: number;
}

const BANK_LIMIT = 1_000_000;

/** The inputs of one tick, in the order in which they are applied. */
export class Inputs {
  readonly limit: number;
  readonly words: Int32Array;
  count = 0;

  constructor(limit: number) {
    this.limit = limit;
    this.words = new Int32Array(limit * STRIDE);
  }

  clear(): void {
    this.count = 0;
  }

  /** From now on `agent` does `action` (an id of actions.ts); `arg` for give: 0 what there is most of, 1 fruit, 2 crystal; for trade: see DEAL. */
  act(agent: number, action: number, arg = 0): void {
    const at = this.room();
    this.words[at] = INPUT.act;
    this.words[at + 1] = agent;
    this.words[at + 2] = action;
    this.words[at + 3] = arg;
  }

  join(agent: number, who: Joining): void {
    const at = this.room();
    this.words[at] = INPUT.join;
    this.words[at + 1] = agent;
    this.words[at + 2] = who.role;
    this.words[at + 3] = who.tag;
    this.words[at + 4] = who.fruit ?? 0;
    this.words[at + 5] = who.crystal ?? 0;
    this.words[at + 6] = who.bankedFruit ?? 0;
    this.words[at + 7] = who.bankedCrystal ?? 0;
    this.words[at + 8] = who.coins ?? 0;
  }

  leave(agent: number): void {
    const at = this.room();
    this.words[at] = INPUT.leave;
    this.words[at + 1] = agent;
  }

  /** `agent` says something to `target` that was understood as a tone of TONE_NAMES. */
  speak(agent: number, target: number, tone: number): void {
    const at = this.room();
    this.words[at] = INPUT.speak;
    this.words[at + 1] = agent;
    this.words[at + 2] = target;
    this.words[at + 3] = tone;
  }

  private room(): number {
    if (this.count >= this.limit) throw new InputError(`inputs: more than ${this.limit} in one tick`);
    const at = this.count * STRIDE;
    this.words.fill(0, at, at + STRIDE);
    this.count++;
    return at;
  }

  /** One input's nine words. */
  at(i: number): Int32Array {
    return this.words.subarray(i * STRIDE, i * STRIDE + STRIDE);
  }

  /** The reason why an input is none, or null. The step ignores such an input; an edge refuses it before. */
  static fault(words: Int32Array, capacity: number): string | null {
    const [kind, agent] = words;
    if (agent < 0 || agent >= capacity) return `agent: ${agent}, must be 0..${capacity - 1}`;
    if (kind === INPUT.act) {
      if (words[2] < 0 || words[2] >= ACTION_COUNT)
        return `action: ${words[2]}, must be 0..${ACTION_COUNT - 1}`;
      const most = words[2] === TRADE ? MAX_ARG : 2;
      if (words[3] < 0 || words[3] > most) return `arg: ${words[3]}, must be 0..${most}`;
      return null;
    }
    if (kind === INPUT.speak) {
      if (words[2] < 0 || words[2] >= capacity || words[2] === agent)
        return `target: ${words[2]}, must be another of 0..${capacity - 1}`;
      if (words[3] < 1 || words[3] >= TONE_NAMES.length)
        return `tone: ${words[3]}, must be 1..${TONE_NAMES.length - 1}`;
      return null;
    }
    if (kind === INPUT.leave) return null;
    if (kind !== INPUT.join) return `kind: ${kind} is unknown`;
    if (words[2] < 0 || words[2] > 4) return `role: ${words[2]}, must be 0..4`;
    for (const i of [4, 5])
      if (words[i] < 0 || words[i] > BALANCE.carry) return `goods: ${words[i]}, at most ${BALANCE.carry}`;
    for (const i of [6, 7])
      if (words[i] < 0 || words[i] > BANK_LIMIT) return `banked: ${words[i]}, at most ${BANK_LIMIT}`;
    if (words[8] < 0 || words[8] > BALANCE.coinsMax) return `coins: ${words[8]}, at most ${BALANCE.coinsMax}`;
    return null;
  }
}

/** Words that each kind of input uses, behind its kind byte. */
const SIZES: Record<number, number> = {
  [INPUT.act]: 4,
  [INPUT.join]: 19,
  [INPUT.leave]: 2,
  [INPUT.speak]: 5,
};

/**
 * The inputs of a tick as bytes, for the journal and for proofs. Per input: kind u8, agent u16; act: action u8,
 * arg u8; join: role u8, tag i32, fruit u8, crystal u8, banked fruit u32, banked crystal u32, coins u16; speak: target u16,
 * tone u8. Little-endian.
 */
export function encodeInputs(inputs: Inputs): Uint8Array {
  let size = 0;
  for (let i = 0; i < inputs.count; i++) size += 1 + SIZES[inputs.words[i * STRIDE]];
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (let i = 0; i < inputs.count; i++) {
    const w = inputs.at(i);
    view.setUint8(at, w[0]);
    view.setUint16(at + 1, w[1], true);
    if (w[0] === INPUT.act) {
      view.setUint8(at + 3, w[2]);
      view.setUint8(at + 4, w[3]);
    } else if (w[0] === INPUT.speak) {
      view.setUint16(at + 3, w[2], true);
      view.setUint8(at + 5, w[3]);
    } else if (w[0] === INPUT.join) {
      view.setUint8(at + 3, w[2]);
      view.setInt32(at + 4, w[3], true);
      view.setUint8(at + 8, w[4]);
      view.setUint8(at + 9, w[5]);
      view.setUint32(at + 10, w[6], true);
      view.setUint32(at + 14, w[7], true);
      view.setUint16(at + 18, w[8], true);
    }
    at += 1 + SIZES[w[0]];
  }
  return bytes;
}

/** Reads what `encodeInputs` wrote, behind what `into` already holds. @throws InputError on bytes that are none. */
export function decodeInputs(bytes: Uint8Array, into: Inputs): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const kind = bytes[at];
    const size = SIZES[kind];
    if (size === undefined) throw new InputError(`byte ${at}: kind ${kind} is unknown`);
    if (at + 1 + size > bytes.length) throw new InputError(`byte ${at}: cut off inside an input`);
    const agent = view.getUint16(at + 1, true);
    if (kind === INPUT.act) into.act(agent, bytes[at + 3], bytes[at + 4]);
    else if (kind === INPUT.leave) into.leave(agent);
    else if (kind === INPUT.speak) into.speak(agent, view.getUint16(at + 3, true), bytes[at + 5]);
    else
      into.join(agent, {
        role: bytes[at + 3],
        tag: view.getInt32(at + 4, true),
        fruit: bytes[at + 8],
        crystal: bytes[at + 9],
        bankedFruit: view.getUint32(at + 10, true),
        bankedCrystal: view.getUint32(at + 14, true),
        coins: view.getUint16(at + 18, true),
      });
    at += 1 + size;
  }
}
