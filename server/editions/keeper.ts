import { sha256 } from '@noble/hashes/sha2';
import { type ArtModel, loadArtModel } from '#shared/art/index.ts';
import type { Style } from '../chain/documents.ts';
import { hashOfUri, readPapers } from '../studio/papers.ts';

const ANSWER_MS = 20_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** A server that keeps what creators brought. Nothing of it is believed that does not hash to what the chain names. */
export class Keeper {
  private readonly url: string;
  private readonly models = new Map<string, Promise<ArtModel | null>>();

  constructor(url: string) {
    this.url = url.replace(/\/+$/, '');
  }

  /** Null where it has none that hashes to this. @throws Error when it does not answer */
  model(id: string): Promise<ArtModel | null> {
    let model = this.models.get(id);
    if (!model) {
      model = this.get(`/api/studio/models/${id}`).then((bytes) => {
        if (!bytes || Buffer.from(sha256(bytes)).toString('hex') !== id) return null;
        return loadArtModel(bytes);
      });
      this.models.set(id, model);
    }
    return model;
  }

  /** How the collection whose metadata lie here calls things; as the world does where that cannot be had. */
  async style(uri: string): Promise<Style> {
    const hash = hashOfUri(uri);
    if (!hash) return {};
    const bytes = await this.get(`/metadata/${Buffer.from(hash).toString('hex')}.json`);
    if (!bytes || !Buffer.from(sha256(bytes)).equals(Buffer.from(hash))) return {};
    const { symbol, traits } = readPapers(bytes);
    return { symbol, traits };
  }

  private async get(path: string): Promise<Uint8Array | null> {
    const answer = await fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(ANSWER_MS) }).catch(
      (error: unknown) => {
        throw new Error(
          `--server: ${this.url} does not answer: ${error instanceof Error ? error.message : error}`,
        );
      },
    );
    if (!answer.ok) return null;
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return bytes.length > MOST_BYTES ? null : bytes;
  }
}
