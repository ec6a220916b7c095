import { hexToBytes } from '@noble/hashes/utils';
import { Router } from 'express';
import { readPicture, toPng, toSvg } from '#shared/art/index.ts';
import { blobByHash } from '../store/blobs.ts';
import type { Store } from '../store/store.ts';
import { HttpError } from './errors.ts';

const FOREVER = 'public, max-age=31536000, immutable';
/** Pictures are served as 1024 × 1024 pixels, each of theirs 32 square. */
const SCALE = 32;
/** Rendered pictures kept in memory. */
const CACHED = 64;

/**
 * Metadata and art by the hash of their content; what lies at such an address never changes. A picture's address is
 * the hash of its palette-indexed bytes, which PNG and SVG both render.
 */
export function documents(store: Store, publicUrl: () => string): Router {
  const router = Router();
  const pngs = new Map<string, Buffer>();

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
    if (blob?.kind !== 'metadata') throw new HttpError(404, 'hash', 'no metadata has this hash');
    res.setHeader('Cache-Control', FOREVER);
    res.type('application/json').send(Buffer.from(blob.body));
  });

  router.get('/art/:name', async (req, res) => {
    const svg = req.params.name.endsWith('.svg');
    const hash = hashOf(req.params.name, svg ? 'svg' : 'png');
    let bytes = svg ? undefined : pngs.get(hash);
    if (!bytes) {
      const blob = await blobByHash(store, hexToBytes(hash));
      const sprite = blob?.kind === 'picture' ? readPicture(blob.body) : null;
      if (!sprite) throw new HttpError(404, 'hash', 'no picture has this hash');
      bytes = Buffer.from(svg ? toSvg(sprite) : toPng(sprite, SCALE));
      if (!svg) pngs.set(hash, bytes);
      for (const oldest of pngs.keys()) {
        if (pngs.size <= CACHED) break;
        pngs.delete(oldest);
      }
    }
    res.setHeader('Cache-Control', FOREVER);
    res.type(svg ? 'image/svg+xml' : 'image/png').send(bytes);
  });

  return router;
}

function hashOf(name: string, extension: string): string {
  const match = /^([0-9a-f]{64})\.(\w+)$/.exec(name);
  if (!match || match[2] !== extension)
    throw new HttpError(400, 'hash', `must be 64 lowercase hex digits and .${extension}`);
  return match[1];
}
