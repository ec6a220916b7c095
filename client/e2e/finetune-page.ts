import { loadArtModel } from '#shared/art/model.ts';
import { drawSprite } from '#shared/art/sprite.ts';
import { Ink } from '#shared/art/types.ts';

interface Tuned {
  sprites: number;
  planned: number;
  losses: number[];
  medianMs: number;
  tensors: [number, number];
  model: Uint8Array;
}

declare global {
  interface Window {
    __tuned?: Omit<Tuned, 'model'> & { filled: number };
  }
}

const worker = new Worker(new URL('./finetune-worker.ts', import.meta.url), { type: 'module' });
worker.addEventListener('message', ({ data }: MessageEvent<Tuned>) => {
  const { model: file, ...rest } = data;
  const { pixels } = drawSprite(loadArtModel(file), {
    genome: new Uint8Array(32).fill(90),
    stage: 4,
    branch: 0,
  });
  window.__tuned = { ...rest, filled: pixels.filter((ink) => ink !== Ink.none).length };
});
