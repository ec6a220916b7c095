import { Gene } from './genes.ts';
import { type Conditions, Ink, type Rules } from './types.ts';

type Colour = readonly [number, number, number];

/** An element and its coats: a name and the coat's middle tone. */
interface Element {
  readonly name: string;
  readonly coats: readonly (readonly [string, number])[];
}

export const ELEMENTS: readonly Element[] = [
  {
    name: 'ember',
    coats: [
      ['coral', 0xf0775c],
      ['russet', 0xd0693c],
      ['cinder', 0xc7545b],
      ['apricot', 0xf59a5c],
    ],
  },
  {
    name: 'tide',
    coats: [
      ['lagoon', 0x4fa9d8],
      ['deep', 0x4f7fd0],
      ['shoal', 0x55bfc7],
      ['cornflower', 0x7c9cec],
    ],
  },
  {
    name: 'moss',
    coats: [
      ['fern', 0x6fb35a],
      ['olive', 0x9aa84f],
      ['pine', 0x4c9a72],
      ['sprig', 0x97ca5e],
    ],
  },
  {
    name: 'gale',
    coats: [
      ['mint', 0x7fd3b6],
      ['haze', 0x98c8d8],
      ['jade', 0x5fbf9f],
      ['seafoam', 0x9adbc0],
    ],
  },
  {
    name: 'dusk',
    coats: [
      ['plum', 0x9a6fc4],
      ['violet', 0x7f74d6],
      ['mulberry', 0xb864a8],
      ['lilac', 0xb99ae4],
    ],
  },
  {
    name: 'frost',
    coats: [
      ['snow', 0xdbe6f2],
      ['rime', 0xb9d3ee],
      ['opal', 0xd9d3f0],
      ['silver', 0xc3ccd8],
    ],
  },
  {
    name: 'honey',
    coats: [
      ['amber', 0xf2b545],
      ['straw', 0xeccb72],
      ['toffee', 0xc98d4e],
      ['butter', 0xf6da7c],
    ],
  },
  {
    name: 'ore',
    coats: [
      ['slate', 0x8791a8],
      ['umber', 0x9b7a66],
      ['ash', 0xa9a39c],
      ['rosewood', 0xb07d78],
    ],
  },
];

/** The second coat (belly, muzzle, pattern). */
export const PATCHES: readonly (readonly [string, number])[] = [
  ['cream', 0xfdf0d2],
  ['ivory', 0xfbf7ee],
  ['peach', 0xfdd9b8],
  ['lilac', 0xe8dcfa],
  ['sky', 0xcfe8f7],
  ['rose', 0xf9cfd6],
  ['sand', 0xf3dfc0],
  ['lemon', 0xfdf3a8],
];

const PATCH_COLOURS = PATCHES.map(([, colour]) => colour);

const IRISES: readonly number[] = [
  0x5fd0f0, 0xf2c14e, 0x7ee08a, 0xf08ab0, 0xb79cff, 0xff9a5c, 0x69e0c8, 0xd8e070,
];

/** What each branch grows: four accents each, by gene. */
const ACCENTS: readonly (readonly number[])[] = [
  [0xe9d9b0, 0xc9b6e4, 0xf0b8a0, 0xb5d8c0],
  [0xf77fa6, 0xfbd25a, 0xf6f0ff, 0xc48bf0],
  [0xd94f5c, 0xf1e3c6, 0x8a5bd0, 0xe8803c],
  [0x62dcea, 0xb688f2, 0xf6b24a, 0x72e09a],
  [0xff6f91, 0xff9aa8, 0xffc36b, 0xf26fc4],
];

const PLUM: Colour = [44, 30, 62];
const IVORY: Colour = [255, 252, 242];
const DUSK: Colour = [122, 84, 118];
const CREAM: Colour = [255, 248, 222];

const rgb = (hex: number): Colour => [hex >> 16, (hex >> 8) & 255, hex & 255];

/** `a` moved `parts` / 16 of the way to `b`. */
function mix(a: Colour, b: Colour, parts: number): Colour {
  const to = (i: number) => (a[i] * (16 - parts) + b[i] * parts + 8) >> 4;
  return [to(0), to(1), to(2)];
}

