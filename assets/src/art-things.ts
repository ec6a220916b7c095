import { type Drawing, placed, shadow } from './svg.ts';

/** Fruit bushes, crystals and the marks that events leave in the air. */

const circle = (x: number, y: number, r: number, fill: string) =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;
const path = (d: string, fill: string) => `<path d="${d}" fill="${fill}"/>`;

function bush(fruits: number): Drawing {
  const spots = [
    [22, 34],
    [50, 30],
    [36, 46],
    [34, 22],
    [58, 46],
    [15, 48],
  ].slice(0, fruits);
  const fruit = ([x, y]: number[]) =>
    circle(x, y, 6.4, '#d8322f') +
    circle(x - 1, y - 1, 5, '#f4514a') +
    circle(x - 2.2, y - 2.6, 1.6, '#ffc2b4');
  const bare = fruits === 0;
  const [dark, mid, light] = bare ? ['#5f7f43', '#759651', '#93b069'] : ['#3b8a4a', '#4ea457', '#79c46a'];
  return {
    w: 76,
    h: 72,
    ax: 37,
    ay: 60,
    body: [
      shadow(37, 59, 31, 8),
      circle(19, 44, 16, dark),
      circle(55, 44, 16, dark),
      circle(37, 36, 24, dark),
      circle(37, 33, 21, mid),
      circle(20, 42, 12, mid),
      circle(55, 42, 12, mid),
      path('M20 28a20 20 0 0 1 28 -14a24 24 0 0 0 -24 18z', light),
      ...spots.map(fruit),
    ].join(''),
  };
}

type Shades = readonly [string, string, string];
const VIOLET: Shades = ['#7a4fd0', '#a57bf0', '#dcc4ff'];
const PINK: Shades = ['#b84fc0', '#dd7fe0', '#ffcdf8'];
const BLUE: Shades = ['#4b6fe0', '#7ba0f7', '#cfe0ff'];

/** One crystal standing on (0, 0): its side, face and glint. */
const shard = (w: number, h: number, c: Shades): string =>
  path(`M0 ${-h}L${w} ${-h + w * 1.1}V0H${-w}V${-h + w * 1.1}z`, c[1]) +
  path(`M0 ${-h}L${w} ${-h + w * 1.1}V0H0z`, c[0]) +
  path(`M0 ${-h}L${-w} ${-h + w * 1.1}L${-w * 0.1} ${-h + w * 1.3}z`, c[2]);
const stand = (x: number, y: number, w: number, h: number, tilt: number, c: Shades): string =>
  `<g transform="translate(${x} ${y}) rotate(${tilt})">${shard(w, h, c)}</g>`;

function crystal(size: number): Drawing {
  const shards =
    size === 2
      ? stand(22, 60, 9, 30, -22, BLUE) + stand(56, 60, 9, 32, 20, PINK) + stand(38, 62, 12, 52, 0, VIOLET)
      : size === 1
        ? stand(24, 60, 8, 20, -20, BLUE) + stand(38, 62, 11, 30, 4, VIOLET) + stand(54, 60, 7, 16, 22, PINK)
        : '';
  const stone =
    '<path d="M8 60q0 -12 12 -14l16 -3l18 3q13 2 14 13q0 7 -30 8t-30 -7z" fill="#76708c"/><path d="M14 54q4 -7 16 -8l8 -1q12 0 18 4q-8 6 -22 5t-20 0z" fill="#938da8"/>';
  const stubs = size === 0 ? stand(28, 54, 5, 8, -14, VIOLET) + stand(46, 54, 5, 7, 12, BLUE) : '';
  const rim = '<path d="M8 61q8 5 30 5t30 -6q1 8 -30 8t-30 -7z" fill="#5d5774"/>';
  return { w: 76, h: 78, ax: 38, ay: 64, body: shadow(38, 64, 33, 9) + stone + stubs + shards + rim };
}

const icon = (name: string, size: number): Drawing => ({
  w: size,
  h: size,
  ax: size / 2,
  ay: size / 2,
  body: placed(name, 0, 0, size),
});

