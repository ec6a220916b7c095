import { hexToBytes } from '@noble/hashes/utils';
import { Router } from 'express';
import { readPicture, toSvg } from '#shared/art/index.ts';
import { Refusal } from '../refusal.ts';
import { Renderer, RendererBusy } from '../rendering/renderer.ts';
import { blobByHash } from '../store/blobs.ts';
import type { Store } from '../store/store.ts';

const FOREVER = 'public, max-age=31536000, immutable';
/** Rendered pictures kept in memory. */
const CACHED = 64;
const TYPES = ['png', 'gif', 'svg'] as const;

/**
 * Metadata and art by the hash of their content; what lies at such an address never changes. A picture's address is
 * the hash of its palette-indexed bytes, which PNG (3008 × 3008) and SVG both render; a moving one's that of all its frames.
 */
export function documents(store: Store, publicUrl: () => string): Router {
  const router = Router();
  const renderer = new Renderer();
  /** By name, those asked for last at the end; null: there is none. */
  const rendered = new Map<string, Promise<Uint8Array | null>>();

  const render = async (hash: string, type: 'png' | 'gif' | 'svg'): Promise<Uint8Array | null> => {
    const blob = await blobByHash(store, hexToBytes(hash));
    if (blob?.kind !== 'picture') return null;
    if (type !== 'svg') return renderer.render(type, blob.body);
    const sprite = readPicture(blob.body);
    return sprite && Buffer.from(toSvg(sprite));
  };

  router.use(['/metadata', '/art'], (_req, res, next) => {
    // Wallets and explorers read these from other origins.
    res.setHeader('Access-Control-Allow-Origin', '*');
    next();
  });

  router.get('/metadata/collection.json', (_req, res) => {
    const base = publicUrl();
    res.setHeader('Cache-Control', 'public, max-age=300');
    res.json({
      name: 'Symbiont',
      symbol: 'SYMB',
      description: 'Companions that grow by what they do in a living world.',
      external_url: base,
    });
  });

  router.get('/metadata/:name', async (req, res) => {
    const hash = hashOf(req.params.name, 'json');
    const blob = await blobByHash(store, hexToBytes(hash));
    if (blob?.kind !== 'metadata') throw new Refusal(404, 'hash', 'no metadata has this hash');
    res.setHeader('Cache-Control', FOREVER);
    res.type('application/json').send(Buffer.from(blob.body));
  });

  router.get('/art/:name', async (req, res) => {
    const { name } = req.params;
    const type = TYPES.find((one) => name.endsWith(`.${one}`)) ?? 'png';
    const hash = hashOf(name, type);
    let bytes = rendered.get(name);
    rendered.delete(name);
    bytes ??= render(hash, type);
    rendered.set(name, bytes);
    for (const oldest of rendered.keys()) {
      if (rendered.size <= CACHED) break;
      rendered.delete(oldest);
    }
    const found = await bytes.catch((error: unknown) => {
      rendered.delete(name);
      if (error instanceof RendererBusy) throw new Refusal(503, 'art', error.message);
      throw error;
    });
    if (!found) {
      // It may come: nothing is remembered of what is not there.
      rendered.delete(name);
      throw new Refusal(404, 'hash', 'no picture has this hash');
    }
    res.setHeader('Cache-Control', FOREVER);
    res.type(type === 'svg' ? 'image/svg+xml' : `image/${type}`).send(Buffer.from(found));
  });

  return router;
}

function hashOf(name: string, extension: string): string {
  const match = /^([0-9a-f]{64})\.(\w+)$/.exec(name);
  if (!match || match[2] !== extension)
    throw new Refusal(400, 'hash', `must be 64 lowercase hex digits and .${extension}`);
  return match[1];
}
