import {
  ACTION_COUNT,
  DECISION_TICKS,
  EPOCH_TICKS,
  EVENT_NAMES,
  OBSERVATION_LAYOUT,
  OBSERVATION_NAMES,
  OBSERVATION_SIZE,
  ROLE_NAMES,
  WANDERER,
} from '#shared/world/index.ts';

/** An entry of the log of play that cannot be what it claims; `field` names what is wrong. Nothing of it is learnt. */
export class PlayError extends Error {
  override name = 'PlayError';
  readonly field: string;
  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`);
    this.field = field;
  }
}

/** Something that happened to who decided, before they decided again. */
export interface PlayEvent {
  /** EVENT of shared/world. */
  kind: number;
  /** 0: they did it, 1: it was done to them. */
  side: 0 | 1;
  /** Role of the other one; NOBODY where there is none. */
  role: number;
  amount: number;
}

/** One decision: what was perceived, what could be done, what was done and what came of it. */
export interface Play {
  tick: number;
  /** Place of the inhabitant; PERSON for the person's own. */
  npc: number;
  role: number;
  mask: number;
  action: number;
  events: readonly PlayEvent[];
  /** [64]. */
  observation: Uint8Array;
}

/** What one person, and the inhabitants near them, did in one epoch. */
export interface Part {
  zone: number;
  epoch: number;
  /** The person's pseudonym, 16 bytes. */
  who: Uint8Array;
  plays: Play[];
}

export const PERSON = 0xffff;
export const NOBODY = 255;
export const WHO_BYTES = 16;
/** Decisions of a person in one epoch, of the inhabitants near them, and things that happened in one decision. */
export const MOST_OWN = EPOCH_TICKS / DECISION_TICKS;
export const MOST_OTHERS = 2 * MOST_OWN;
export const MOST_EVENTS = 15;

/** 'SPL1'. */
const MAGIC = 0x314c5053;
const LAYOUT = new TextEncoder().encode(OBSERVATION_LAYOUT);
export const PART_HEADER = 4 + 2 + 4 + WHO_BYTES + 2 + 1 + LAYOUT.length;
export const PLAY_BYTES = 9 + OBSERVATION_SIZE;
export const EVENT_BYTES = 4;
export const MOST_PART_BYTES =
  PART_HEADER + (MOST_OWN + MOST_OTHERS) * (PLAY_BYTES + MOST_EVENTS * EVENT_BYTES);

/**
 * Little-endian: magic u32, zone u16, epoch u32, who [16], plays u16, layout (length u8, text). Per play: tick in the
 * epoch u16, npc u16, role u8, mask u16, action u8, events u8, observation [64], then per event kind, side, role and
 * amount, u8 each.
 */
export function writePartHeader(into: Uint8Array, part: Omit<Part, 'plays'>, plays: number): void {
  const view = new DataView(into.buffer, into.byteOffset, into.length);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, part.zone, true);
  view.setUint32(6, part.epoch, true);
  into.set(part.who, 10);
  view.setUint16(10 + WHO_BYTES, plays, true);
  into[12 + WHO_BYTES] = LAYOUT.length;
  into.set(LAYOUT, 13 + WHO_BYTES);
}

export function encodePart(part: Part): Uint8Array {
  const size = part.plays.reduce((sum, p) => sum + PLAY_BYTES + p.events.length * EVENT_BYTES, PART_HEADER);
  const bytes = new Uint8Array(size);
  writePartHeader(bytes, part, part.plays.length);
  const view = new DataView(bytes.buffer);
  let at = PART_HEADER;
  for (const play of part.plays) {
    view.setUint16(at, play.tick - part.epoch * EPOCH_TICKS, true);
    view.setUint16(at + 2, play.npc, true);
    bytes[at + 4] = play.role;
    view.setUint16(at + 5, play.mask, true);
    bytes[at + 7] = play.action;
    bytes[at + 8] = play.events.length;
    bytes.set(play.observation, at + 9);
    at += PLAY_BYTES;
    for (const event of play.events) {
      bytes.set([event.kind, event.side, event.role, event.amount], at);
      at += EVENT_BYTES;
    }
  }
  return bytes;
}

const placed = (names: readonly string[]) =>
  names.map((name) => ({ name, at: OBSERVATION_NAMES.indexOf(name) }));
/** Features that are yes or no, and some that are signed for everybody: 64 and at most 63 more or less. */
const YES_OR_NO = placed(['windup', 'shield', 'home']);
const SIGNED = placed(['home dx', 'home dy', 'enemy 1 far dx', 'enemy 1 far dy', 'hot dx', 'hot dy']);

function checkObservation(o: Uint8Array, where: string): void {
  for (let i = 0; i < OBSERVATION_SIZE; i++)
    if (o[i] > 127)
      throw new PlayError(`${where}.observation`, `${OBSERVATION_NAMES[i]} is ${o[i]}, at most 127`);
  // Those not alive perceive zeros, and decide nothing.
  for (const { name, at } of SIGNED)
    if (o[at] === 0) throw new PlayError(`${where}.observation`, `${name} is 0, at least 1`);
  for (const { name, at } of YES_OR_NO)
    if (o[at] !== 0 && o[at] !== 127)
      throw new PlayError(`${where}.observation`, `${name} is ${o[at]}, must be 0 or 127`);
}

/**
 * Reads a part and checks every field of it.
 * @throws PlayError naming the first field that is wrong; never anything else
 */
export function decodePart(bytes: Uint8Array): Part {
  if (bytes.length < PART_HEADER)
    throw new PlayError('part', `${bytes.length} bytes, at least ${PART_HEADER}`);
  if (bytes.length > MOST_PART_BYTES)
    throw new PlayError('part', `${bytes.length} bytes, at most ${MOST_PART_BYTES}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0, true) !== MAGIC) throw new PlayError('part', 'is no part of a log of play');
  const layout = new TextDecoder().decode(bytes.subarray(13 + WHO_BYTES, PART_HEADER));
  if (bytes[12 + WHO_BYTES] !== LAYOUT.length || layout !== OBSERVATION_LAYOUT)
    throw new PlayError('layout', `is of other observations than ${OBSERVATION_LAYOUT}`);
  const part: Part = {
    zone: view.getUint16(4, true),
    epoch: view.getUint32(6, true),
    who: bytes.slice(10, 10 + WHO_BYTES),
    plays: [],
  };
  const count = view.getUint16(10 + WHO_BYTES, true);
  let at = PART_HEADER;
  let own = 0;
  const last = new Map<number, number>();
  for (let n = 0; n < count; n++) {
    const where = `play ${n}`;
    if (at + PLAY_BYTES > bytes.length) throw new PlayError(where, 'is cut off');
    const [offset, npc] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const [role, mask, action] = [bytes[at + 4], view.getUint16(at + 5, true), bytes[at + 7]];
    const events = bytes[at + 8];
    const observation = bytes.slice(at + 9, at + PLAY_BYTES);
    if (offset >= EPOCH_TICKS || offset % DECISION_TICKS !== 0)
      throw new PlayError(`${where}.tick`, `${offset} is no decision of an epoch`);
    if (offset <= (last.get(npc) ?? -1)) throw new PlayError(`${where}.tick`, `${offset} does not rise`);
    last.set(npc, offset);
    if (role >= ROLE_NAMES.length) throw new PlayError(`${where}.role`, `${role} is unknown`);
    if ((npc === PERSON) !== (role === WANDERER))
      throw new PlayError(`${where}.role`, `${role} does not fit place ${npc}`);
    if (npc === PERSON && ++own > MOST_OWN) throw new PlayError(where, `more than ${MOST_OWN} of the person`);
    if (n + 1 - own > MOST_OTHERS) throw new PlayError(where, `more than ${MOST_OTHERS} of inhabitants`);
    if (mask >> ACTION_COUNT !== 0 || (mask & 1) === 0)
      throw new PlayError(`${where}.mask`, `${mask} is no set of actions that allows waiting`);
    if (action >= ACTION_COUNT || ((mask >> action) & 1) === 0)
      throw new PlayError(`${where}.action`, `${action} is not in the mask ${mask}`);
    if (events > MOST_EVENTS) throw new PlayError(`${where}.events`, `${events}, at most ${MOST_EVENTS}`);
    checkObservation(observation, where);
    at += PLAY_BYTES;
    if (at + events * EVENT_BYTES > bytes.length) throw new PlayError(`${where}.events`, 'are cut off');
    const happened: PlayEvent[] = [];
    for (let e = 0; e < events; e++, at += EVENT_BYTES) {
      const [kind, side, other, amount] = bytes.subarray(at, at + EVENT_BYTES);
      if (EVENT_NAMES[kind] === undefined || side > 1 || (other >= ROLE_NAMES.length && other !== NOBODY))
        throw new PlayError(`${where}.events`, `${kind}, ${side}, ${other} is none`);
      happened.push({ kind, side: side as 0 | 1, role: other, amount });
    }
    part.plays.push({
      tick: part.epoch * EPOCH_TICKS + offset,
      npc,
      role,
      mask,
      action,
      events: happened,
      observation,
    });
  }
  if (at !== bytes.length) throw new PlayError('part', `${bytes.length - at} bytes too many`);
  return part;
}
