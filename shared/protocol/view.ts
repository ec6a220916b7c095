import type { World } from '../world/world.ts';

/**
 * A view: what one client sees of the world at a tick, as packed bytes (little-endian).
 *
 *     tick u32 | ack u32 (the last intent applied) | ackTick u32 (the tick whose step it entered) | self (SELF_BYTES)
 *     | blocks u8 | blocks × cell block | nodes u16 | nodes × (node u16, amount u8) | events u8 | events × 7 bytes
 *
 * Behind the events: stalls u8 | stalls × (fruit u8, crystal u8), what each stall holds.
 *
 * A cell block (agents u16, then AGENT_BYTES each) is encoded once per cell and tick, and copied to everyone near.
 */
const AGENT_BYTES = 12;
export const EVENT_BYTES = 7;

/** One other inhabitant in a view. Lengths in 1/256 tile. */
export interface SeenAgent {
  slot: number;
  role: number;
  /** 1 alive, 2 down. */
  status: number;
  x: number;
  y: number;
  facing: number;
  intent: number;
  health: number;
  fruit: number;
  crystal: number;
  windup: boolean;
  guarding: boolean;
  gathering: boolean;
  shield: boolean;
  /** Whether guards look for this player. */
  outlaw: boolean;
  /** The low eight bits of the number of who this is: an NPC is named and drawn by it. */
  tag: number;
}

/** The fields of one's own agent that prediction needs, in order: two bytes each. */
export const SELF_FIELDS = [
  'status',
  'role',
  'x',
  'y',
  'facing',
  'intent',
  'intentArg',
  'health',
  'stamina',
  'hunger',
  'fruit',
  'crystal',
  'cooldown',
  'windup',
  'gathering',
  'guarding',
  'timer',
  'shield',
  'hurt',
  'walked',
  'endured',
  'coins',
  'voice',
  'infamy',
  'outlaw',
  'prowess',
  'dreaded',
] as const;
export type SelfField = (typeof SELF_FIELDS)[number];
/** SELF_FIELDS as u16, then banked fruit and crystal as u32. */
const SELF_BYTES = SELF_FIELDS.length * 2 + 8;
export type Self = Record<SelfField, number> & { bankedFruit: number; bankedCrystal: number };

export interface SeenEvent {
  kind: number;
  actor: number;
  target: number;
  amount: number;
}

export interface View {
  tick: number;
  ack: number;
  ackTick: number;
  self: Self;
  agents: SeenAgent[];
  nodes: { node: number; amount: number }[];
  events: SeenEvent[];
  /** What each stall holds: fruit and crystal in turn, as World.stock. */
  stock: number[];
}

/** Bytes that are no view; only a broken server sends such. */
export class ViewError extends Error {
  override name = 'ViewError';
}

const NONE = 0xffff;

/** Writes the cell block of the given agents. */
export function encodeCell(world: World, agents: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(2 + agents.length * AGENT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, agents.length, true);
  let at = 2;
  for (const i of agents) {
    const flags =
      (world.windup[i] > 0 ? 1 : 0) |
      (world.guarding[i] ? 2 : 0) |
      (world.gathering[i] > 0 ? 4 : 0) |
      (world.shield[i] > 0 ? 8 : 0);
    view.setUint16(at, i, true);
    bytes[at + 2] = world.role[i] | (world.status[i] << 4) | (world.outlaw[i] << 6);
    view.setUint16(at + 3, world.x[i], true);
    view.setUint16(at + 5, world.y[i], true);
    bytes[at + 7] = world.facing[i] | (flags << 4);
    bytes[at + 8] = world.intent[i];
    bytes[at + 9] = world.health[i];
    bytes[at + 10] = world.fruit[i] | (world.crystal[i] << 4);
    bytes[at + 11] = world.tag[i] & 0xff;
    at += AGENT_BYTES;
  }
  return bytes;
}

/** Events as four words each: kind, actor, target, amount (as in EventList). */
export interface ViewParts {
  ack: number;
  ackTick: number;
  slot: number;
  cells: readonly Uint8Array[];
  nodes: readonly number[];
  events: readonly SeenEvent[];
}

