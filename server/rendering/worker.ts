import { parentPort } from 'node:worker_threads';
import { EDITION_SIDE, readPicture, readStrip, toGif, toPng } from '#shared/art/index.ts';
import type { Rendered, ToRender } from './renderer.ts';

/** The thread that renders: a large picture takes as long as a tick of the world, whose clock must not wait. */
const port = parentPort as NonNullable<typeof parentPort>;

port.on('message', ({ id, type, body }: ToRender) => {
  const sprite = type === 'png' ? readPicture(body) : readStrip(body);
  const bytes = sprite && (type === 'png' ? toPng(sprite, EDITION_SIDE / sprite.width) : toGif(sprite));
  port.postMessage({ id, bytes } satisfies Rendered, bytes ? [bytes.buffer as ArrayBuffer] : []);
});
