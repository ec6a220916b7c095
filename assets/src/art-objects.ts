import { ARRANGEMENTS, FLOWERS, type ObjectName } from './objects.ts';
import { type Drawing, placed, shadow } from './svg.ts';

/** Hand-drawn trees, houses and things, in the flat manner of the Fluent icons they stand beside. */

const circle = (x: number, y: number, r: number, fill: string) =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;
const rect = (x: number, y: number, w: number, h: number, fill: string, r = 0) =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${r}" fill="${fill}"/>`;
const path = (d: string, fill: string, more = '') => `<path d="${d}" fill="${fill}" ${more}/>`;
const line = (d: string, stroke: string, width: number) =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;

function broadleaf(dark: string, mid: string, light: string, trunk = '#8a5a3c', bark = '#6f452d'): Drawing {
  const leaf = (x: number, y: number) => line(`M${x} ${y}q4 -4 8 0`, light, 2.6);
  return {
    w: 104,
    h: 120,
    ax: 52,
    ay: 108,
    body: [
      shadow(52, 107, 36, 10),
      path('M44 74h16l4 31q-12 7 -24 0z', trunk),
      path('M54 74h6l4 31q-5 3 -9 3z', bark),
      circle(52, 44, 37, dark),
      circle(27, 61, 23, dark),
      circle(77, 61, 23, dark),
      circle(50, 39, 32, mid),
      circle(28, 55, 19, mid),
      circle(74, 56, 18, mid),
      path('M24 32a30 30 0 0 1 44 -20a34 34 0 0 0 -40 26z', light),
      leaf(42, 44),
      leaf(62, 36),
      leaf(54, 58),
      leaf(28, 58),
      leaf(72, 58),
    ].join(''),
  };
}

function pine(w: number, h: number, dark: string, mid: string, light: string): Drawing {
  const cx = w / 2;
  const base = h - 12;
  const tiers: string[] = [];
  const n = h > 125 ? 4 : 3;
  for (let i = 0; i < n; i++) {
    const bottom = base - 12 - i * ((base - 20) / (n + 0.6));
    const half = (w / 2 - 4) * (1 - i * (0.62 / n));
    const top = bottom - (base - 16) / (n - 0.6);
    const tier = (dx: number, s: number) =>
      `M${cx} ${top}q4 2 6 8L${cx + half * s + dx} ${bottom - 6}q2 7 -5 7q-${half * 0.9} 7 -${half * 1.8 * s} 0q-8 0 -6 -7L${cx - 6} ${top + 8}q2 -6 6 -8z`;
    tiers.push(path(tier(0, 1), i % 2 ? mid : dark));
    tiers.push(
      path(
        `M${cx} ${top}q-4 2 -6 8L${cx - half} ${bottom - 6}q4 3 9 1Q${cx - 6} ${bottom - 22} ${cx} ${top}z`,
        light,
      ),
    );
  }
  return {
    w,
    h,
    ax: cx,
    ay: base,
    body: [
      shadow(cx, base - 1, w * 0.36, 9),
      rect(cx - 7, base - 22, 14, 24, '#7c5038', 4),
      rect(cx + 1, base - 22, 6, 24, '#65402b', 3),
      ...tiers,
    ].join(''),
  };
}

function rock(w: number, h: number, s: number): Drawing {
  return {
    w,
    h,
    ax: w / 2,
    ay: h - 12,
    body: [
      shadow(w / 2, h - 12, w * 0.44, 10),
      `<g transform="translate(${w / 2 - 32 * s} ${h - 10 - 58 * s}) scale(${s})">`,
      path('M4 50q-4 -8 4 -20l12 -20q4 -6 11 -5l14 4q6 2 9 10l8 22q3 9 -2 12q-8 5 -28 5t-28 -8z', '#8d98a3'),
      path('M20 10q4 -6 11 -5l14 4q6 2 9 10l-14 8l-16 -4q-6 -4 -4 -13z', '#c3ccd3'),
      path('M8 30l12 -20q-2 9 4 13l-6 18q-4 8 -14 9q-4 -8 4 -20z', '#a9b4bd'),
      path('M40 27l14 -8l8 22q3 9 -2 12q-8 5 -20 5q-6 -12 0 -31z', '#76828e'),
      path('M6 52q10 -6 18 1t16 2q-4 3 -8 3q-18 0 -26 -6z', '#6fae4f'),
      '</g>',
    ].join(''),
  };
}

