import { Ink, SIZE, type Sprite } from '#shared/art/types.ts';

/** The judge sees 8 × 8 tokens of 4 × 4 pixels. */
export const PATCH = 4;
export const SIDE = SIZE / PATCH;
export const TOKENS = SIDE * SIDE;

/** What the roles are to the judge's eye; empty is none of them. Markings are coat, an iris is eye. */
const KINDS: Readonly<Record<number, number>> = {
  [Ink.outline]: 0,
  [Ink.coatShade]: 1,
  [Ink.coat]: 2,
  [Ink.mark]: 2,
  [Ink.coatLight]: 3,
  [Ink.patch]: 4,
  [Ink.patchShade]: 5,
  [Ink.eye]: 6,
  [Ink.iris]: 6,
  [Ink.white]: 7,
  [Ink.accent]: 8,
  [Ink.accentShade]: 8,
  [Ink.accentLight]: 8,
  [Ink.blush]: 9,
  [Ink.leaf]: 10,
};
const COUNT = 11;

/**
 * Which eye looks: `form` sees what pixels are for and no colour, `look` sees their colours too.
 */
export type Eye = 'form' | 'look';
export const channelsOf = (eye: Eye): number => (eye === 'form' ? COUNT : COUNT + 3);
export const widthOf = (eye: Eye): number => PATCH * PATCH * channelsOf(eye);
/** What the eye of looks is told beside the pixels: the mean colour of each kind, 0 where there is none of it. */
export const paintsOf = (eye: Eye): number => (eye === 'form' ? 0 : 3 * COUNT);
/** Colours of paints count as much as many pixels. */
const PAINT = 4;

/** How a picture is shown otherwise: a judge has to know it all the same. */
export interface Disguise {
  readonly flip: boolean;
  readonly x: number;
  readonly y: number;
  /** kind → kind */
  readonly kinds: readonly number[];
  /** Factors of red, green and blue. */
  readonly tint: readonly number[];
}

const PLAIN: Disguise = { flip: false, x: 0, y: 0, kinds: asTheyAre(), tint: [1, 1, 1] };

function asTheyAre(): number[] {
  return Array.from({ length: COUNT }, (_, kind) => kind);
}

/**
 * A random disguise: a shift of up to two pixels, a flip; to the eye of forms coat and patch changing places and flattened
 * shades, to that of looks a slight tint.
 */
export function disguise(random: () => number, eye: Eye): Disguise {
  const place = {
    flip: random() < 0.5,
    x: Math.floor(random() * 5) - 2,
    y: Math.floor(random() * 5) - 2,
  };
  const kinds = asTheyAre();
  if (eye === 'look') return { ...place, kinds, tint: [0, 1, 2].map(() => 0.98 + 0.04 * random()) };
  if (random() < 0.25) [kinds[1], kinds[2], kinds[3], kinds[4], kinds[5]] = [5, 4, 4, 2, 1];
  if (random() < 0.25) kinds[1] = kinds[3] = kinds[2];
  if (random() < 0.2) kinds[8] = kinds[4];
  if (random() < 0.2) kinds[10] = 8;
  return { ...place, kinds, tint: [1, 1, 1] };
}

/** Pictures as the network takes them. */
export interface Shown {
  readonly inputs: Float32Array;
  readonly paints: Float32Array;
}

export const emptyFor = (eye: Eye, rows: number): Shown => ({
  inputs: new Float32Array(TOKENS * rows * widthOf(eye)),
  paints: new Float32Array(rows * paintsOf(eye)),
});

/** Writes a picture as row `row` of `rows` into inputs [64 tokens][rows][pixels × channels], and paints [rows][kinds × 3]. */
export function present(
  { pixels, palette }: Sprite,
  eye: Eye,
  { inputs, paints }: Shown,
  row: number,
  rows: number,
  { flip, x, y, kinds, tint }: Disguise = PLAIN,
): void {
  const channels = channelsOf(eye);
  const width = widthOf(eye);
  const counts = new Float32Array(COUNT);
  for (let v = 0; v < SIZE; v++)
    for (let u = 0; u < SIZE; u++) {
      const px = flip ? SIZE - 1 - u - x : u - x;
      const py = v - y;
      if (px < 0 || py < 0 || px >= SIZE || py >= SIZE) continue;
      const ink = pixels[py * SIZE + px];
      if (ink === Ink.none) continue;
      const token = Math.floor(v / PATCH) * SIDE + Math.floor(u / PATCH);
      const pixel = (v % PATCH) * PATCH + (u % PATCH);
      const at = (token * rows + row) * width + pixel * channels;
      const kind = kinds[KINDS[ink]];
      inputs[at + kind] = 1;
      counts[kind]++;
      if (eye === 'form') continue;
      for (let c = 0; c < 3; c++) {
        const value = (2 * tint[c] * palette[ink * 4 + c]) / 255 - 1;
        inputs[at + COUNT + c] = value;
        paints[(row * COUNT + kind) * 3 + c] += value;
      }
    }
  if (eye === 'look')
    for (let i = 0; i < 3 * COUNT; i++)
      paints[row * 3 * COUNT + i] *= PAINT / Math.max(1, counts[Math.floor(i / 3)]);
}
