import { MORPH_FRAMES, morphCanvas, portraitCanvas } from '#client/game/portrait.ts';
import { BRANCHES, FRAMES, SIZE, STAGES } from '#shared/art/types.ts';
import type { GalleryForm } from '#shared/protocol/http.ts';

/** Frames of the idle loop, the first of the eight. */
const IDLE = 4;
const FRAME_MS = 260;
const MORPH_FRAME_MS = 110;

export const kindOf = ({ stage, branch }: GalleryForm): string =>
  branch > 0 ? `${STAGES[stage]} of ${BRANCHES[branch]}` : STAGES[stage];

/** A creature as it stands in a strip. */
export function still(genome: string, form: GalleryForm): HTMLCanvasElement {
  const canvas = portraitCanvas({ genome, ...form });
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', kindOf(form));
  return canvas;
}

/** A creature that breathes, unless its viewer wants no motion. */
export function alive(genome: string, form: GalleryForm): HTMLCanvasElement {
  const canvas = still(genome, form);
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return canvas;
  const frames = portraitCanvas({ genome, ...form }, FRAMES);
  const context = canvas.getContext('2d')!;
  let at = 0;
  const timer = setInterval(() => {
    if (!canvas.isConnected && at > 0) return clearInterval(timer);
    at = (at + 1) % IDLE;
    context.clearRect(0, 0, SIZE, SIZE);
    context.drawImage(frames, at * SIZE, 0, SIZE, SIZE, 0, 0, SIZE, SIZE);
  }, FRAME_MS);
  return canvas;
}

/**
 * A form that shows, when it comes into view and whenever one points at it, how it grew out of the one before; at rest it
 * is the form's own picture.
 */
export function grown(genome: string, form: GalleryForm, before?: GalleryForm): HTMLCanvasElement {
  const canvas = still(genome, form);
  if (!before || matchMedia('(prefers-reduced-motion: reduce)').matches) return canvas;
  let frames: HTMLCanvasElement | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  const play = (): void => {
    if (timer !== undefined) return;
    frames ??= morphCanvas({ genome, ...before }, { genome, ...form });
    const context = canvas.getContext('2d')!;
    const strip = frames;
    let at = 0;
    timer = setInterval(() => {
      context.clearRect(0, 0, SIZE, SIZE);
      context.drawImage(strip, at * SIZE, 0, SIZE, SIZE, 0, 0, SIZE, SIZE);
      if (++at < MORPH_FRAMES) return;
      clearInterval(timer);
      timer = undefined;
    }, MORPH_FRAME_MS);
  };
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    play();
  });
  seen.observe(canvas);
  canvas.addEventListener('pointerenter', play);
  return canvas;
}
