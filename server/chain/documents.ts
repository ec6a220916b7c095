import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils';
import {
  type ArtModel,
  buildMetadata,
  type Conditions,
  drawStrip,
  type HistoryEntry,
  pictureBytes,
  pictureHash,
  pictureOf,
  type Sprite,
  type TraitNames,
} from '#shared/art/index.ts';
import type { Blob } from '../store/blobs.ts';

/** A version of a symbiont, as it stands on chain. */
export interface Version {
  version: number;
  stage: number;
  branch: number;
  /** SHA-256 of the picture's bytes, 64 hex digits. */
  picture: string;
  uri: string;
}

/** How a creator's collection calls things; nothing: as the world does. */
export interface Style {
  symbol?: string;
  traits?: TraitNames | null;
}

export interface DocumentSource extends Conditions, Style {
  name: string;
  deeds: readonly number[];
  version: number;
  /** What it was before, oldest first. */
  past: readonly Version[];
  /** The assets that it was bred from. */
  parents?: readonly [string, string] | null;
}

export interface Documents {
  /** SHA-256 of the picture's bytes. */
  picture: Uint8Array;
  uri: string;
  /** All frames, the picture first. */
  strip: Sprite;
  blobs: Blob[];
}

/** The hash that a metadata URI carries, and what stands before it; null where it is no such URI. */
export function readUri(uri: string): { base: string; metadata: string } | null {
  const match = /^(https?:\/\/.+)\/metadata\/([0-9a-f]{64})\.json$/.exec(uri);
  return match && { base: match[1], metadata: match[2] };
}

/**
 * Draws a symbiont and writes its metadata; picture, moving picture and metadata are found by their hashes for ever.
 * Equal sources give equal bytes, so that anyone who reads the chain can write the same documents.
 */
export function drawDocuments(model: ArtModel, publicUrl: string, source: DocumentSource): Documents {
  const { genome, stage, branch, name, version } = source;
  const strip = drawStrip(model, { genome, stage, branch });
  const sprite = pictureOf(strip);
  const picture = pictureHash(sprite);
  const stripBytes = pictureBytes(strip);
  const stripHash = sha256(stripBytes);
  const history: HistoryEntry[] = source.past.map((past) => ({
    version: past.version,
    stage: past.stage,
    branch: past.branch,
    picture: past.picture,
    metadata: readUri(past.uri)?.metadata,
  }));
  history.push({ version, stage, branch, picture });
  const metadata = buildMetadata({
    name,
    symbol: source.symbol ?? 'SYMB',
    traits: source.traits ?? undefined,
    genome,
    stage,
    branch,
    deeds: source.deeds,
    version,
    pictureHash: picture,
    imageUri: `${publicUrl}/art/${picture}.png`,
    animationUri: `${publicUrl}/art/${bytesToHex(stripHash)}.gif`,
    svgUri: `${publicUrl}/art/${picture}.svg`,
    model: model.id,
    parents: source.parents ?? undefined,
    externalUrl: publicUrl,
    history,
  });
  return {
    picture: hexToBytes(picture),
    uri: `${publicUrl}/metadata/${metadata.hash}.json`,
    strip,
    blobs: [
      { hash: hexToBytes(picture), kind: 'picture', body: pictureBytes(sprite) },
      { hash: stripHash, kind: 'picture', body: stripBytes },
      { hash: hexToBytes(metadata.hash), kind: 'metadata', body: metadata.bytes },
    ],
  };
}