/** Puts a client's view together; `nodes` lists the places whose amount changed since its last view. */
export function encodeView(world: World, parts: ViewParts): Uint8Array {
  let size = 12 + SELF_BYTES + 1 + 2 + parts.nodes.length * 3 + 1 + parts.events.length * EVENT_BYTES;
  size += 1 + world.stock.length;
  for (const cell of parts.cells) size += cell.length;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, world.tick, true);
  view.setUint32(4, parts.ack, true);
  view.setUint32(8, parts.ackTick, true);
  let at = 12;
  for (const field of SELF_FIELDS) {
    view.setUint16(at, world[field][parts.slot], true);
    at += 2;
  }
  view.setUint32(at, world.bankedFruit[parts.slot], true);
  view.setUint32(at + 4, world.bankedCrystal[parts.slot], true);
  at += 8;
  bytes[at++] = parts.cells.length;
  for (const cell of parts.cells) {
    bytes.set(cell, at);
    at += cell.length;
  }
  view.setUint16(at, parts.nodes.length, true);
  at += 2;
  for (const node of parts.nodes) {
    view.setUint16(at, node, true);
    bytes[at + 2] = world.nodeAmount[node];
    at += 3;
  }
  bytes[at++] = parts.events.length;
  for (const event of parts.events) {
    bytes[at] = event.kind;
    view.setUint16(at + 1, event.actor < 0 ? NONE : event.actor, true);
    view.setUint16(at + 3, event.target < 0 ? NONE : event.target, true);
    view.setUint16(at + 5, event.amount, true);
    at += EVENT_BYTES;
  }
  bytes[at++] = world.stock.length / 2;
  for (const amount of world.stock) bytes[at++] = amount;
  return bytes;
}

/** Reads what `encodeView` wrote. @throws ViewError when the bytes end too early or go on too long. */
export function decodeView(bytes: Uint8Array): View {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 12;
  try {
    const self = {} as Self;
    for (const field of SELF_FIELDS) {
      self[field] = view.getUint16(at, true);
      at += 2;
    }
    self.bankedFruit = view.getUint32(at, true);
    self.bankedCrystal = view.getUint32(at + 4, true);
    at += 8;
    const agents: SeenAgent[] = [];
    for (let cells = view.getUint8(at++); cells > 0; cells--) {
      const count = view.getUint16(at, true);
      at += 2;
      for (let k = 0; k < count; k++, at += AGENT_BYTES) agents.push(decodeAgent(view, at));
    }
    const nodes: View['nodes'] = [];
    const nodeCount = view.getUint16(at, true);
    at += 2;
    for (let k = 0; k < nodeCount; k++, at += 3)
      nodes.push({ node: view.getUint16(at, true), amount: view.getUint8(at + 2) });
    const events: SeenEvent[] = [];
    for (let count = view.getUint8(at++); count > 0; count--, at += EVENT_BYTES)
      events.push({
        kind: view.getUint8(at),
        actor: someone(view.getUint16(at + 1, true)),
        target: someone(view.getUint16(at + 3, true)),
        amount: view.getUint16(at + 5, true),
      });
    const stock: number[] = [];
    for (let left = view.getUint8(at++) * 2; left > 0; left--) stock.push(view.getUint8(at++));
    if (at !== bytes.length) throw new ViewError(`view: ${bytes.length} bytes, its parts take ${at}`);
    return {
      tick: view.getUint32(0, true),
      ack: view.getUint32(4, true),
      ackTick: view.getUint32(8, true),
      self,
      agents,
      nodes,
      events,
      stock,
    };
  } catch (error) {
    if (error instanceof RangeError)
      throw new ViewError(`view: ${bytes.length} bytes end inside a part at ${at}`);
    throw error;
  }
}

function someone(slot: number): number {
  return slot === NONE ? -1 : slot;
}

function decodeAgent(view: DataView, at: number): SeenAgent {
  const who = view.getUint8(at + 2);
  const stance = view.getUint8(at + 7);
  const goods = view.getUint8(at + 10);
  return {
    slot: view.getUint16(at, true),
    role: who & 15,
    status: (who >> 4) & 3,
    x: view.getUint16(at + 3, true),
    y: view.getUint16(at + 5, true),
    facing: stance & 7,
    intent: view.getUint8(at + 8),
    health: view.getUint8(at + 9),
    fruit: goods & 15,
    crystal: goods >> 4,
    windup: (stance & 16) !== 0,
    guarding: (stance & 32) !== 0,
    gathering: (stance & 64) !== 0,
    shield: (stance & 128) !== 0,
    outlaw: (who & 64) !== 0,
    tag: view.getUint8(at + 11),
  };
}
