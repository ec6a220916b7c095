import { Router } from 'express';
import { Refusal } from '../refusal.ts';

/** The creators' studio: a page of its own. @param page its HTML; null where it is not built */
export function studioPage(page: (url: string) => Promise<string | null>): Router {
  const router = Router();
  router.get('/studio', async (_req, res) => {
    const html = await page('/studio');
    if (html === null) throw new Refusal(404, 'path', 'the page is not built');
    res.setHeader('Cache-Control', 'no-cache');
    res.type('html').send(html);
  });
  return router;
}
