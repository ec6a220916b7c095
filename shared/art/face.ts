import type { Anatomy } from './anatomy.ts';
import type { Canvas } from './canvas.ts';
import { Gene } from './genes.ts';
import { type Conditions, Ink, type Rules, SIZE } from './types.ts';

const INKS = { E: Ink.eye, W: Ink.white, I: Ink.iris };

/** An eye in three sizes, as the left one. */
interface EyeStyle {
  readonly name: string;
  readonly small: readonly string[];
  readonly middle: readonly string[];
  readonly large: readonly string[];
}

export const EYES: readonly EyeStyle[] = [
  {
    name: 'round',
    small: ['EE', 'WE', 'EE'],
    middle: ['EEE', 'EWE', 'EEI', 'EEE'],
    large: ['.EE.', 'EWEE', 'EEEE', 'EIIE', '.EE.'],
  },
  {
    name: 'bright',
    small: ['WE', 'EI', 'EI'],
    middle: ['.E.', 'EWE', 'EEI', 'EII'],
    large: ['.EE.', 'EWWE', 'EWEI', 'EEII', '.II.'],
  },
  {
    name: 'calm',
    small: ['EE', 'WI'],
    middle: ['EEE', 'EWE', '.I.'],
    large: ['EEEE', 'EWEE', 'EEIE', '.EI.'],
  },
  {
    name: 'keen',
    small: ['WE', 'EI'],
    middle: ['EE.', 'EWE', 'EEI', '.E.'],
    large: ['EE..', 'EWEE', 'EEEI', '.EII'],
  },
];

export const MOUTHS = ['smile', 'grin', 'dot', 'fang'] as const;

export function faceOf(genome: Uint8Array): { eyes: string; mouth: string } {
  return { eyes: EYES[genome[Gene.eyes] & 3].name, mouth: MOUTHS[genome[Gene.mouth] & 3] };
}

/**
 * Eyes, brows, mouth and cheeks. `blink` closes the eyes.
 * @param centre columns from the middle to an eye's centre, where the body says it; else the genome does
 * @param rules by the third a grown one keeps a young one's eyes, and its cheeks and mouth are smaller: more of the head shows
 */
export function paintFace(
  canvas: Canvas,
  { genome, stage }: Conditions,
  anatomy: Anatomy,
  blink: boolean,
  centre?: number,
  rules: Rules = 1,
): void {
  const style = EYES[genome[Gene.eyes] & 3];
  const grown = rules === 3 && stage > 2;
  const eye = stage === 0 ? style.small : stage < 3 || grown ? style.middle : style.large;
  const width = eye[0].length;
  const room = anatomy.headWide - width - 2;
  const wanted =
    centre === undefined ? 2 + ((genome[Gene.eyeSpacing] * 3) >> 8) : centre - ((width + 1) >> 1);
  const gap = Math.max(2, Math.min(room, wanted));
  const top = anatomy.eyeLine - (eye.length >> 1) + (stage === 0 ? 1 : 0);
  const left = HALFWAY - gap - width;
  const right = HALFWAY + gap;
  if (blink) {
    for (let i = 0; i < width; i++) {
      canvas.set(left + i, top + eye.length - 2, Ink.eye);
      canvas.set(right + i, top + eye.length - 2, Ink.eye);
    }
  } else {
    canvas.stamp(eye, left, top, INKS);
    // the light falls from the left on both: only a slanting lid is mirrored
    canvas.stamp(style.name === 'keen' ? mirrored(eye) : eye, right, top, INKS);
    if (stage > 1 && genome[Gene.brow] % 3 === 0)
      canvas.both(left + (genome[Gene.brow] & 1), top - 2, Ink.outline);
  }
  const under = top + eye.length;
  if (genome[Gene.cheeks] % 4 !== 0) {
    canvas.both(left - 1, under, Ink.blush);
    if (stage > 0 && !grown) canvas.both(left, under, Ink.blush);
  }
  if (grown) paintSmallMouth(canvas, genome, under, gap);
  else paintMouth(canvas, genome, stage, under);
}

const HALFWAY = SIZE / 2;

function mirrored(rows: readonly string[]): string[] {
  return rows.map((row) => [...row].reverse().join(''));
}

function paintMouth(canvas: Canvas, genome: Uint8Array, stage: number, y: number): void {
  const row = stage === 0 ? y - 1 : y;
  const mouth = MOUTHS[genome[Gene.mouth] & 3];
  if (mouth === 'dot') {
    canvas.both(15, row, Ink.eye);
  } else if (mouth === 'grin' && stage > 1) {
    // open, with a tongue
    canvas.both(15, row - 1, Ink.eye);
    canvas.both(14, row - 1, Ink.eye);
    canvas.both(15, row, Ink.blush);
  } else {
    canvas.both(15, row, Ink.eye);
    canvas.both(14, row - 1, Ink.eye);
    if (mouth === 'fang' && stage > 0) canvas.set(14, row, Ink.white);
  }
}

/** A grown one's by the third rules. `gap`: columns from the middle to an eye. */
function paintSmallMouth(canvas: Canvas, genome: Uint8Array, row: number, gap: number): void {
  const mouth = MOUTHS[genome[Gene.mouth] & 3];
  if (mouth === 'smile') {
    // one corner rises, below eyes that are near
    const low = gap < 3 ? row + 1 : row;
    canvas.both(15, low, Ink.eye);
    canvas.set(17, low - 1, Ink.eye);
  } else if (mouth === 'grin') {
    canvas.both(15, row - 1, Ink.eye);
    canvas.both(15, row, Ink.blush);
  } else {
    canvas.both(15, row, Ink.eye);
    if (mouth === 'fang') canvas.set(14, row, Ink.white);
  }
}