function house(wall: string, wallDark: string, roof: string, roofDark: string, roofLight: string): Drawing {
  const window = (x: number) =>
    [
      rect(x, 116, 32, 30, '#fff6dd', 4),
      rect(x + 4, 120, 24, 22, '#7ec8e3', 2),
      path(`M${x + 4} 138l18 -18h6v4l-18 18h-6z`, '#a8dff0'),
      rect(x + 14.5, 120, 3, 22, '#fff6dd'),
      rect(x - 3, 144, 38, 7, '#a8704a', 3),
      circle(x + 4, 143, 4.5, '#ff6d8b'),
      circle(x + 13, 142, 4.5, '#ffd35c'),
      circle(x + 22, 143, 4.5, '#ff6d8b'),
      circle(x + 29, 142, 4, '#ffd35c'),
    ].join('');
  const shingles = [0, 1, 2, 3]
    .map((r) => line(`M${36 - r * 7} ${40 + r * 17}H${156 + r * 7}`, roofDark, 2.4))
    .join('');
  return {
    w: 208,
    h: 190,
    ax: 104,
    ay: 176,
    body: [
      `<ellipse cx="106" cy="174" rx="98" ry="14" fill="#2c4a1e" fill-opacity=".24"/>`,
      rect(146, 2, 22, 44, '#b5796a', 3),
      rect(142, 0, 30, 9, '#8e5a4e', 3),
      rect(20, 92, 168, 82, wall, 5),
      rect(20, 92, 168, 16, wallDark),
      rect(20, 166, 168, 9, '#a59a8c', 3),
      path('M48 20h112q6 0 9 5l37 66q4 9 -6 9H8q-10 0 -6 -9l37 -66q3 -5 9 -5z', roof),
      path('M48 20h112q6 0 9 5l4 7H35l4 -7q3 -5 9 -5z', roofLight),
      shingles,
      path('M2 91q-4 9 6 9h192q10 0 6 -9l-2 -4H4z', roofDark),
      rect(84, 118, 40, 56, '#8b5a3c', 6),
      rect(88, 122, 32, 52, '#a9714b', 5),
      line('M104 124v48', '#8b5a3c', 2.4),
      circle(114, 150, 3, '#ffd35c'),
      rect(78, 170, 52, 8, '#c7bcae', 3),
      window(36),
      window(140),
    ].join(''),
  };
}

function tent(): Drawing {
  return {
    w: 132,
    h: 132,
    ax: 66,
    ay: 116,
    body: [
      `<ellipse cx="66" cy="114" rx="60" ry="12" fill="#2c4a1e" fill-opacity=".26"/>`,
      line('M58 8L74 36M76 6L60 36', '#6f452d', 5),
      path('M66 18q3 0 5 4l54 84q4 8 -4 10q-26 6 -55 6t-55 -6q-8 -2 -4 -10l54 -84q2 -4 5 -4z', '#a5383f'),
      path('M66 18q-3 0 -5 4L7 106q-4 8 4 10q10 3 22 4z', '#c24a4c'),
      path('M66 18q3 0 5 4l54 84q4 8 -4 10q-8 3 -19 4z', '#8a2c37'),
      path('M66 52q3 0 5 4q17 32 19 66q-24 2 -48 0q2 -34 19 -66q2 -4 5 -4z', '#3b2230'),
      path('M66 52q-14 30 -12 71q-6 0 -12 -1q2 -34 19 -66q2 -4 5 -4z', '#e0a45c'),
      line('M20 96l14 4M26 86l13 4M106 100l8 -4', '#e0a45c', 4),
    ].join(''),
  };
}

function small(w: number, h: number, body: string, sw = 22): Drawing {
  return { w, h, ax: w / 2, ay: h - 10, body: shadow(w / 2, h - 10, sw, 7) + body };
}

