import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { type ArtModel, drawSprite, pictureBytes, pictureHash } from '#shared/art/index.ts';
import type { StudioDraft } from '#shared/protocol/index.ts';
import type { Blob } from '../store/blobs.ts';

const HASH = /\/metadata\/([0-9a-f]{64})\.json$/;

/**
 * A collection's metadata by the Metaplex JSON standard, and the creature on its picture, which its address chooses.
 * Equal drafts give equal bytes, found by their hash for ever.
 */
export function writePapers(
  model: ArtModel,
  publicUrl: string,
  address: string,
  draft: StudioDraft,
): { uri: string; blobs: Blob[] } {
  const genome = sha256(utf8ToBytes(address));
  const branch = draft.rule.branchStage > 0 ? 1 + (genome[0] & 3) : 0;
  const sprite = drawSprite(model, { genome, stage: Math.min(3, draft.rule.steps.length), branch });
  const picture = pictureHash(sprite);
  const image = `${publicUrl}/art/${picture}.png`;
  const json = JSON.stringify({
    name: draft.name,
    symbol: draft.symbol,
    description: draft.description,
    image,
    external_url: `${publicUrl}/gallery?collection=${address}`,
    properties: {
      category: 'image',
      files: [{ uri: image, type: 'image/png' }],
      model: model.id,
      ...(draft.model === null ? {} : { model_file: `${publicUrl}/api/studio/models/${draft.model}` }),
      licence: draft.licence,
      ...(draft.traits === null ? {} : { traits: draft.traits }),
    },
  });
  const body = utf8ToBytes(json);
  const hash = sha256(body);
  return {
    uri: `${publicUrl}/metadata/${bytesToHex(hash)}.json`,
    blobs: [
      { hash: Uint8Array.from(Buffer.from(picture, 'hex')), kind: 'picture', body: pictureBytes(sprite) },
      { hash, kind: 'metadata', body },
    ],
  };
}

/** The hash that a metadata URI ends with. */
export const hashOfUri = (uri: string): Uint8Array | null => {
  const found = HASH.exec(uri)?.[1];
  return found ? Uint8Array.from(Buffer.from(found, 'hex')) : null;
};

/** What of a draft stands in its metadata alone. */
export type PaperPart = Pick<StudioDraft, 'symbol' | 'description' | 'licence' | 'traits'>;

/** Reads it back. What is missing or of another's making is as if it had not been said. */
export function readPapers(body: Uint8Array | null): PaperPart {
  const nothing: PaperPart = { symbol: 'SYMB', description: '', licence: 'NONE', traits: null };
  if (!body) return nothing;
  try {
    const { symbol, description, properties } = JSON.parse(Buffer.from(body).toString('utf8')) as Partial<
      PaperPart & { properties: Partial<PaperPart> }
    >;
    const { licence, traits } = properties ?? {};
    return {
      symbol: typeof symbol === 'string' ? symbol : nothing.symbol,
      description: typeof description === 'string' ? description : '',
      licence: typeof licence === 'string' ? licence : nothing.licence,
      traits: isTraits(traits) ? traits : null,
    };
  } catch {
    return nothing;
  }
}

function isTraits(traits: unknown): traits is NonNullable<StudioDraft['traits']> {
  const { stages, branches } = (traits ?? {}) as { stages?: unknown; branches?: unknown };
  const are = (names: unknown, count: number) =>
    Array.isArray(names) && names.length === count && names.every((name) => typeof name === 'string');
  return are(stages, 5) && are(branches, 4);
}
