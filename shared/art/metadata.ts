import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { describe } from './describe.ts';
import { ArtError, BRANCHES, type Conditions, STAGES } from './types.ts';

/** Deed counters in the order that the world, the database, the programs and the art share. */
export const DEED_TRAITS = [
  'gathered',
  'banked',
  'struck',
  'defeated',
  'guarded',
  'given',
  'walked',
  'endured',
] as const;

/** Length of the chain's text of deeds: eight of ten digits and the commas, so that it never grows. */
const DEEDS_TEXT = 87;
export const MAX_METADATA_BYTES = 32_768;
const MAX_NAME = 32;
const MAX_SYMBOL = 10;
const MAX_TEXT = 1_000;
const MAX_URI = 200;
const MAX_HISTORY = 64;

/** One evolution, oldest first. */
export interface HistoryEntry {
  readonly version: number;
  readonly stage: number;
  readonly branch: number;
  /** SHA-256 of the picture at that version, 64 hex digits. */
  readonly picture: string;
  /** SHA-256 of that version's metadata, which are its address; none for the version that is being written. */
  readonly metadata?: string;
}

/** What a collection's creator calls the stages 0..4 and the branches 1..4. */
export interface TraitNames {
  readonly stages: readonly string[];
  readonly branches: readonly string[];
}

export interface MetadataSource extends Conditions {
  readonly name: string;
  readonly symbol?: string;
  /** A sentence is made of the traits when there is none. */
  readonly description?: string;
  /** Eight u32 counters, in the order of `DEED_TRAITS`. */
  readonly deeds: ArrayLike<number>;
  readonly version: number;
  readonly pictureHash: string;
  /** PNG of 3008 × 3008. */
  readonly imageUri: string;
  /** The same picture as SVG, if served. */
  readonly svgUri?: string;
  /** GIF of the idle loop and the walk. */
  readonly animationUri?: string;
  /** SHA-256 of the art model's file, 64 hex digits. */
  readonly model?: string;
  readonly externalUrl?: string;
  readonly history?: readonly HistoryEntry[];
  readonly traits?: TraitNames;
  /** Addresses of the assets that it was bred from, base58; none: it was minted. */
  readonly parents?: readonly [string, string];
}

