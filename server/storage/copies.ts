import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import type { GenericFile, UploaderInterface } from '@metaplex-foundation/umi';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { takeLock } from '../ledger/lock.ts';
import { reason } from '../log.ts';
import { StorageError } from './error.ts';

const MAX_URI = 300;

interface Line {
  hash: string;
  file: string;
  type: string | null;
  uri: string;
}

/**
 * What lies in a storage already, by the hash of its content: lines of JSON, each on the disk before the next file is
 * stored. So what is broken off anywhere is continued, and nothing is paid for twice.
 */
export class Copies {
  private readonly file: number;
  private readonly unlock: () => void;
  private readonly uris = new Map<string, string>();

  /** @throws StorageError where the file is another storage's, is no such file, or is in use */
  constructor(path: string, place: string) {
    try {
      this.unlock = takeLock(`${path}.lock`);
    } catch (error) {
      throw new StorageError(`--journal: ${path} is in use (${reason(error)})`);
    }
    try {
      if (existsSync(path)) this.read(path, place);
      this.file = openSync(path, 'a');
      if (this.uris.size === 0 && readFileSync(path).length === 0) this.append({ place });
    } catch (error) {
      this.unlock();
      throw error instanceof StorageError
        ? error
        : new StorageError(`--journal: ${path} cannot be opened (${reason(error)})`);
    }
  }

  get size(): number {
    return this.uris.size;
  }

  uriOf(file: GenericFile): string | undefined {
    return this.uris.get(hashOf(file));
  }

  keep(file: GenericFile, uri: string): void {
    const hash = hashOf(file);
    this.append({ hash, file: file.fileName, type: file.contentType, uri } satisfies Line);
    this.uris.set(hash, uri);
  }

  close(): void {
    closeSync(this.file);
    this.unlock();
  }

  private read(path: string, place: string): void {
    const bytes = readFileSync(path);
    // A line that was broken off is not there.
    const end = bytes.lastIndexOf(10) + 1;
    if (end < bytes.length) truncateSync(path, end);
    const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
    lines.forEach((text, i) => {
      let line: Partial<Line> & { place?: string };
      try {
        line = JSON.parse(text) as typeof line;
      } catch {
        throw new StorageError(`--journal: ${path}: line ${i + 1} is no JSON`);
      }
      if (i === 0) {
        if (line.place !== place)
          throw new StorageError(
            `--journal: ${path} tells of ${line.place ?? 'something else'}, not of ${place}`,
          );
      } else if (/^[0-9a-f]{64}$/.test(line.hash ?? '') && line.uri)
        this.uris.set(line.hash as string, line.uri);
      else throw new StorageError(`--journal: ${path}: line ${i + 1} has no hash and URI`);
    });
  }

  private append(line: object): void {
    writeSync(this.file, `${JSON.stringify(line)}\n`);
    fsyncSync(this.file);
  }
}

function hashOf({ buffer }: GenericFile): string {
  return bytesToHex(sha256(buffer));
}

export interface Copied {
  /** Stored now. */
  stored: number;
  /** Lay there before. */
  kept: number;
}

/**
 * Stores what is not stored yet, one file after the other, each noted as soon as the storage has it.
 * @throws StorageError where the storage fails; doing the same again goes on from there
 */
export async function copyFiles(
  uploader: UploaderInterface,
  files: readonly GenericFile[],
  copies: Copies,
  onFile: (file: GenericFile, uri: string) => void = () => {},
): Promise<Copied> {
  const copied = { stored: 0, kept: 0 };
  for (const file of files) {
    if (copies.uriOf(file) !== undefined) {
      copied.kept++;
      continue;
    }
    let uris: string[];
    try {
      uris = await uploader.upload([file]);
    } catch (error) {
      throw new StorageError(
        `storage: ${file.fileName}: ${reason(error)}; ${copied.stored + copied.kept} of ${files.length} files are stored, the same command continues`,
      );
    }
    const [uri] = uris;
    if (uris.length !== 1 || typeof uri !== 'string' || uri.length > MAX_URI || !URL.canParse(uri))
      throw new StorageError(`storage: ${file.fileName}: it gave no URI for it`);
    copies.keep(file, uri);
    copied.stored++;
    onFile(file, uri);
  }
  return copied;
}
