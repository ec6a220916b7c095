import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { RequestHandler } from 'express';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.safetensors': 'application/octet-stream',
};
const COMPRESSED = new Set(['.html', '.js', '.css', '.json', '.svg', '.wasm', '.map', '.webmanifest']);
const SMALL = 1024;
const deflaters = { br: promisify(brotliCompress), gzip: promisify(gzip) };

interface Served {
  path: string;
  type: string;
  etag: string;
  immutable: boolean;
  compressible: boolean;
  packed: Partial<Record<'br' | 'gzip', Promise<Buffer>>>;
}

/** Files whose names hold their content's hash never change. */
const HASHED = /[-.][A-Za-z0-9_-]{8,}\.\w+$/;

/**
 * Serves the files of a directory as they were at the start, packed with brotli or gzip where the client takes it.
 * Names are looked up in a table, so that no path leads out of the directory.
 * @param hashed folder whose files have hashes in their names
 */
export function files(dir: string, hashed = 'assets'): RequestHandler {
  const table = new Map<string, Served>();
  for (const path of walk(dir)) {
    const stat = statSync(path);
    const name = relative(dir, path).split(sep).join('/');
    const extension = extname(path);
    table.set(`/${name}`, {
      path,
      type: TYPES[extension] ?? 'application/octet-stream',
      etag: `"${stat.size.toString(36)}-${Math.floor(stat.mtimeMs).toString(36)}"`,
      immutable: name.startsWith(`${hashed}/`) && HASHED.test(name),
      compressible: COMPRESSED.has(extension) && stat.size > SMALL,
      packed: {},
    });
  }
  return (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return next();
    const served = table.get(req.path === '/' ? '/index.html' : req.path);
    if (!served) return next();
    res.setHeader('Content-Type', served.type);
    res.setHeader('ETag', served.etag);
    res.setHeader('Cache-Control', served.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    res.setHeader('Vary', 'Accept-Encoding');
    if (req.headers['if-none-match'] === served.etag) {
      res.status(304).end();
      return;
    }
    body(served, String(req.headers['accept-encoding'] ?? '')).then(({ bytes, encoding }) => {
      if (encoding) res.setHeader('Content-Encoding', encoding);
      res.setHeader('Content-Length', bytes.length);
      res.end(req.method === 'HEAD' ? undefined : bytes);
    }, next);
  };
}

async function body(served: Served, accepts: string): Promise<{ bytes: Buffer; encoding: string | null }> {
  const encoding = !served.compressible
    ? null
    : /\bbr\b/.test(accepts)
      ? 'br'
      : /\bgzip\b/.test(accepts)
        ? 'gzip'
        : null;
  if (!encoding) return { bytes: readFileSync(served.path), encoding };
  served.packed[encoding] ??= pack(served.path, encoding);
  return { bytes: await served.packed[encoding], encoding };
}

function pack(path: string, encoding: 'br' | 'gzip'): Promise<Buffer> {
  try {
    return Promise.resolve(readFileSync(`${path}.${encoding === 'br' ? 'br' : 'gz'}`));
  } catch {
    const bytes = readFileSync(path);
    return encoding === 'br'
      ? deflaters.br(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
      : deflaters.gzip(bytes, { level: 9 });
  }
}

function* walk(dir: string): Iterable<string> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile() && !/\.(br|gz)$/.test(entry.name)) yield path;
  }
}