const PICTURES: Record<ObjectName, () => Drawing> = {
  oak: () => broadleaf('#3f8a43', '#52a04a', '#75bd5c'),
  'oak-round': () => broadleaf('#55933a', '#6bab45', '#92c95b'),
  birch: () => broadleaf('#8aa236', '#a6bc45', '#c8d766', '#ece5d8', '#cfc4b2'),
  pine: () => pine(88, 122, '#2f7a55', '#37875d', '#4f9f70'),
  'pine-tall': () => pine(92, 150, '#28694f', '#2f7757', '#45906a'),
  bush: () =>
    small(
      76,
      62,
      circle(22, 36, 18, '#438f45') +
        circle(52, 36, 19, '#438f45') +
        circle(37, 28, 21, '#438f45') +
        circle(36, 25, 17, '#58a64d') +
        circle(20, 33, 13, '#58a64d') +
        circle(53, 33, 14, '#58a64d') +
        path('M22 20a18 18 0 0 1 24 -10a22 22 0 0 0 -20 16z', '#7cc262') +
        line('M30 34q4 -4 8 0M48 30q4 -4 8 0M16 38q4 -4 8 0', '#7cc262', 2.4),
      32,
    ),
  hedge: () =>
    small(
      72,
      62,
      rect(3, 8, 66, 44, '#3f8a43', 13) +
        rect(3, 5, 66, 34, '#55a34b', 13) +
        path('M12 18q2 -9 12 -9h24q-22 2 -36 9z', '#7cc262') +
        line('M20 26q4 -4 8 0M44 20q4 -4 8 0M38 32q4 -4 8 0', '#7cc262', 2.4),
      34,
    ),
  rock: () => rock(84, 78, 1.1),
  'rock-small': () => rock(68, 56, 0.78),
  cactus: () => small(72, 84, placed('cactus', 2, 6, 68), 22),
  reeds: () => ({
    w: 72,
    h: 84,
    ax: 36,
    ay: 70,
    body: [
      `<ellipse cx="36" cy="70" rx="28" ry="8" fill="#e6f8f5" fill-opacity=".8"/>`,
      line('M22 70q-2 -30 -8 -44M34 72q0 -36 2 -54M46 70q2 -26 10 -40', '#4c8f3f', 5),
      line('M28 70q2 -20 -2 -34M42 70q2 -20 0 -36', '#6db257', 4),
      line('M14 26l-2 -10M36 18v-12M56 30l4 -10', '#8a5a3c', 8),
    ].join(''),
  }),
  stump: () => small(64, 62, placed('wood', 6, 2, 54), 22),
  crate: () =>
    small(
      64,
      66,
      rect(8, 12, 48, 46, '#a9714b', 4) +
        rect(8, 12, 48, 14, '#d7a46f', 4) +
        rect(12, 28, 40, 26, '#c08a56', 2) +
        line('M14 30L50 52M50 30L14 52', '#8f6040', 5) +
        line('M10 26h44', '#8f6040', 3),
      28,
    ),
  barrel: () =>
    small(
      60,
      70,
      path('M14 14q16 -8 32 0q7 23 0 44q-16 8 -32 0q-7 -21 0 -44z', '#b67a48') +
        path('M36 11q6 1 10 3q7 23 0 44q-5 2 -10 3q5 -26 0 -50z', '#945e38') +
        `<ellipse cx="30" cy="15" rx="16" ry="6" fill="#d7a46f"/>` +
        line('M11 28q19 8 38 0M11 47q19 8 38 0', '#5f6873', 4),
      24,
    ),
  lamp: () =>
    small(
      52,
      104,
      rect(23, 34, 7, 60, '#5b4a52', 3) +
        rect(16, 88, 21, 8, '#463a42', 3) +
        circle(26.5, 24, 20, 'rgba(255,224,130,.35)') +
        rect(17, 12, 19, 24, '#ffe08a', 5) +
        rect(20, 15, 6, 18, '#fff6d0', 3) +
        path('M13 13l13 -11l14 11q1 3 -3 3h-21q-4 0 -3 -3z', '#463a42'),
      14,
    ),
  palisade: () =>
    small(
      68,
      92,
      [2, 18, 34, 50]
        .map(
          (x, i) =>
            path(`M${x} ${22 + (i % 2) * 5}l8 -16l8 16v${60 - (i % 2) * 5}h-16z`, '#9b6a44') +
            path(`M${x + 9} ${7 + (i % 2) * 5}l7 15v${60 - (i % 2) * 1}h-7z`, '#7c5038'),
        )
        .join('') + rect(0, 42, 68, 8, '#6a4430', 3),
      34,
    ),
  toadstool: () => small(72, 74, placed('mushroom', 4, 2, 66), 22),
  totem: () =>
    small(
      60,
      112,
      rect(20, 34, 20, 68, '#7c5038', 5) +
        rect(30, 34, 10, 68, '#65402b', 5) +
        path('M16 62h28l-5 12h-18z', '#c24a4c') +
        placed('skull', 8, 0, 44) +
        line('M8 50L20 44M52 50L40 44', '#6f452d', 5) +
        line('M22 84l8 6l8 -6', '#e0a45c', 4),
      20,
    ),
  campfire: () =>
    small(
      72,
      80,
      `<ellipse cx="36" cy="66" rx="30" ry="10" fill="#6a4f3a" fill-opacity=".55"/>` +
        line('M14 66L58 56M14 56L58 66', '#6f452d', 9) +
        placed('fire', 12, 4, 48) +
        [10, 24, 48, 62].map((x) => circle(x, 70 - Math.abs(36 - x) * 0.1, 6, '#9aa3ab')).join(''),
      30,
    ),
  well: () =>
    small(
      80,
      98,
      path('M12 56h56v24q-28 14 -56 0z', '#a9b4bd') +
        path('M44 56h24v24q-11 6 -24 7z', '#8d98a3') +
        `<ellipse cx="40" cy="56" rx="28" ry="10" fill="#c3ccd3"/><ellipse cx="40" cy="56" rx="20" ry="6.5" fill="#3f8fb5"/>` +
        line('M16 70h10M36 74h12M56 70h8M24 80h10M46 82h10', '#76828e', 2.6) +
        rect(13, 24, 6, 34, '#7c5038', 2) +
        rect(61, 24, 6, 34, '#7c5038', 2) +
        path('M40 2l36 22q2 5 -4 5H8q-6 0 -4 -5z', '#d9534f') +
        path('M4 24q-2 5 4 5h64q6 0 4 -5z', '#b23b3d') +
        line('M40 29v20', '#e8d9b8', 2.5),
      34,
    ),
  hut: () => ({
    w: 144,
    h: 144,
    ax: 72,
    ay: 126,
    body: `<ellipse cx="72" cy="124" rx="60" ry="13" fill="#2c4a1e" fill-opacity=".26"/>${placed('hut', 4, 0, 136)}`,
  }),
  tent,
  'house-red': () => house('#fbe9c6', '#e6cd9f', '#e2604f', '#b9443c', '#f07f6a'),
  'house-blue': () => house('#f6efe2', '#dcd2bf', '#4f93c9', '#3870a3', '#76b3dd'),
  'house-straw': () => house('#f3d9b0', '#dcbb8a', '#e0a94a', '#b98231', '#f0c471'),
};

