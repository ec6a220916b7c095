import { bytesToHex } from '@noble/hashes/utils';
import { gunzipSync, gzipSync } from 'fflate';
import { z } from 'zod';
import {
  createWorld,
  decodeInputs,
  Inputs,
  MAX_CAPACITY,
  step,
  type World,
  worldHash,
} from '#shared/world/index.ts';
import type { Arena } from './arena.ts';
import { MAP_NAMES, type MapName, suiteMap } from './maps/index.ts';

/**
 * A recorded session: the inputs of every tick. Whoever steps the same world with them gets the same game, down to the
 * hash of its last state; nobody decides anything in a replay, so it holds when brains change.
 *
 * The file is gzip over: u32 length of the header | header as JSON | per tick u16 length and the inputs as `encodeInputs`
 * writes them. Little-endian.
 */
export interface Session {
  readonly title: string;
  readonly map: MapName;
  readonly seed: number;
  readonly capacity: number;
  /** SHA-256 of the last state, 64 hex digits. */
  readonly hash: string;
  /** What enters the world before each tick. */
  readonly inputs: readonly Uint8Array[];
}

/** A session file that cannot be replayed; the message names what is wrong. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
}

const MOST_BYTES = 32 * 1024 * 1024;
const MOST_TICKS = 100_000;
const header = z.strictObject({
  format: z.literal(1),
  title: z.string().max(200),
  map: z.enum(MAP_NAMES),
  seed: z.int().min(0).max(0xffffffff),
  capacity: z.int().min(1).max(MAX_CAPACITY),
  ticks: z.int().min(1).max(MOST_TICKS),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Plays `ticks` in an arena at tick 0 and records them. */
export function record(arena: Arena, map: MapName, title: string, ticks: number): Session {
  const inputs: Uint8Array[] = [];
  const { world } = arena;
  if (world.tick !== 0) throw new RangeError('record: the world has already begun');
  arena.run(ticks, undefined, (bytes) => inputs.push(bytes));
  return {
    title,
    map,
    seed: world.seed,
    capacity: world.capacity,
    hash: bytesToHex(worldHash(world)),
    inputs,
  };
}

/**
 * Steps the world through a session.
 * @throws SessionError when its last state is another than was recorded
 */
export function replay(session: Session, onTick: (world: World) => void = () => {}): World {
  const world = createWorld(suiteMap(session.map), { seed: session.seed, capacity: session.capacity });
  const inputs = new Inputs(session.capacity * 4);
  for (const bytes of session.inputs) {
    inputs.clear();
    decodeInputs(bytes, inputs);
    step(world, inputs);
    onTick(world);
  }
  const hash = bytesToHex(worldHash(world));
  if (hash !== session.hash)
    throw new SessionError(`hash: the replay ends in ${hash}, recorded was ${session.hash}`);
  return world;
}

export function encodeSession({ inputs, ...rest }: Session): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify({ format: 1, ...rest, ticks: inputs.length }));
  const bytes = new Uint8Array(4 + head.length + inputs.reduce((sum, i) => sum + 2 + i.length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, head.length, true);
  bytes.set(head, 4);
  let at = 4 + head.length;
  for (const tick of inputs) {
    view.setUint16(at, tick.length, true);
    bytes.set(tick, at + 2);
    at += 2 + tick.length;
  }
  return gzipSync(bytes, { level: 9, mtime: 0 });
}

/** Reads a session file. @throws SessionError naming what is wrong */
export function decodeSession(file: Uint8Array): Session {
  if (file.length < 22) throw new SessionError('session: too short to be one');
  // The last four bytes say how much will come out: refused before it is unpacked.
  const size = new DataView(file.buffer, file.byteOffset).getUint32(file.length - 4, true);
  if (size > MOST_BYTES) throw new SessionError(`session: ${size} bytes unpacked, at most ${MOST_BYTES}`);
  let bytes: Uint8Array;
  try {
    bytes = gunzipSync(file, { out: new Uint8Array(size) });
  } catch {
    throw new SessionError('session: is not gzip');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 4 ? 0 : view.getUint32(0, true);
  if (length === 0 || 4 + length > bytes.length) throw new SessionError('session: its header is cut off');
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  } catch {
    throw new SessionError('session: its header is no JSON');
  }
  const parsed = header.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new SessionError(`session: ${issue.path.join('.') || 'header'}: ${issue.message}`);
  }
  const { format: _, ticks, ...rest } = parsed.data;
  const inputs: Uint8Array[] = [];
  let at = 4 + length;
  for (let t = 0; t < ticks; t++) {
    const end = at + 2 > bytes.length ? at : at + 2 + view.getUint16(at, true);
    if (at + 2 > bytes.length || end > bytes.length)
      throw new SessionError(`session: cut off at tick ${t} of ${ticks}`);
    inputs.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (at !== bytes.length) throw new SessionError(`session: ${bytes.length - at} bytes behind its last tick`);
  return { ...rest, inputs };
}