/** A shade of a colour: darker and a little bluer, as in evening light, but not greyer. */
const dusky = (c: Colour): Colour => [(c[0] * 188) >> 8, (c[1] * 180) >> 8, (c[2] * 208) >> 8];

const luma = (c: Colour) => (c[0] * 77 + c[1] * 150 + c[2] * 29) >> 8;

export function coatOf(genome: Uint8Array): { element: string; coat: string; patch: string } {
  const gene = genome[Gene.coat];
  const element = ELEMENTS[gene & 7];
  return {
    element: element.name,
    coat: element.coats[(gene >> 3) & 3][0],
    patch: PATCHES[genome[Gene.patch] & 7][0],
  };
}

/** Cheeks of the second rules. */
const CHEEKS: readonly Colour[] = [
  [255, 108, 132],
  [255, 168, 96],
  [232, 112, 216],
  [255, 206, 100],
];
/** What a coat leans to by the second rules: an evening's or a morning's light. */
const EVENING: Colour = [70, 40, 90];
const MORNING: Colour = [255, 244, 214];

/** One of eight colours, on its way to the next by the gene's upper four bits. */
function between(colours: readonly number[], gene: number): Colour {
  return mix(rgb(colours[gene & 7]), rgb(colours[(gene + 1) & 7]), gene >> 4);
}

/** A coat in more or less light: none of eight steps leaves it as it is. */
function lit(coat: Colour, step: number): Colour {
  return step < 4 ? mix(coat, EVENING, 4 - step) : mix(coat, MORNING, step - 3);
}

/**
 * The 16 colours (RGBA) before the identity tints. A family: shades lean to plum, lights to cream. By the second rules
 * the upper bits of four genes lean patch, iris, cheeks and the coat's light, so that creatures of one coat still differ.
 */
export function paletteOf({ genome, branch }: Conditions, rules: Rules = 1): Uint8Array {
  const finer = rules >= 2;
  const gene = genome[Gene.coat];
  const [, base] = ELEMENTS[gene & 7].coats[(gene >> 3) & 3];
  // the gene's last three bits lean the coat towards a neighbour of its element
  const [, near] = ELEMENTS[gene & 7].coats[((gene >> 3) + 1) & 3];
  const leant = mix(rgb(base), rgb(near), gene >> 5);
  const coat = finer ? lit(leant, genome[Gene.mouth] >> 5) : leant;
  let patch = finer ? between(PATCH_COLOURS, genome[Gene.patch]) : rgb(PATCH_COLOURS[genome[Gene.patch] & 7]);
  const contrast = luma(patch) - luma(coat);
  if (contrast < 28) patch = luma(coat) > 226 ? mix(coat, DUSK, 6) : IVORY;
  const accent = rgb(ACCENTS[branch][genome[Gene.accent] & 3]);
  const colours: Colour[] = [];
  colours[Ink.none] = [0, 0, 0];
  colours[Ink.outline] = mix(coat, PLUM, 13);
  colours[Ink.coatShade] = dusky(coat);
  colours[Ink.coat] = coat;
  colours[Ink.coatLight] = mix(coat, CREAM, 7);
  colours[Ink.mark] = mix(coat, PLUM, 1);
  colours[Ink.patch] = patch;
  colours[Ink.patchShade] = mix(patch, dusky(coat), 7);
  colours[Ink.eye] = [38, 26, 54];
  colours[Ink.iris] = finer ? between(IRISES, genome[Gene.iris]) : rgb(IRISES[genome[Gene.iris] & 7]);
  colours[Ink.white] = [255, 255, 255];
  colours[Ink.accent] = accent;
  colours[Ink.accentShade] = mix(accent, PLUM, 6);
  colours[Ink.accentLight] = mix(accent, [255, 255, 255], 9);
  const cheeks = genome[Gene.cheeks];
  colours[Ink.blush] = finer
    ? mix(coat, CHEEKS[(cheeks >> 2) & 3], 6 + (cheeks >> 5))
    : mix(coat, CHEEKS[0], 9);
  colours[Ink.leaf] = [104, 186, 92];
  return Uint8Array.from(colours.flatMap((colour, i) => [...colour, i === 0 ? 0 : 255]));
}
