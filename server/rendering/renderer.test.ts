import { expect, test } from 'vitest';
import { drawStrip, pictureBytes, pictureOf, toGif, toPng } from '#shared/art/index.ts';
import { loadArt } from '../load.ts';
import { Renderer, RendererBusy } from './renderer.ts';

const genome = Uint8Array.from({ length: 32 }, (_, i) => i * 5);
const strip = drawStrip(loadArt(), { genome, stage: 3, branch: 2 });
const [whole, first] = [strip, pictureOf(strip)].map(pictureBytes);

test('renders on its thread what the shared code renders, and nothing of other bytes', async () => {
  const renderer = new Renderer();
  const [png, gif, ...none] = await Promise.all([
    renderer.render('png', first),
    renderer.render('gif', whole),
    renderer.render('png', whole),
    renderer.render('gif', first),
    renderer.render('png', new Uint8Array(3)),
  ]);
  expect(Buffer.from(png as Uint8Array).equals(toPng(pictureOf(strip), 94))).toBe(true);
  expect(Buffer.from(gif as Uint8Array).equals(toGif(strip))).toBe(true);
  expect(none).toEqual([null, null, null]);
}, 30_000);

test('takes no more than it can hold, says so, and goes on', async () => {
  const renderer = new Renderer();
  const all = await Promise.allSettled(
    Array.from({ length: 260 }, () => renderer.render('png', new Uint8Array(1))),
  );
  const refused = all.filter((one) => one.status === 'rejected');
  expect(refused).toHaveLength(4);
  expect(refused[0].reason).toBeInstanceOf(RendererBusy);
  expect(await renderer.render('gif', whole)).not.toBeNull();
}, 30_000);
