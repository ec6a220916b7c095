import { ArtError, type ArtModel, drawSprite, pictureHash } from '#shared/art/index.ts';
import { type Documents, drawDocuments, readUri, type Style } from '../chain/documents.ts';
import type { Lineage, Written } from './lineage.ts';

/** One version, drawn again. */
export interface Redrawn extends Written {
  /** Which model drew it, by its file's hash; null: none of them draws this picture. */
  model: string | null;
  /** The hash of what is drawn: the recorded one, or the first model's where none draws that. */
  drawn: string;
  /** Whether its metadata could be written again to the hash in its URI. */
  metadata: boolean;
  /** Picture, moving picture and metadata; null where they could not be written again. */
  documents: Documents | null;
}

export interface Verdict {
  asset: string;
  name: string;
  versions: Redrawn[];
  /** What differs or is missing, a sentence each; empty where every version was drawn to its recorded hash. */
  problems: string[];
  /** What else is worth knowing: metadata that were written otherwise. */
  notes: string[];
}

/**
 * Draws every version of a symbiont from what the chain says of it, and writes its metadata again.
 * @param known at least one; where the chain names one, that alone counts, else the first that draws the recorded
 * picture
 * @param style how the collection's creator calls things, where it is a creator's
 */
export function redraw(known: readonly ArtModel[], lineage: Lineage, style: Style = {}): Verdict {
  const { asset, name, genome, versions, missing, now } = lineage;
  const problems = missing.map((version) => `version ${version}: this RPC does not hold its transaction`);
  const notes: string[] = [];
  const models = lineage.model === null ? known : known.filter(({ id }) => id === lineage.model);
  if (models.length === 0) {
    problems.push(
      `art model ${lineage.model}, which the chain names, is not here: name its file (--model) or a server that keeps it (--server)`,
    );
    return { asset, name, versions: [], problems, notes };
  }
  /** The model that draws this picture, and what is drawn. */
  const drawnBy = (one: Lineage['now']): { model: ArtModel | null; drawn: string } => {
    const drawn = models.map((model) =>
      pictureHash(drawSprite(model, { genome, stage: one.stage, branch: one.branch })),
    );
    const which = drawn.indexOf(one.picture);
    if (which >= 0) return { model: models[which], drawn: one.picture };
    problems.push(
      `version ${one.version}: picture is recorded as ${one.picture}, genome, stage and branch draw ${drawn[0]}`,
    );
    return { model: null, drawn: drawn[0] };
  };
  const again = versions.map((one, i): Redrawn => {
    const { model, drawn } = drawnBy(one);
    const documents = model && written(model, lineage, i, style);
    const metadata = documents?.uri === one.uri;
    if (model && !metadata)
      notes.push(
        documents
          ? `version ${one.version}: its metadata come out with the hash ${readUri(documents.uri)?.metadata}`
          : `version ${one.version}: its metadata cannot be written again for the URI ${one.uri}`,
      );
    return { ...one, model: model?.id ?? null, drawn, metadata, documents };
  });
  // Where its last transaction is gone, the account itself still says what it must look like.
  if (missing.includes(now.version)) drawnBy(now);
  return { asset, name, versions: again, problems, notes };
}

/** The documents of a version; null where its name or URI are none that this project writes. */
function written(
  model: ArtModel,
  { name, genome, parents, versions }: Lineage,
  i: number,
  style: Style,
): Documents | null {
  const base = readUri(versions[i].uri)?.base;
  if (base === undefined) return null;
  try {
    return drawDocuments(model, base, {
      ...style,
      ...versions[i],
      genome,
      name,
      parents,
      past: versions.slice(0, i),
    });
  } catch (error) {
    if (error instanceof ArtError) return null;
    throw error;
  }
}
