import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { ROOT } from '../config.ts';
import { files } from './page.ts';

/** The pages, built or from their sources. */
export interface Pages {
  /** HTML of the page in a folder of client/, as the browser is to have it; null where it is not built. */
  html(folder: string, url: string): Promise<string | null>;
  /** Everything that pages consist of; null where nothing is built. */
  files: RequestHandler | null;
  close(): Promise<void>;
}

const indexOf = (dir: string, folder: string): string | null => {
  const file = join(dir, folder, 'index.html');
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
};

/** What `npm run build` made. */
export function builtPages(): Pages {
  const built = join(ROOT, 'dist', 'client');
  return {
    html: async (folder) => indexOf(built, folder),
    files: existsSync(built) ? files(built) : null,
    close: async () => {},
  };
}

/** Pages from their sources, with hot reload on the server's own port. */
export async function pagesFromSources(server: Server): Promise<Pages> {
  const { createServer } = await import('vite');
  const vite = await createServer({
    configFile: join(ROOT, 'vite.config.ts'),
    appType: 'spa',
    server: { middlewareMode: true, ws: { server } },
  });
  return {
    html: async (folder, url) => {
      const html = indexOf(join(ROOT, 'client'), folder);
      return html && vite.transformIndexHtml(url, html);
    },
    files: vite.middlewares,
    close: () => vite.close(),
  };
}
