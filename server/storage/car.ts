/**
 * Files in a CAR (CARv1, https://ipld.io/specs/transport/car/carv1/): what `ipfs dag import` and pinning services take.
 * The root is a folder, so that a path in it under any gateway answers as the game's server would.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { StorageError } from './error.ts';
import { addFile, addFolder, type Block, CID_BYTES, cidText, DAG_PB, matches, type Node } from './ipfs.ts';
import { readVarint, varint } from './varint.ts';

const MAX_PATH = 255;
const MAX_DEPTH = 8;
/** Bytes of a CAR that is read back at once. */
const MAX_CAR_BYTES = 2 ** 31 - 1;
/** dag-cbor of {roots: [CID], version: 1} before and after the CID, which has tag 42 and a leading zero. */
const HEADER = [0xa2, 0x65, ...Buffer.from('roots'), 0x81, 0xd8, 0x2a, 0x58, CID_BYTES + 1, 0];
const HEADER_END = [0x67, ...Buffer.from('version'), 1];

function header(root: Uint8Array): Uint8Array {
  const body = [...HEADER, ...root, ...HEADER_END];
  return Uint8Array.from([...varint(body.length), ...body]);
}

type Folder = Map<string, Node | Folder>;

export interface CarSummary {
  /** The root folder's CID. */
  root: string;
  files: number;
  blocks: number;
  bytes: number;
}

/** Writes a CAR file block by block; nothing stands under its name before it is whole and was read back. */
export class CarWriter {
  private readonly path: string;
  private readonly partial: string;
  private readonly file: number;
  private readonly known = new Set<string>();
  private readonly root: Folder = new Map();
  private files = 0;
  private bytes = 0;