export const drawObject = (name: ObjectName): Drawing => PICTURES[name]();

const stem = (
  x: number,
  y: number,
  tall: number,
  flower: string,
  heart: string,
  petals = 5,
  r = 4,
): string => {
  const head = Array.from({ length: petals }, (_, k) => {
    const [dx, dy] = [
      [0, -1],
      [0.95, -0.3],
      [0.6, 0.8],
      [-0.6, 0.8],
      [-0.95, -0.3],
    ][k];
    return circle(x + dx * r, y - tall + dy * r, r * 0.82, flower);
  }).join('');
  return (
    line(`M${x} ${y}q1 -${tall / 2} 0 -${tall}`, '#5a9e45', 2.4) + head + circle(x, y - tall, r * 0.7, heart)
  );
};
const bunch = (a: string, heart: string, arrangement: number): string => {
  const places = [
    [
      [18, 44, 14, 4],
      [36, 32, 12, 3.4],
      [44, 52, 15, 4.2],
    ],
    [
      [14, 28, 13, 3.8],
      [48, 40, 14, 4.2],
    ],
    [
      [24, 54, 15, 4.2],
      [30, 30, 12, 3.4],
      [50, 24, 12, 3.8],
      [12, 38, 11, 3.2],
    ],
  ][arrangement];
  return places.map(([x, y, tall, r]) => stem(x, y, tall, a, heart, 5, r)).join('');
};
const PETALS: Record<(typeof FLOWERS)[number], [petal: string, heart: string]> = {
  'flower-white': ['#ffffff', '#ffc93c'],
  'flower-pink': ['#ff8fb1', '#fff0b3'],
  'flower-yellow': ['#ffd84d', '#f39c3c'],
  'flower-violet': ['#a78bfa', '#ffe28a'],
};

/** Flowers and the like, drawn inside one 64 × 64 tile. */
export const DECOR_ART: Record<string, string> = {
  ...Object.fromEntries(
    FLOWERS.flatMap((f) => ARRANGEMENTS.map((a, n) => [`${f}${a}`, bunch(...PETALS[f], n)])),
  ),
  tuft: line('M24 42q-2 -10 -8 -14M28 42q0 -12 2 -18M33 42q2 -8 8 -12', '#6fb04a', 3.4),
  'tuft-2': line('M34 30q-2 -8 -6 -11M37 30q1 -9 5 -12M16 50q-2 -8 -6 -11M19 50q1 -9 5 -12', '#6fb04a', 3.2),
  clover: `${placed('shamrock', 12, 30, 18)}${placed('shamrock', 34, 18, 14)}`,
  mushroom: `${placed('brown-mushroom', 14, 26, 20)}${placed('brown-mushroom', 34, 32, 14)}`,
  pebbles: [
    [20, 24, 5],
    [29, 29, 3.4],
    [42, 44, 4.4],
  ]
    .map(
      ([x, y, r]) =>
        `<ellipse cx="${x}" cy="${y + 1.5}" rx="${r}" ry="${r * 0.75}" fill="#8f8577"/><ellipse cx="${x}" cy="${y}" rx="${r}" ry="${r * 0.75}" fill="#b9b0a2"/>`,
    )
    .join(''),
  shell: placed('spiral-shell', 22, 24, 20),
  lily: `<g>${circle(26, 34, 13, '#4fa35c')}${path('M26 34l14 -6a14 14 0 0 1 -1 13z', '#5cc0d8')}${circle(24, 32, 9, '#66b96d')}${circle(45, 24, 7, '#4fa35c')}${placed('blossom', 17, 22, 15)}</g>`,
};
