import { hexToBytes } from '@noble/hashes/utils';
import {
  type ArtModel,
  buildMetadata,
  type Conditions,
  drawSprite,
  type HistoryEntry,
  pictureBytes,
  pictureHash,
} from '#shared/art/index.ts';
import type { Blob } from '../store/blobs.ts';
import type { Plan } from '../store/outbox.ts';

export interface DocumentSource extends Conditions {
  name: string;
  deeds: readonly number[];
  version: number;
  /** What it was before, oldest first. */
  past: readonly Plan[];
}

export interface Documents {
  /** SHA-256 of the picture's bytes. */
  picture: Uint8Array;
  uri: string;
  blobs: Blob[];
}

/** Draws a symbiont and writes its metadata; both are found by their hashes for ever. */
export function drawDocuments(model: ArtModel, publicUrl: string, source: DocumentSource): Documents {
  const { genome, stage, branch, name, version } = source;
  const sprite = drawSprite(model, { genome, stage, branch });
  const picture = pictureHash(sprite);
  const history: HistoryEntry[] = source.past.map((plan) => ({
    version: plan.version,
    stage: plan.stage,
    branch: plan.branch,
    picture: plan.picture,
  }));
  history.push({ version, stage, branch, picture });
  const metadata = buildMetadata({
    name,
    symbol: 'SYMB',
    genome,
    stage,
    branch,
    deeds: source.deeds,
    version,
    pictureHash: picture,
    imageUri: `${publicUrl}/art/${picture}.png`,
    svgUri: `${publicUrl}/art/${picture}.svg`,
    externalUrl: publicUrl,
    history,
  });
  return {
    picture: hexToBytes(picture),
    uri: `${publicUrl}/metadata/${metadata.hash}.json`,
    blobs: [
      { hash: hexToBytes(picture), kind: 'picture', body: pictureBytes(sprite) },
      { hash: hexToBytes(metadata.hash), kind: 'metadata', body: metadata.bytes },
    ],
  };
}