  /** @throws StorageError where the file cannot be written */
  constructor(path: string) {
    this.path = path;
    this.partial = `${path}.partial`;
    try {
      this.file = openSync(this.partial, 'w');
    } catch (error) {
      throw new StorageError(`--out: ${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
    // Its place is kept: a root has as many bytes, whichever it is.
    this.append(header(new Uint8Array(CID_BYTES)));
  }

  /**
   * Puts a file into the tree. The same file at the same path again changes nothing.
   * @returns its CID
   * @throws StorageError where the path is none, or holds another file already
   */
  add(path: string, bytes: Uint8Array): string {
    const names = path.split('/');
    if (
      path.length > MAX_PATH ||
      names.length > MAX_DEPTH ||
      names.some((name) => name === '' || name === '.' || name === '..' || /\p{Cc}/u.test(name))
    )
      throw new StorageError(`path: "${path.slice(0, MAX_PATH)}" must be names of 1..${MAX_PATH} characters`);
    let folder = this.root;
    for (const name of names.slice(0, -1)) {
      const next = folder.get(name) ?? new Map();
      if (!(next instanceof Map)) throw new StorageError(`path: ${path}: ${name} is a file`);
      folder.set(name, next);
      folder = next;
    }
    const name = names[names.length - 1];
    const before = folder.get(name);
    const added = addFile(bytes, (block) => this.put(block));
    const cid = cidText(added.cid);
    if (before instanceof Map || (before && cidText(before.cid) !== cid))
      throw new StorageError(`path: ${path} holds something else already`);
    if (!before) this.files++;
    folder.set(name, added);
    return cid;
  }

  /** Closes the tree, reads the whole file back, checks every CID and link, and gives it its name. @throws StorageError */
  finish(): CarSummary {
    try {
      const root = this.close(this.root);
      writeSync(this.file, header(root.cid), 0, undefined, 0);
      fsyncSync(this.file);
      const summary = {
        root: cidText(root.cid),
        files: this.files,
        blocks: this.known.size,
        bytes: this.bytes,
      };
      const found = checkCar(readWhole(this.partial));
      if (found.root !== summary.root || found.files !== this.files || found.blocks !== this.known.size)
        throw new StorageError(`${this.path}: reads back as ${JSON.stringify(found)}`);
      closeSync(this.file);
      renameSync(this.partial, this.path);
      return summary;
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Leaves nothing behind. */
  abandon(): void {
    try {
      closeSync(this.file);
    } catch {
      // It was closed already.
    }
    rmSync(this.partial, { force: true });
  }

  private close(folder: Folder): Node {
    const entries = new Map(
      [...folder].map(([name, one]) => [name, one instanceof Map ? this.close(one) : one]),
    );
    return addFolder(entries, (block) => this.put(block));
  }

  private put({ cid, bytes }: Block): void {
    const text = cidText(cid);
    if (this.known.has(text)) return;
    this.known.add(text);
    this.append(Uint8Array.from([...varint(cid.length + bytes.length), ...cid]));
    this.append(bytes);
  }

  private append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at);
    this.bytes += bytes.length;
  }
}

function readWhole(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new StorageError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/**
 * Reads a CAR and checks it by the rules: one root, every block's bytes against its CID, every link to a block that is
 * there, nothing that the root does not reach.
 * @throws StorageError naming the block
 */
export function checkCar(bytes: Uint8Array): CarSummary {
  if (bytes.length > MAX_CAR_BYTES) throw new StorageError(`car: must be at most ${MAX_CAR_BYTES} bytes`);
  const length = header(new Uint8Array(CID_BYTES)).length;
  const rootAt = 1 + HEADER.length;
  const root = bytes.slice(rootAt, rootAt + CID_BYTES);
  if (bytes.length < length || !Buffer.from(header(root)).equals(bytes.subarray(0, length)))
    throw new StorageError('car: has no header of version 1 with one root');
  const blocks = new Map<string, { cid: Uint8Array; bytes: Uint8Array }>();
  for (let at = length; at < bytes.length; ) {
    const { value, end } = sizeAt(bytes, at);
    if (value < CID_BYTES || end + value > bytes.length)
      throw new StorageError(`car: the block at byte ${at} is cut off`);
    const cid = bytes.subarray(end, end + CID_BYTES);
    const body = bytes.subarray(end + CID_BYTES, end + value);
    if (!matches(cid, body)) throw new StorageError(`car: the block at byte ${at} is not what its CID says`);
    blocks.set(cidText(cid), { cid, bytes: body });
    at = end + value;
  }
  const reached = new Set<string>();
  const files = walk(cidText(root), blocks, reached, 0);
  if (reached.size !== blocks.size)
    throw new StorageError(`car: its root reaches ${reached.size} of ${blocks.size} blocks`);
  return { root: cidText(root), files, blocks: blocks.size, bytes: bytes.length };
}

function sizeAt(bytes: Uint8Array, at: number): { value: number; end: number } {
  try {
    return readVarint(bytes, at);
  } catch {
    throw new StorageError(`car: the block at byte ${at} is cut off`);
  }
}

/** @returns how many files lie below this block, itself included */
function walk(
  text: string,
  blocks: ReadonlyMap<string, { cid: Uint8Array; bytes: Uint8Array }>,
  reached: Set<string>,
  depth: number,
): number {
  const block = blocks.get(text);
  if (!block) throw new StorageError(`car: block ${text} is missing`);
  if (depth > MAX_DEPTH + 1) throw new StorageError(`car: is deeper than ${MAX_DEPTH} folders`);
  reached.add(text);
  if (block.cid[1] !== DAG_PB) return 1;
  const { links, folder } = readNode(text, block.bytes);
  const below = links.map((link) => walk(cidText(link), blocks, reached, depth + 1));
  return folder ? below.reduce((sum, count) => sum + count, 0) : 1;
}

/** The links of a dag-pb node, and whether it is a folder. @throws StorageError where it is no such node */
function readNode(text: string, bytes: Uint8Array): { links: Uint8Array[]; folder: boolean } {
  const links: Uint8Array[] = [];
  let folder = false;
  for (const [number, value] of fields(text, bytes)) {
    if (number === 1) folder = value[0] === 8 && value[1] === 1;
    else if (number === 2) {
      const hash = fields(text, value).find(([inner]) => inner === 1)?.[1];
      if (!hash) throw new StorageError(`car: block ${text} has a link to nowhere`);
      links.push(hash);
    }
  }
  return { links, folder };
}

function fields(text: string, bytes: Uint8Array): [number: number, value: Uint8Array][] {
  const found: [number, Uint8Array][] = [];
  try {
    for (let at = 0; at < bytes.length; ) {
      const tag = readVarint(bytes, at);
      const size = readVarint(bytes, tag.end);
      const bytesLong = (tag.value & 7) === 2 ? size.value : 0;
      if (size.end + bytesLong > bytes.length) throw new RangeError('cut off');
      found.push([tag.value >> 3, bytes.subarray(size.end, size.end + bytesLong)]);
      at = size.end + bytesLong;
    }
  } catch {
    throw new StorageError(`car: block ${text} is no dag-pb node`);
  }
  return found;
}