export interface Metadata {
  readonly json: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`, 64 hex digits: its content address. */
  readonly hash: string;
}

function refuse(field: string, must: string): never {
  throw new ArtError(`${field} must be ${must}`);
}

function text(field: string, value: string | undefined, least: number, most: number): void {
  if (value === undefined) return;
  if (typeof value !== 'string' || value.length < least || value.length > most)
    refuse(field, `${least}..${most} characters`);
  if (/\p{Cc}|\p{Cs}/u.test(value)) refuse(field, 'free of control characters and lone surrogates');
}

function counter(field: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
    refuse(field, 'a whole number 0..4294967295');
}

function hash(field: string, value: string): void {
  if (!/^[0-9a-f]{64}$/.test(value)) refuse(field, '64 lowercase hex digits');
}

function check(source: MetadataSource): void {
  text('name', source.name, 1, MAX_NAME);
  text('symbol', source.symbol, 0, MAX_SYMBOL);
  text('description', source.description, 0, MAX_TEXT);
  text('imageUri', source.imageUri, 1, MAX_URI);
  text('svgUri', source.svgUri, 1, MAX_URI);
  text('animationUri', source.animationUri, 1, MAX_URI);
  text('externalUrl', source.externalUrl, 1, MAX_URI);
  if (source.deeds.length !== DEED_TRAITS.length) refuse('deeds', `${DEED_TRAITS.length} counters`);
  DEED_TRAITS.forEach((name, i) => {
    counter(`deeds.${name}`, source.deeds[i]);
  });
  counter('version', source.version);
  hash('pictureHash', source.pictureHash);
  if (source.model !== undefined) hash('model', source.model);
  for (const [i, parent] of (source.parents ?? []).entries())
    if (!/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(parent)) refuse(`parents[${i}]`, 'an address in base58');
  source.traits?.stages.forEach((name, i) => {
    text(`traits.stages[${i}]`, name, 1, MAX_NAME);
  });
  source.traits?.branches.forEach((name, i) => {
    text(`traits.branches[${i}]`, name, 1, MAX_NAME);
  });
  const history = source.history ?? [];
  if (history.length > MAX_HISTORY) refuse('history', `at most ${MAX_HISTORY} entries`);
  history.forEach((entry, i) => {
    counter(`history[${i}].version`, entry.version);
    if (!STAGES[entry.stage]) refuse(`history[${i}].stage`, '0..4');
    if (!BRANCHES[entry.branch]) refuse(`history[${i}].branch`, '0..4');
    hash(`history[${i}].picture`, entry.picture);
    if (entry.metadata !== undefined) hash(`history[${i}].metadata`, entry.metadata);
  });
}

/**
 * What the Attributes plugin of a symbiont's asset holds, in its order: every value a string, the eight deeds in
 * one (Core is dear by the attribute) with commas between them and spaces at its end.
 */
export function chainAttributes(
  source: Pick<MetadataSource, 'genome' | 'stage' | 'branch' | 'deeds' | 'version' | 'pictureHash'>,
): [name: string, value: string][] {
  return [
    ['stage', String(source.stage)],
    ['branch', String(source.branch)],
    ['deeds', Array.from(source.deeds).join(',').padEnd(DEEDS_TEXT)],
    ['genome', bytesToHex(source.genome)],
    ['version', String(source.version)],
    ['picture', source.pictureHash],
  ];
}

/**
 * A symbiont's metadata by the Metaplex JSON standard (https://developers.metaplex.com/core/json-schema) in one
 * canonical form: keys in the order written here, no spaces, UTF-8; so equal sources give equal bytes and the hash
 * addresses the content. The first attributes say what the chain says, with a trait for each deed; what follows
 * them says the same in words or can be seen in the picture.
 * @throws ArtError naming the field and its limit
 */
export function buildMetadata(source: MetadataSource): Metadata {
  const { genome, stage, branch } = source;
  const traits = describe(genome, stage, branch);
  check(source);
  const attribute = (trait_type: string, value: string) => ({ trait_type, value });
  const json = JSON.stringify({
    name: source.name,
    symbol: source.symbol ?? '',
    description:
      source.description ?? `A symbiont, ${traits.line}. What it does in the world is what it becomes.`,
    image: source.imageUri,
    ...(source.animationUri === undefined ? {} : { animation_url: source.animationUri }),
    ...(source.externalUrl === undefined ? {} : { external_url: source.externalUrl }),
    attributes: [
      attribute('stage', String(stage)),
      attribute('branch', String(branch)),
      ...DEED_TRAITS.map((deed, i) => attribute(deed, String(source.deeds[i]))),
      attribute('genome', bytesToHex(genome)),
      attribute('version', String(source.version)),
      attribute('picture', source.pictureHash),
      attribute('form', source.traits?.stages[stage] ?? traits.stage),
      attribute('calling', (branch > 0 && source.traits?.branches[branch - 1]) || traits.branch),
      attribute('element', traits.element),
      attribute('temperament', traits.temperament),
      attribute('coat', traits.coat),
      attribute('patch', traits.patch),
      attribute('pattern', traits.pattern),
      attribute('eyes', traits.eyes),
    ],
    properties: {
      category: 'image',
      files: [
        { uri: source.imageUri, type: 'image/png' },
        ...(source.animationUri === undefined ? [] : [{ uri: source.animationUri, type: 'image/gif' }]),
        ...(source.svgUri === undefined ? [] : [{ uri: source.svgUri, type: 'image/svg+xml' }]),
      ],
      ...(source.model === undefined ? {} : { model: source.model }),
      ...(source.parents === undefined ? {} : { parents: source.parents }),
      ...(source.history === undefined
        ? {}
        : {
            history: source.history.map((entry) => ({
              version: entry.version,
              stage: STAGES[entry.stage],
              branch: BRANCHES[entry.branch],
              picture: entry.picture,
              ...(entry.metadata === undefined ? {} : { metadata: entry.metadata }),
            })),
          }),
    },
  });
  const bytes = utf8ToBytes(json);
  if (bytes.length > MAX_METADATA_BYTES)
    refuse('metadata', `at most ${MAX_METADATA_BYTES} bytes, would be ${bytes.length}`);
  return { json, bytes, hash: bytesToHex(sha256(bytes)) };
}
