import { bytesToHex } from '@noble/hashes/utils';
import { pictureHash } from '#shared/art/picture.ts';
import { COLOURS, Ink, type Sprite } from '#shared/art/types.ts';

export interface Validity {
  readonly legalPercent: number;
  readonly blankPercent: number;
  /** Pictures that came before, pixels and colours alike. */
  readonly duplicatePercent: number;
  /** Drawings that came before, without markings and colours. */
  readonly sameFormPercent: number;
  readonly oneBodyPercent: number;
}

/** Fewer filled pixels (of 1,024) are no picture. */
const LEAST = 60;
/** Share of the filled pixels that may lie apart from the main body. */
const LOOSE = 0.03;

/** 16 colours, the first alone transparent; every pixel one of them. */
export function isLegal({ width, height, palette, pixels }: Sprite): boolean {
  if (palette.length !== 4 * COLOURS || pixels.length !== width * height) return false;
  for (let c = 0; c < COLOURS; c++) if (palette[4 * c + 3] !== (c === 0 ? 0 : 255)) return false;
  return pixels.every((ink) => ink < COLOURS);
}

const filledOf = ({ pixels }: Sprite) => pixels.reduce((sum, ink) => sum + (ink !== Ink.none ? 1 : 0), 0);

export const isBlank = (sprite: Sprite): boolean => filledOf(sprite) < LEAST;

/** Whether all but a few pixels hang together, corners too. */
export function isOneBody(sprite: Sprite): boolean {
  const { width, height, pixels } = sprite;
  const seen = new Uint8Array(pixels.length);
  let largest = 0;
  for (let start = 0; start < pixels.length; start++) {
    if (seen[start] || pixels[start] === Ink.none) continue;
    const stack = [start];
    seen[start] = 1;
    let area = 0;
    while (stack.length > 0) {
      const at = stack.pop()!;
      area++;
      const [x, y] = [at % width, Math.floor(at / width)];
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++)
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          const to = v * width + u;
          if (seen[to] || pixels[to] === Ink.none) continue;
          seen[to] = 1;
          stack.push(to);
        }
    }
    largest = Math.max(largest, area);
  }
  return largest > 0 && largest >= (1 - LOOSE) * filledOf(sprite);
}

/** @throws RangeError when there are no pictures */
export function validityOf(sprites: Iterable<Sprite>): Validity {
  const pictures = new Set<string>();
  const forms = new Set<string>();
  let [all, legal, blank, bodies] = [0, 0, 0, 0];
  for (const sprite of sprites) {
    all++;
    if (isLegal(sprite)) legal++;
    if (isBlank(sprite)) blank++;
    if (isOneBody(sprite)) bodies++;
    pictures.add(pictureHash(sprite));
    forms.add(bytesToHex(sprite.pixels.map((ink) => (ink === Ink.mark ? Ink.coat : ink))));
  }
  if (all === 0) throw new RangeError('validity: needs at least one picture');
  const percent = (n: number) => (100 * n) / all;
  return {
    legalPercent: percent(legal),
    blankPercent: percent(blank),
    duplicatePercent: percent(all - pictures.size),
    sameFormPercent: percent(all - forms.size),
    oneBodyPercent: percent(bodies),
  };
}
