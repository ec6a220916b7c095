import { drawable, MORPH_FRAMES, morphCanvas, type Portrait, portraitCanvas } from '#client/game/portrait.ts';
import { BRANCHES, FRAMES, STAGES } from '#shared/art/types.ts';
import type { GalleryForm, GallerySymbiont } from '#shared/protocol/http.ts';

/** Frames of the idle loop, the first of the eight. */
const IDLE = 4;
const FRAME_MS = 260;
const MORPH_FRAME_MS = 110;

export const kindOf = ({ stage, branch }: GalleryForm): string =>
  branch > 0 ? `${STAGES[stage]} of ${BRANCHES[branch]}` : STAGES[stage];

/** Whose forms are drawn: its genome, and the model of its collection. */
export type Creature = Pick<GallerySymbiont, 'genome' | 'model' | keyof GalleryForm>;

/** A version knows the picture that the chain holds, by which the world's own models are told apart. */
const portraitOf = ({ genome, model }: Creature, form: GalleryForm & { picture?: string }): Portrait => {
  const { stage, branch, picture } = form;
  return { genome, model, stage, branch, picture };
};

/** A creature as it stands in a strip. */
export function still(one: Creature, form: GalleryForm = one): HTMLCanvasElement {
  const canvas = portraitCanvas(portraitOf(one, form));
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', kindOf(form));
  return canvas;
}

/** Shows one frame of a strip, whose frames are as wide as it is high. */
function show(context: CanvasRenderingContext2D, strip: HTMLCanvasElement, frame: number): void {
  const side = strip.height;
  context.clearRect(0, 0, side, side);
  context.drawImage(strip, frame * side, 0, side, side, 0, 0, side, side);
}

/** A creature that breathes, unless its viewer wants no motion. */
export function alive(one: Creature): HTMLCanvasElement {
  const canvas = still(one);
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return canvas;
  const frames = portraitCanvas(portraitOf(one, one), FRAMES);
  const context = canvas.getContext('2d')!;
  let at = 0;
  const timer = setInterval(() => {
    if (!canvas.isConnected && at > 0) return clearInterval(timer);
    at = (at + 1) % IDLE;
    show(context, frames, at);
  }, FRAME_MS);
  return canvas;
}

/**
 * A form that shows, when it comes into view and whenever one points at it, how it grew out of the one before; at rest it
 * is the form's own picture.
 */
export function grown(one: Creature, form: GalleryForm, before?: GalleryForm): HTMLCanvasElement {
  const canvas = still(one, form);
  if (!before || matchMedia('(prefers-reduced-motion: reduce)').matches) return canvas;
  let frames: HTMLCanvasElement | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  const play = (): void => {
    if (timer !== undefined || !drawable(portraitOf(one, form))) return;
    frames ??= morphCanvas(portraitOf(one, before), portraitOf(one, form));
    const context = canvas.getContext('2d')!;
    const strip = frames;
    let at = 0;
    timer = setInterval(() => {
      show(context, strip, at);
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
