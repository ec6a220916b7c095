import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, PublicKey } from '@solana/web3.js';
import type { ArtModel } from '#shared/art/index.ts';
import { loadQuickArtSync } from '#shared/art/quick.ts';
import { ROOT } from '../config.ts';
import { reason } from '../log.ts';
import type { Keeper } from './keeper.ts';
import { type Lineage, LineageError, readLineage } from './lineage.ts';
import { redraw, type Verdict } from './redraw.ts';

/** Assets that are read at once: the chain's answer is what takes time. */
const AT_ONCE = 6;

/** The committed art models, by name; or this one file. @throws LineageError where there is none */
export function artModels(file?: string): ArtModel[] {
  const dir = join(ROOT, 'assets', 'art');
  const files = file
    ? [file]
    : readdirSync(dir)
        .filter((name) => name.endsWith('.safetensors'))
        .sort()
        .map((name) => join(dir, name));
  if (file && !existsSync(file)) throw new LineageError(`--model: ${file} does not exist`);
  if (files.length === 0) throw new LineageError('art model: there is none in assets/art');
  return files.map((path) => loadQuickArtSync(Uint8Array.from(readFileSync(path))));
}

/** A base58 address. @throws LineageError naming what it is for */
export function addressOf(what: string, text: string): PublicKey {
  try {
    return new PublicKey(text);
  } catch {
    throw new LineageError(`${what}: must be an address in base58, is "${text.slice(0, 64)}"`);
  }
}

export interface Proven {
  verdict: Verdict;
  /** Null where the chain's own records contradict each other. */
  lineage: Lineage | null;
}

/**
 * Draws every version of these symbionts again from the chain alone, in the order given.
 * @param keeper whom to ask for models that the chain names and nobody has here; what it gives is checked by its hash
 * @throws Error where the RPC cannot be reached
 */
export async function* prove(
  connection: Connection,
  models: readonly ArtModel[],
  assets: readonly PublicKey[],
  keeper?: Keeper,
): AsyncGenerator<Proven> {
  const one = async (asset: PublicKey): Promise<Proven> => {
    try {
      const lineage = await readLineage(connection, asset);
      const had = lineage.model === null || models.some(({ id }) => id === lineage.model);
      const fetched = had || !keeper ? null : await keeper.model(lineage.model as string);
      const style = keeper && lineage.model !== null ? await keeper.style(lineage.collectionUri) : {};
      return { verdict: redraw(fetched ? [...models, fetched] : models, lineage, style), lineage };
    } catch (error) {
      if (!(error instanceof LineageError)) throw error;
      const problems = [reason(error)];
      return {
        verdict: { asset: asset.toBase58(), name: '', versions: [], problems, notes: [] },
        lineage: null,
      };
    }
  };
  for (let at = 0; at < assets.length; at += AT_ONCE)
    yield* await Promise.all(assets.slice(at, at + AT_ONCE).map(one));
}
