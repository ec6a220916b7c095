import { createGenericFile, type GenericFile } from '@metaplex-foundation/umi';
import { bytesToHex } from '@noble/hashes/utils';
import { EDITION_SIDE, pictureHash, pictureOf, toGif, toPng, toSvg } from '#shared/art/index.ts';
import type { Documents } from '../chain/documents.ts';
import { PICTURE_TYPE } from '../storage/uploaders.ts';

/** What of an edition is kept: everything, or what the game's own server renders the rest from. */
export type FilesWanted = 'all' | 'sources';

/**
 * The files of one version, under the paths at which the game's server answers for them: metadata, PNG, GIF, SVG, and
 * the canonical bytes whose hashes stand on chain.
 */
export function editionFiles({ strip, blobs }: Documents, wanted: FilesWanted): GenericFile[] {
  const picture = pictureOf(strip);
  const hash = pictureHash(picture);
  const file = (name: string, type: string, bytes: Uint8Array | string) =>
    createGenericFile(bytes, name, { contentType: type });
  const sources = blobs.map((blob) =>
    blob.kind === 'metadata'
      ? file(`metadata/${bytesToHex(blob.hash)}.json`, 'application/json', blob.body)
      : file(`pictures/${bytesToHex(blob.hash)}`, PICTURE_TYPE, blob.body),
  );
  if (wanted === 'sources') return sources;
  return [
    ...sources,
    file(`art/${hash}.png`, 'image/png', toPng(picture, EDITION_SIDE / picture.width)),
    file(`art/${pictureHash(strip)}.gif`, 'image/gif', toGif(strip)),
    file(`art/${hash}.svg`, 'image/svg+xml', toSvg(picture)),
  ];
}
