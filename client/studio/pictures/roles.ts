import { Ink } from '#shared/art/types.ts';
import type { Rgba } from './limits.ts';

/**
 * Reduces a picture to palette roles: not which colours it has, but what each is for (coat, patch, accent, eye…), so
 * that a genome can choose the colours anew. Distances are Oklab's (Ottosson 2020).
 */

/** Colours that are told apart before they get roles. */
const CLUSTERS = 8;
const ROUNDS = 6;
/** Dark enough for an outline or an eye, unless it is most of the picture. */
const DARK = 0.4;
/** Share of the border that is dark where a picture was drawn with an outline. */
const OUTLINED = 0.6;
/** Distance in Oklab's a and b within which colours are shades of one another. */
const KIN = 0.075;
const STEP = 0.045;

type Lab = readonly [l: number, a: number, b: number];

interface Cluster {
  lab: Lab;
  count: number;
}

function labOf(r: number, g: number, b: number): Lab {
  const [x, y, z] = [r, g, b].map((c) => (c <= 10 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * x + 0.5363325363 * y + 0.0514459929 * z);
  const m = Math.cbrt(0.2119034982 * x + 0.6806995451 * y + 0.1073969566 * z);
  const s = Math.cbrt(0.0883024619 * x + 0.2817188376 * y + 0.6299787005 * z);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const distance = (p: Lab, q: Lab): number => (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2;
const tint = (p: Lab, q: Lab): number => Math.hypot(p[1] - q[1], p[2] - q[2]);
const chroma = (p: Lab): number => Math.hypot(p[1], p[2]);

/** @returns a role (`Ink`) for every pixel; the picture is square, with a margin of one pixel */
export function rolesOf({ width, height, data }: Rgba): Uint8Array {
  const roles = new Uint8Array(width * height);
  const filled = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && data[(y * width + x) * 4 + 3] >= 128;
  const border: number[] = [];
  const inside: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const beside = filled(x - 1, y) && filled(x + 1, y) && filled(x, y - 1) && filled(x, y + 1);
      if (filled(x, y)) (beside ? inside : border).push(y * width + x);
    }
  const lab = (at: number) => labOf(data[at * 4], data[at * 4 + 1], data[at * 4 + 2]);
  const dark = border.filter((at) => lab(at)[0] < DARK);
  const all = [...border, ...inside];
  const black = all.filter((at) => lab(at)[0] < DARK).length > all.length * 0.55;
  const outlined = !black && dark.length >= border.length * OUTLINED;
  const body = outlined ? [...inside, ...border.filter((at) => lab(at)[0] >= DARK)] : all;
  const labs = body.map(lab);
  const clusters = clustersOf(labs);
  const meaning = meaningOf(clusters, body.length);
  body.forEach((at, i) => {
    roles[at] = meaning[nearest(clusters, labs[i])];
  });
  if (outlined) for (const at of dark) roles[at] = Ink.outline;
  else
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        if (!filled(x, y) && (filled(x - 1, y) || filled(x + 1, y) || filled(x, y - 1) || filled(x, y + 1)))
          roles[y * width + x] = Ink.outline;
  return roles;
}

function nearest(clusters: readonly Cluster[], lab: Lab): number {
  let best = 0;
  for (let k = 1; k < clusters.length; k++)
    if (distance(clusters[k].lab, lab) < distance(clusters[best].lab, lab)) best = k;
  return best;
}

/** k-means; begins with the commonest colour, then ever the one farthest from all. Largest first. */
function clustersOf(labs: readonly Lab[]): Cluster[] {
  if (labs.length === 0) return [{ lab: [0.7, 0, 0], count: 0 }];
  const bins = new Map<string, { lab: Lab; count: number }>();
  for (const lab of labs) {
    const key = lab.map((v) => Math.round(v * 24)).join();
    const bin = bins.get(key);
    if (bin) bin.count++;
    else bins.set(key, { lab, count: 1 });
  }
  const seeds = [...bins.values()].sort((a, b) => b.count - a.count);
  const clusters: Cluster[] = [{ lab: seeds[0].lab, count: 0 }];
  const apart = (lab: Lab) => distance(clusters[nearest(clusters, lab)].lab, lab);
  while (clusters.length < CLUSTERS) {
    const next = seeds.reduce((best, one) =>
      apart(one.lab) * Math.sqrt(one.count) > apart(best.lab) * Math.sqrt(best.count) ? one : best,
    );
    if (apart(next.lab) < STEP ** 2) break;
    clusters.push({ lab: next.lab, count: 0 });
  }
  for (let round = 0; round < ROUNDS; round++) {
    const sums = clusters.map(() => [0, 0, 0, 0]);
    for (const lab of labs) {
      const sum = sums[nearest(clusters, lab)];
      for (let i = 0; i < 3; i++) sum[i] += lab[i];
      sum[3]++;
    }
    sums.forEach(([l, a, b, count], k) => {
      clusters[k] = { lab: count > 0 ? [l / count, a / count, b / count] : clusters[k].lab, count };
    });
  }
  return clusters.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
}

/** What each cluster is for. The largest that is neither dark nor a dot of white is the coat. */
function meaningOf(clusters: readonly Cluster[], total: number): number[] {
  const roles = new Array<number>(clusters.length).fill(-1);
  const share = (k: number) => clusters[k].count / total;
  const small = (k: number, most: number) => share(k) < most;
  const coat = Math.max(
    0,
    clusters.findIndex(({ lab }, k) => lab[0] >= DARK || share(k) > 0.4),
  );
  roles[coat] = Ink.coat;
  clusters.forEach(({ lab }, k) => {
    if (k === coat) return;
    if (lab[0] < DARK && small(k, 0.4)) roles[k] = Ink.eye;
    else if (lab[0] > 0.93 && chroma(lab) < 0.04 && small(k, 0.07)) roles[k] = Ink.white;
    else if (
      lab[1] > 0.07 &&
      lab[2] < 0.09 &&
      lab[0] > 0.55 &&
      small(k, 0.05) &&
      tint(lab, clusters[coat].lab) > KIN
    )
      roles[k] = Ink.blush;
  });
  family(clusters, roles, coat, Ink.coatShade, Ink.coatLight, Ink.coat);
  for (const [main, shade, light] of [
    [Ink.patch, Ink.patchShade, Ink.patch],
    [Ink.accent, Ink.accentShade, Ink.accentLight],
  ] as const) {
    const head = roles.indexOf(-1);
    if (head < 0) break;
    roles[head] = main;
    family(clusters, roles, head, shade, light, main);
  }
  // What is left is the role of the colour that is nearest to it.
  return roles.map((role, k) => {
    if (role >= 0) return role;
    const known = clusters.flatMap((_, j) => (roles[j] >= 0 ? [j] : []));
    return roles[
      known.reduce((a, b) =>
        distance(clusters[b].lab, clusters[k].lab) < distance(clusters[a].lab, clusters[k].lab) ? b : a,
      )
    ];
  });
}

/** Shades of a colour get its darker and its lighter role. */
function family(
  clusters: readonly Cluster[],
  roles: number[],
  head: number,
  shade: number,
  light: number,
  same: number,
): void {
  const { lab } = clusters[head];
  clusters.forEach((one, k) => {
    if (roles[k] >= 0 || tint(one.lab, lab) > KIN + 0.25 * chroma(lab)) return;
    if (Math.abs(one.lab[0] - lab[0]) > 0.3) return;
    const rise = one.lab[0] - lab[0];
    roles[k] = rise < -STEP ? shade : rise > STEP ? light : same;
  });
}
