import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { z } from 'zod';
import { writeAtomically } from '../files.ts';
import { type Arrays, decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';

/** The chain of a run that does not hold together, or does not belong to what is here; the message names where. */
export class ChainError extends Error {
  override readonly name = 'ChainError';
}

export const CHAIN = 'chain.jsonl';
/** A run is cut into so many segments, so at most one more border is kept. */
export const SEGMENTS = 50;
const MOST_STATE = 1 << 28;

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const genesisSchema = z.strictObject({
  format: z.literal('symbiont-training-1'),
  code: hex,
  behavior: hex,
  seed: count,
  /** Merkle root of the logged play that was trained on, or null. */
  data: hex.nullable(),
  opponents: z.array(z.string()),
  /** Id of the brain that training began from, or null. */
  parent: z.string().nullable(),
  critic: z.enum(['own', 'central']),
  klAnchor: z.number(),
  engine: z.enum(['kernel', 'tfjs']),
  state: hex,
});
const linkSchema = z.strictObject({
  segment: count,
  iteration: count,
  steps: count,
  /** How much of the budget was used before each of the segment's iterations; it anneals the rates. */
  progress: z.array(z.number().min(0).max(1)),
  /** SHA-256 of everything that the training goes on from here with. */
  state: hex,
  /** SHA-256 of the line before, without its newline. */
  previous: hex,
});

/** What a run is a function of, and the state it begins in. */
export type Genesis = z.infer<typeof genesisSchema>;
export type Link = z.infer<typeof linkSchema>;

const digest = (text: string) => bytesToHex(sha256(new TextEncoder().encode(text)));

/** SHA-256 of a state's canonical bytes. */
export function stateHash(arrays: Arrays): string {
  return bytesToHex(sha256(encodeCheckpoint(null, arrays)));
}

export interface Chain {
  readonly genesis: Genesis;
  readonly links: readonly Link[];
  /** SHA-256 of the last line: it stands for the whole run. */
  readonly root: string;
}

const lineOf = (value: unknown) => JSON.stringify(value);

/** Reads and checks a run's chain. @throws ChainError naming the line and what is wrong with it. */
export function readChain(directory: string): Chain {
  const file = path.join(directory, CHAIN);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ChainError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  const fail = (line: number, problem: string): never => {
    throw new ChainError(`${file}: line ${line}: ${problem}`);
  };
  const read = <T>(line: number, json: string, schema: z.ZodType<T>): T => {
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch {
      return fail(line, 'is not JSON');
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return fail(line, `${issue.path.join('.')}: ${issue.message}`);
  };
  const [first, ...rest] = text.split('\n').slice(0, -1);
  if (first === undefined) return fail(1, 'is missing');
  const genesis = read(1, first, genesisSchema);
  let root = digest(first);
  let before = { iteration: 0, steps: 0 };
  const links = rest.map((json, k) => {
    const link = read(k + 2, json, linkSchema);
    if (link.previous !== root) fail(k + 2, 'does not follow from the line before');
    if (link.segment !== k + 1) fail(k + 2, `segment: must be ${k + 1}, is ${link.segment}`);
    if (link.iteration - before.iteration !== link.progress.length || link.steps < before.steps)
      fail(k + 2, 'iteration: does not fit its progress');
    before = link;
    root = digest(json);
    return link;
  });
  return { genesis, links, root };
}

/** The file that holds the whole state at a segment's end (segment 0: the run's beginning), deflated. */
function borderFile(directory: string, segment: number): string {
  return path.join(directory, 'borders', `${segment}.bin.z`);
}

export function writeBorder(directory: string, segment: number, arrays: Arrays): void {
  mkdirSync(path.join(directory, 'borders'), { recursive: true });
  writeAtomically(borderFile(directory, segment), deflateSync(encodeCheckpoint(null, arrays), { level: 1 }));
}

/** @throws ChainError when it is not what the chain names. */
export function readBorder(directory: string, segment: number, state: string): Arrays {
  const file = borderFile(directory, segment);
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(inflateSync(readFileSync(file), { maxOutputLength: MOST_STATE }));
  } catch (error) {
    throw new ChainError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  const found = bytesToHex(sha256(bytes));
  if (found !== state) throw new ChainError(`${file}: hashes to ${found}, the chain names ${state}`);
  return decodeCheckpoint(bytes, file).arrays;
}

/** Writes a run's chain as it grows. */
export class ChainWriter {
  readonly #directory: string;
  #root: string;
  #segment: number;

  private constructor(directory: string, root: string, segment: number) {
    this.#directory = directory;
    this.#root = root;
    this.#segment = segment;
  }

  /** Begins a new chain, over what may be there. */
  static begin(directory: string, genesis: Omit<Genesis, 'format' | 'state'>, arrays: Arrays): ChainWriter {
    writeBorder(directory, 0, arrays);
    const line = lineOf({
      format: 'symbiont-training-1',
      ...genesis,
      state: stateHash(arrays),
    } satisfies Genesis);
    writeAtomically(path.join(directory, CHAIN), new TextEncoder().encode(`${line}\n`));
    return new ChainWriter(directory, digest(line), 0);
  }

  /** Goes on after a segment; links behind it, which a killed run wrote after its last checkpoint, are cut off. */
  static resume(directory: string, segment: number): { writer: ChainWriter; genesis: Genesis } {
    const file = path.join(directory, CHAIN);
    if (!existsSync(file)) throw new ChainError(`${file}: is missing`);
    const lines = readFileSync(file, 'utf8').split('\n');
    if (lines.length < segment + 2) throw new ChainError(`${file}: ends before segment ${segment}`);
    const kept = lines.slice(0, segment + 1);
    truncateSync(file, Buffer.byteLength(`${kept.join('\n')}\n`));
    const { genesis, root } = readChain(directory);
    return { writer: new ChainWriter(directory, root, segment), genesis };
  }

  get root(): string {
    return this.#root;
  }

  get segment(): number {
    return this.#segment;
  }

  /** Ends a segment: keeps its border and adds its link. */
  add(link: Pick<Link, 'iteration' | 'steps' | 'progress'>, arrays: Arrays): void {
    const segment = this.#segment + 1;
    writeBorder(this.#directory, segment, arrays);
    const line = lineOf({ segment, ...link, state: stateHash(arrays), previous: this.#root } satisfies Link);
    appendFileSync(path.join(this.#directory, CHAIN), `${line}\n`);
    this.#root = digest(line);
    this.#segment = segment;
  }
}
