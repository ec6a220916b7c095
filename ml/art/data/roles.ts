import { Ink } from '#shared/art/types.ts';

/** A colour of a picture: sRGB, and the share of the opaque pixels that have it. */
export interface Swatch {
  readonly rgb: number;
  readonly share: number;
}

interface Tone extends Swatch {
  /** Oklab (Ottosson 2020): lightness 0..1, chroma, hue in degrees. */
  readonly light: number;
  readonly chroma: number;
  readonly hue: number;
}

function toneOf(swatch: Swatch): Tone {
  const [r, g, b] = [16, 8, 0].map((bits) => {
    const value = ((swatch.rgb >> bits) & 255) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const u = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const v = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return {
    ...swatch,
    light: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    chroma: Math.hypot(u, v),
    hue: ((Math.atan2(v, u) * 180) / Math.PI + 360) % 360,
  };
}

const GREY = 0.045;

/** Whether two tones are one material in more or less light. */
function kindred(a: Tone, b: Tone): boolean {
  const apart = Math.abs(a.light - b.light);
  if (a.chroma < GREY || b.chroma < GREY) return a.chroma < GREY && b.chroma < GREY && apart < 0.24;
  const turn = Math.abs(a.hue - b.hue);
  return Math.min(turn, 360 - turn) < 24 && apart < 0.3 && Math.abs(a.chroma - b.chroma) < 0.12;
}

const areaOf = (family: readonly Tone[]) => family.reduce((sum, tone) => sum + tone.share, 0);

/** Dark enough for an eye or a line. */
export const DARK = 0.36;

/** A role that `rolesOf` leaves to the place: a dark spot is an eye, a dark area a line. */
export const DARK_ROLE = 16;
/** White: a glint if it is a spot, else the second coat. */
export const WHITE_ROLE = 17;

/**
 * Says for each colour of a picture which of the palette's roles it plays: the coat is what covers most, the second
 * coat the lighter of the two largest materials, each with its shades by lightness; the rest are accents.
 */
export function rolesOf(swatches: readonly Swatch[]): Map<number, number> {
  const tones = swatches.map(toneOf).sort((a, b) => b.share - a.share || a.rgb - b.rgb);
  const roles = new Map<number, number>();
  const darkness = tones.reduce((sum, tone) => sum + (tone.light < DARK ? tone.share : 0), 0);
  const rest: Tone[] = [];
  for (const tone of tones) {
    if (tone.light < DARK && darkness < 0.4) roles.set(tone.rgb, DARK_ROLE);
    else if (tone.light > 0.97 && tone.share < 0.12) roles.set(tone.rgb, WHITE_ROLE);
    else rest.push(tone);
  }
  const families: Tone[][] = [];
  for (const tone of rest) {
    const family = families.find((one) => kindred(one[0], tone));
    if (family) family.push(tone);
    else families.push([tone]);
  }
  families.sort((a, b) => areaOf(b) - areaOf(a));
  let [coat, patch] = families;
  if (patch && areaOf(patch) > 0.35 * areaOf(coat) && patch[0].light < coat[0].light - 0.08)
    [coat, patch] = [patch, coat];
  ramp(roles, coat ?? [], [Ink.coatShade, Ink.coat, Ink.coatLight]);
  ramp(roles, patch ?? [], [Ink.patchShade, Ink.patch, Ink.patch]);
  for (const family of families) {
    if (family === coat || family === patch) continue;
    const [first] = family;
    const warm = first.hue < 40 || first.hue > 335;
    if (first.chroma > 0.08 && first.hue > 115 && first.hue < 165) ramp(roles, family, [15, 15, 15]);
    else if (warm && areaOf(family) < 0.09 && first.light > 0.5 && first.chroma > 0.06)
      ramp(roles, family, [Ink.blush, Ink.blush, Ink.blush]);
    else ramp(roles, family, [Ink.accentShade, Ink.accent, Ink.accentLight]);
  }
  return roles;
}

/** Darker, like, and lighter than the family's largest tone. */
function ramp(roles: Map<number, number>, family: readonly Tone[], inks: readonly number[]): void {
  for (const tone of family) {
    const step = tone.light - family[0].light;
    roles.set(tone.rgb, step < -0.05 ? inks[0] : step > 0.05 ? inks[2] : inks[1]);
  }
}
