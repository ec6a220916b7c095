import { Refused, type Rgba } from './limits.ts';

/** Below this alpha a pixel counts as empty. */
const CLEAR = 128;
/** Squared distance in RGB within which a colour is the background's. */
const NEAR = 24 * 24;
/** Share of a picture that has to be empty, and that has to be filled. */
const LEAST = 0.02;

export interface Cleared {
  readonly picture: Rgba;
  /** How its background was found. */
  readonly background: 'transparent' | 'filled';
}

/**
 * Finds what is not the sprite: where a picture is transparent already that stays; else what touches its border in
 * the colour of at least three corners becomes transparent.
 * @throws Refused when neither is so, or nothing would be left
 */
export function clearBackground(picture: Rgba): Cleared {
  const { width, height, data } = picture;
  const total = width * height;
  let clear = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at] < CLEAR) clear++;
  if (clear === total) throw new Refused('is empty');
  if (clear >= total * LEAST) {
    if (total - clear < total * LEAST) throw new Refused('is all but empty');
    return { picture, background: 'transparent' };
  }
  const corners = [0, width - 1, (height - 1) * width, total - 1];
  const near = (a: number, b: number) => distance(data, a * 4, data, b * 4) <= NEAR;
  const corner = corners.find((one) => corners.filter((other) => near(one, other)).length >= 3);
  if (corner === undefined)
    throw new Refused('has no transparent background, and its corners are not of one colour');
  const filled = flood(picture, corner);
  let left = 0;
  for (let at = 3; at < filled.length; at += 4) if (filled[at] >= CLEAR) left++;
  if (left < total * LEAST) throw new Refused('is of one colour: nothing stands out from its background');
  return { picture: { width, height, data: filled }, background: 'filled' };
}

function distance(a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number {
  return (a[i] - b[j]) ** 2 + (a[i + 1] - b[j + 1]) ** 2 + (a[i + 2] - b[j + 2]) ** 2;
}

/** A copy in which all that is joined to the border in the corner's colour is transparent. */
function flood({ width, height, data }: Rgba, corner: number): Uint8ClampedArray {
  const out = data.slice();
  const seen = new Uint8Array(width * height);
  const stack: number[] = [];
  const visit = (at: number) => {
    if (seen[at] || distance(data, at * 4, data, corner * 4) > NEAR) return;
    seen[at] = 1;
    stack.push(at);
  };
  for (let x = 0; x < width; x++) {
    visit(x);
    visit((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    visit(y * width);
    visit(y * width + width - 1);
  }
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    out.fill(0, at * 4, at * 4 + 4);
    const x = at % width;
    if (x > 0) visit(at - 1);
    if (x < width - 1) visit(at + 1);
    if (at >= width) visit(at - width);
    if (at < width * (height - 1)) visit(at + width);
  }
  return out;
}