const puff = (r: number): Drawing => ({
  w: 48,
  h: 48,
  ax: 24,
  ay: 24,
  body: `<circle cx="24" cy="24" r="${r}" fill="#fff" fill-opacity=".9"/><circle cx="20" cy="20" r="${r * 0.62}" fill="#f2ecff"/>`,
});

/** A market stall: baskets under a striped awning. */
function stall(): Drawing {
  const stripes = [0, 1, 2, 3, 4, 5, 6]
    .map((k) => {
      const x = 6 + k * 18;
      const colour = k % 2 === 0 ? '#e2564b' : '#fff3dc';
      return path(`M${x + 4} 12h14l4 30q-9 9 -18 0h-4z`, colour) + circle(x + 9, 42, 9, colour);
    })
    .join('');
  const basket = (x: number, colour: string, light: string) =>
    [0, 1, 2, 3]
      .map(
        (k) =>
          circle(x + 6 + k * 7, 78 - (k % 2) * 5, 6, colour) +
          circle(x + 4.6 + k * 7, 76 - (k % 2) * 5, 2, light),
      )
      .join('') +
    path(`M${x} 80h34l-4 16h-26z`, '#c08a56') +
    path(`M${x} 80h34l-1 5h-32z`, '#d7a46f');
  return {
    w: 140,
    h: 128,
    ax: 70,
    ay: 112,
    body: [
      `<ellipse cx="70" cy="113" rx="62" ry="11" fill="#2c4a1e" fill-opacity=".26"/>`,
      path('M14 30h6v82h-6zM120 30h6v82h-6z', '#7c5038'),
      path('M18 44h104v44h-104z', '#5f4335'),
      basket(26, '#d8322f', '#ff9a86'),
      basket(76, '#a57bf0', '#e9dcff'),
      path('M10 92h120v20q0 3 -3 3h-114q-3 0 -3 -3z', '#a9714b'),
      path('M8 88h124v9h-124z', '#d7a46f'),
      path('M30 98v16M56 98v16M84 98v16M110 98v16', '#8f6040'),
      stripes,
      path('M8 8h124v7h-124z', '#b8433b'),
      circle(70, 104, 8, '#ffcf5a'),
      circle(70, 104, 5, '#f0b03c'),
    ].join(''),
  };
}

export const THINGS: Record<string, Drawing> = {
  stall: stall(),
  'item-coin': icon('coin', 30),
  'fruit-0': bush(0),
  'fruit-1': bush(3),
  'fruit-2': bush(6),
  'crystal-0': crystal(0),
  'crystal-1': crystal(1),
  'crystal-2': crystal(2),
  'item-fruit': icon('red-apple', 30),
  'item-crystal': {
    w: 32,
    h: 38,
    ax: 16,
    ay: 19,
    body: `<g transform="translate(16 37)">${shard(10, 35, VIOLET)}</g>`,
  },
  'fx-hit': icon('collision', 56),
  'fx-star': icon('glowing-star', 34),
  'fx-heart': icon('red-heart', 28),
  'fx-shield': icon('shield', 40),
  'fx-leaf': icon('leaf-fluttering-in-wind', 26),
  'fx-puff': puff(20),
  'fx-dust': puff(10),
  'fx-sparkle': icon('sparkles', 40),
  'fx-swish': {
    w: 90,
    h: 90,
    ax: 45,
    ay: 45,
    body: '<path d="M52 6a42 42 0 0 1 26 58q-2 -34 -38 -50q4 -6 12 -8z" fill="#ffffff" fill-opacity=".85"/>',
  },
  'fx-ring': {
    w: 80,
    h: 40,
    ax: 40,
    ay: 20,
    body: '<ellipse cx="40" cy="20" rx="36" ry="16" fill="none" stroke="#fff6c9" stroke-width="4"/>',
  },
  'fx-butterfly': icon('butterfly', 24),
  'fx-glint': {
    w: 28,
    h: 12,
    ax: 14,
    ay: 6,
    body: '<path d="M3 7q5.5 -6 11 0t11 0" fill="none" stroke="#e6f8f5" stroke-width="3" stroke-linecap="round"/>',
  },
  'fx-shadow': { w: 48, h: 18, ax: 24, ay: 9, body: shadow(24, 9, 22, 7) },
};
