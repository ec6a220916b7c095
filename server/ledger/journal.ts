import {
  closeSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** Where a record lies; `segment` is the sequence number of the first record of its file. */
export interface Location {
  segment: number;
  offset: number;
  length: number;
}

interface Segment {
  first: number;
  fd: number;
  size: number;
}

const MAGIC = Buffer.from('symldg01');
const FRAME = 8;
/** A record is one transaction and what it wrote; 10 MiB is Solana's bound of one account. */
const MAX_RECORD = 64 * 1024 * 1024;

/**
 * An append-only log in files of bounded size: each record framed by its length and CRC-32. A record is written
 * before it is acknowledged, so a killed process loses nothing; the disk itself is told once a slot.
 */
export class Journal {
  private readonly segments: Segment[] = [];
  private dirty = false;
  private syncing = false;
  private broken = false;

  constructor(
    private readonly dir: string,
    private readonly segmentBytes: number,
    private readonly log: (line: string) => void,
  ) {}

  get bytes(): number {
    return this.segments.reduce((sum, s) => sum + s.size, 0);
  }

  /** First sequence numbers of the files, oldest first. */
  get firsts(): number[] {
    return this.segments.map((s) => s.first);
  }

  /**
   * Opens every file and hands each good record to `each`. A torn end (the process died while writing) is cut off.
   * Throws when a record after `needed` is damaged although later ones exist: nothing true could be rebuilt.
   */
  open(needed: number, each: (payload: Buffer, location: Location) => number): void {
    const names = readdirSync(this.dir).filter((n) => /^journal-\d{12}\.log$/.test(n));
    const firsts = names.map((n) => Number(n.slice(8, 20))).sort((a, b) => a - b);
    firsts.forEach((first, i) => {
      const path = this.path(first);
      const bytes = readFileSync(path);
      let at = MAGIC.length;
      if (bytes.length < at || !bytes.subarray(0, at).equals(MAGIC)) at = 0;
      let seq = first - 1;
      while (at > 0) {
        const payload = frameAt(bytes, at);
        if (!payload) break;
        seq = each(payload, { segment: first, offset: at + FRAME, length: payload.length });
        at += FRAME + payload.length;
      }
      const fd = openSync(path, 'r+');
      if (at < bytes.length) {
        const next = firsts[i + 1];
        if (next !== undefined && next - 1 > needed && seq < next - 1) {
          closeSync(fd);
          throw new Error(`journal file ${first}: damaged at byte ${at}, and later files need what it held`);
        }
        this.log(
          `ledger: journal file ${first}: ${bytes.length - at} torn bytes cut off after record ${seq}`,
        );
        if (next === undefined) ftruncateSync(fd, at);
      }
      if (at === 0) {
        writeSync(fd, MAGIC, 0, MAGIC.length, 0);
        at = MAGIC.length;
      }
      this.segments.push({ first, fd, size: at });
    });
  }

  /** Writes a record. Throws the system's error (ENOSPC and the like) with the journal as it was before. */
  append(seq: number, payload: Buffer): Location {
    if (this.broken)
      throw new Error('the journal could not be repaired after a failed write; restart the ledger');
    if (payload.length > MAX_RECORD)
      throw new Error(`record of ${payload.length} bytes (max: ${MAX_RECORD})`);
    let segment = this.segments.at(-1);
    if (!segment || segment.size >= this.segmentBytes) segment = this.start(seq);
    const frame = Buffer.alloc(FRAME + payload.length);
    frame.writeUInt32LE(payload.length, 0);
    frame.writeUInt32LE(crc32(payload), 4);
    payload.copy(frame, FRAME);
    try {
      writeAll(segment.fd, frame, segment.size);
    } catch (error) {
      this.cut(segment);
      throw error;
    }
    const location = { segment: segment.first, offset: segment.size + FRAME, length: payload.length };
    segment.size += frame.length;
    this.dirty = true;
    return location;
  }

  /** The record at a location, or null when its file has been dropped. */
  read(location: Location): Buffer | null {
    const segment = this.segments.find((s) => s.first === location.segment);
    if (!segment) return null;
    const out = Buffer.alloc(location.length);
    return readSync(segment.fd, out, 0, out.length, location.offset) === out.length ? out : null;
  }

  /** Tells the disk, in the background; power loss costs at most what came after. */
  sync(): void {
    const segment = this.segments.at(-1);
    if (!segment || !this.dirty || this.syncing) return;
    this.dirty = false;
    this.syncing = true;
    fdatasync(segment.fd, (error) => {
      this.syncing = false;
      if (error && error.code !== 'EBADF')
        this.log(`ledger: the journal could not be synced: ${error.message}`);
    });
  }

  /** Deletes the oldest file. */
  dropOldest(): void {
    const segment = this.segments.shift();
    if (!segment) return;
    closeSync(segment.fd);
    unlinkSync(this.path(segment.first));
  }

  close(): void {
    for (const { fd } of this.segments) closeSync(fd);
    this.segments.length = 0;
  }

  private start(first: number): Segment {
    const fd = openSync(this.path(first), 'w+', 0o600);
    const segment = { first, fd, size: 0 };
    try {
      writeAll(fd, MAGIC, 0);
    } catch (error) {
      closeSync(fd);
      unlinkSync(this.path(first));
      throw error;
    }
    segment.size = MAGIC.length;
    this.segments.push(segment);
    return segment;
  }

  /** Takes back what a failed write left, which needs no space. */
  private cut(segment: Segment): void {
    try {
      if (fstatSync(segment.fd).size > segment.size) ftruncateSync(segment.fd, segment.size);
    } catch (error) {
      this.broken = true;
      this.log(`ledger: a failed write could not be taken back: ${String(error)}`);
    }
  }

  private path(first: number): string {
    return join(this.dir, `journal-${String(first).padStart(12, '0')}.log`);
  }
}

function frameAt(bytes: Buffer, at: number): Buffer | null {
  if (at + FRAME > bytes.length) return null;
  const length = bytes.readUInt32LE(at);
  if (length === 0 || length > MAX_RECORD || at + FRAME + length > bytes.length) return null;
  const payload = bytes.subarray(at + FRAME, at + FRAME + length);
  return crc32(payload) === bytes.readUInt32LE(at + 4) ? payload : null;
}

function writeAll(fd: number, bytes: Buffer, position: number): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}
