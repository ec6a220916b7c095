import { type Drawing, placed, shadow } from './svg.ts';

/** Small upright animals: a Fluent face on a hand-drawn body. Roles differ in clothes, tools and stance. */
export type Look = {
  name: string;
  role: 'player' | 'forager' | 'raider' | 'guard' | 'trader';
  face: string;
  cloth: string;
  dark: string;
  trim: string;
  fur: string;
  /** The face is seen from its left side: it is mirrored, so that it looks where the body does. */
  profile?: true;
};

export const LOOKS: Look[] = [
  {
    name: 'cat',
    role: 'player',
    face: 'cat-face',
    cloth: '#3f7fd0',
    dark: '#2c5da1',
    trim: '#ffd35c',
    fur: '#ffb02e',
  },
  {
    name: 'panda',
    role: 'player',
    face: 'panda',
    cloth: '#e2604f',
    dark: '#b3443b',
    trim: '#fff0c9',
    fur: '#3b3a4a',
  },
  {
    name: 'frog',
    role: 'player',
    face: 'frog',
    cloth: '#8a63d2',
    dark: '#6644a5',
    trim: '#ffd35c',
    fur: '#00c46a',
  },
  {
    name: 'bear',
    role: 'player',
    face: 'bear',
    cloth: '#2fa39a',
    dark: '#207a75',
    trim: '#fff0c9',
    fur: '#a56953',
  },
  {
    name: 'dog',
    role: 'player',
    face: 'dog-face',
    cloth: '#e58a2e',
    dark: '#b9681c',
    trim: '#fff0c9',
    fur: '#f3b679',
  },
  {
    name: 'koala',
    role: 'player',
    face: 'koala',
    cloth: '#ec6ba0',
    dark: '#bf467a',
    trim: '#fff0c9',
    fur: '#9b9ba5',
  },
  {
    name: 'tiger',
    role: 'player',
    face: 'tiger-face',
    cloth: '#3c9bd6',
    dark: '#2a74a6',
    trim: '#ffffff',
    fur: '#ff8a2b',
  },
  {
    name: 'lion',
    role: 'player',
    face: 'lion',
    cloth: '#5b5fc7',
    dark: '#41449a',
    trim: '#ffd35c',
    fur: '#ffc46b',
  },
  {
    name: 'rabbit',
    role: 'forager',
    face: 'rabbit-face',
    cloth: '#6fa64a',
    dark: '#507f33',
    trim: '#d8ee9c',
    fur: '#cdc4d6',
  },
  {
    name: 'mouse',
    role: 'forager',
    face: 'mouse-face',
    cloth: '#7e9c3f',
    dark: '#5d772a',
    trim: '#e8e39a',
    fur: '#b9aec6',
  },
  {
    name: 'hamster',
    role: 'forager',
    face: 'hamster',
    cloth: '#4f9a62',
    dark: '#387548',
    trim: '#c9edb8',
    fur: '#f2a85c',
  },
  {
    name: 'fox',
    role: 'raider',
    face: 'fox',
    cloth: '#6b2737',
    dark: '#4a1826',
    trim: '#e2483d',
    fur: '#e4702a',
  },
  {
    name: 'wolf',
    role: 'raider',
    face: 'wolf',
    cloth: '#4a2b45',
    dark: '#331b31',
    trim: '#e2483d',
    fur: '#8b8b95',
  },
  {
    name: 'raccoon',
    role: 'raider',
    face: 'raccoon',
    cloth: '#5a2430',
    dark: '#3d1620',
    trim: '#e2483d',
    fur: '#6f6f7c',
  },
  {
    name: 'boar',
    role: 'guard',
    face: 'boar',
    profile: true,
    cloth: '#4c6a92',
    dark: '#364e70',
    trim: '#cfd9e4',
    fur: '#8a5f4c',
  },
  {
    name: 'horse',
    role: 'guard',
    face: 'horse-face',
    profile: true,
    cloth: '#557a9a',
    dark: '#3c5a75',
    trim: '#cfd9e4',
    fur: '#a56953',
  },
  {
    name: 'monkey',
    role: 'trader',
    face: 'monkey-face',
    cloth: '#8b4fa8',
    dark: '#683782',
    trim: '#ffcf5a',
    fur: '#8a5f4c',
  },
  {
    name: 'pig',
    role: 'trader',
    face: 'pig-face',
    cloth: '#2f8f86',
    dark: '#1f6b64',
    trim: '#ffcf5a',
    fur: '#f4a9c0',
  },
];

export const POSES = ['idle', 'walk-a', 'walk-b', 'strike', 'guard', 'gather', 'down'] as const;
export type Pose = (typeof POSES)[number];

const MIRRORED = 'translate(50 0) scale(-1 1)';

const W = 92;
const H = 98;
const CX = 44;
const FLOOR = 86;

const ellipse = (x: number, y: number, rx: number, ry: number, fill: string) =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}"/>`;
const path = (d: string, fill: string) => `<path d="${d}" fill="${fill}"/>`;
const line = (d: string, stroke: string, width: number) =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round"/>`;

type Stance = {
  feet: [number, number];
  lift: number;
  near: [number, number];
  far: [number, number];
  lean: number;
};
const STANCE: Record<Exclude<Pose, 'down'>, Stance> = {
  idle: { feet: [0, 0], lift: 0, near: [61, 68], far: [27, 68], lean: 0 },
  'walk-a': { feet: [-5, 1], lift: 2, near: [58, 72], far: [31, 64], lean: 2 },
  'walk-b': { feet: [1, -5], lift: 2, near: [63, 64], far: [26, 71], lean: 2 },
  strike: { feet: [0, 0], lift: 0, near: [70, 62], far: [24, 64], lean: 7 },
  guard: { feet: [0, 0], lift: -2, near: [60, 64], far: [29, 66], lean: -3 },
  gather: { feet: [0, 0], lift: -5, near: [62, 78], far: [38, 79], lean: 9 },
};

/** A tool in the near hand at (x, y); `swing` degrees clockwise from upright. */
function tool(role: Look['role'], x: number, y: number, swing: number): string {
  const body =
    role === 'raider'
      ? path('M-3 2l-4 -30q2 -9 8 -9t8 9l-4 30q-4 3 -8 0z', '#8a5a3c') +
        path('M-8 -24l-4 -3l5 -2zM9 -24l5 -3l-5 -3zM-7 -14l-4 -2l4 -3zM7 -13l5 -2l-4 -3z', '#e9e4da')
      : role === 'forager'
        ? line('M0 10V-24', '#8a5a3c', 5) + path('M-1 -28q14 -4 18 10q-10 -6 -18 -3z', '#aab4bc')
        : role === 'guard'
          ? line('M0 22V-34', '#8a5a3c', 4.5) +
            path('M-7 -30l7 -18l7 18l-7 6z', '#dfe7ee') +
            path('M0 -48l7 18l-7 6z', '#b4c2ce')
          : role === 'trader'
            ? path('M-9 6q-4 -16 4 -20q5 -3 10 0q8 4 4 20q-9 6 -18 0z', '#c89b5f') +
              path('M2 -15q6 -1 8 5q4 8 -1 16q-4 2 -7 3z', '#a67a45') +
              line('M-6 -14q6 4 12 0', '#7c5038', 3) +
              ellipse(0, -2, 4.4, 4.4, '#ffcf5a')
            : path('M-4 -4l1 -30l4 -6l4 6l1 30z', '#dfe7ee') +
              path('M1 -40l4 6l1 30h-5z', '#b4c2ce') +
              line('M-8 -3H10', '#e0a94a', 5) +
              line('M1 -1V8', '#8a5a3c', 5);
  return `<g transform="translate(${x} ${y}) rotate(${swing})">${body}</g>`;
}

function clothes(look: Look, y: number): string {
  const torso = path(`M${CX - 15} ${y + 4}q15 -8 30 0l4 20q-19 9 -38 0z`, look.cloth);
  const fold = path(`M${CX + 5} ${y + 1}q6 0 10 3l4 20q-6 3 -11 4z`, look.dark);
  if (look.role === 'forager') {
    const strap = line(`M${CX - 13} ${y + 4}L${CX + 14} ${y + 21}`, '#a9714b', 4.5);
    return torso + fold + path(`M${CX - 10} ${y + 11}q10 4 20 0l1 14q-11 4 -22 0z`, look.trim) + strap;
  }
  if (look.role === 'raider') {
    const studs = [-9, 0, 9].map((d) => ellipse(CX + d, y + 21, 2, 2, '#d9c9a8')).join('');
    return torso + fold + line(`M${CX - 17} ${y + 21}q17 7 34 0`, '#2a1a20', 6) + studs;
  }
  if (look.role === 'guard')
    return (
      torso +
      fold +
      path(`M${CX - 11} ${y + 3}q11 -5 22 0l2 12q-13 8 -26 0z`, look.trim) +
      line(`M${CX} ${y + 3}v15`, '#93a4b5', 2.4)
    );
  if (look.role === 'trader')
    return (
      torso +
      fold +
      path(`M${CX - 6} ${y + 1}h12l2 22q-8 3 -16 0z`, '#fff0c9') +
      [8, 14, 20].map((d) => ellipse(CX, y + d, 1.8, 1.8, look.trim)).join('')
    );
  return torso + fold + line(`M${CX - 17} ${y + 20}q17 7 34 0`, look.trim, 4.5);
}

/** What is worn on the head: a leaf hat, a red band over the brow, a scarf under the chin. */
function worn(look: Look, y: number): string {
  if (look.role === 'forager') {
    if (look.face === 'rabbit-face') return placed('herb', CX - 2, y + 3, 17);
    return `<g transform="translate(0 -2)">${path(`M${CX - 19} ${y + 9}q19 -11 38 0q-3 5 -19 4t-19 -4z`, '#d9a84a')}${path(`M${CX - 11} ${y + 7}q1 -13 11 -13t11 13q-11 -5 -22 0z`, '#f0c86a')}${line(`M${CX - 11} ${y + 5}q11 -6 22 0`, look.cloth, 3)}</g>`;
  }
  if (look.role === 'raider') {
    return (
      path(`M${CX - 20} ${y + 15}q20 -10 40 0l-1 7q-19 -9 -38 0z`, look.trim) +
      path(`M${CX - 19} ${y + 17}l-13 -4q4 6 1 11q8 1 13 -2z`, '#b8322c') +
      line(`M${CX - 11} ${y + 17}l7 -1M${CX + 4} ${y + 15.5}l7 1`, '#b8322c', 2)
    );
  }
  if (look.role === 'guard')
    return (
      path(`M${CX - 18} ${y + 12}q0 -17 18 -17t18 17q-18 -7 -36 0z`, '#aebccb') +
      path(`M${CX + 2} ${y - 5}q16 1 16 17q-8 -3 -16 -4z`, '#8b9bad') +
      path(`M${CX + 2} ${y - 4}q12 -6 20 4q2 7 -3 12q0 -12 -17 -16z`, '#d8473f')
    );
  if (look.role === 'trader')
    return (
      path(`M${CX - 18} ${y + 9}q0 -14 18 -15t18 15q-18 -8 -36 0z`, look.cloth) +
      line(`M${CX - 17} ${y + 8}q17 -9 34 0`, look.trim, 4) +
      ellipse(CX, y - 2, 4, 4, look.trim)
    );
  return (
    path(`M${CX - 17} ${y + 43}q17 9 34 0l2 6q-19 11 -38 0z`, look.trim) +
    path(`M${CX - 14} ${y + 47}l-6 12q6 2 9 -1l4 -8z`, look.trim)
  );
}

function standing(look: Look, pose: Exclude<Pose, 'down'>): string {
  const s = STANCE[pose];
  const head = 8 - s.lift;
  const body = 55 - s.lift * 0.6;
  const foot = (x: number, dy: number) =>
    ellipse(x, FLOOR - 3 + dy, 8, 5.5, '#5b4034') + ellipse(x + 1, FLOOR - 5 + dy, 6.5, 4, '#75543f');
  const hand = ([x, y]: [number, number]) => ellipse(x, y, 6.2, 6.2, look.fur);
  const arm = ([x, y]: [number, number], side: number) =>
    line(`M${CX + side * 14} ${body + 7}L${x} ${y}`, look.dark, 8);
  const swing = pose === 'strike' ? 78 : 14;
  const back = pose === 'guard' || pose === 'gather' ? '' : tool(look.role, s.near[0], s.near[1], swing);
  const shield =
    pose === 'guard'
      ? look.role === 'raider'
        ? ellipse(60, 62, 17, 19, '#7c5038') +
          ellipse(60, 62, 13, 15, '#9b6a44') +
          ellipse(60, 62, 5, 5.5, '#d9c9a8')
        : placed('shield', 42, 42, 40)
      : '';
  return [
    shadow(CX, FLOOR, 23, 7),
    foot(CX - 9, s.feet[0]),
    foot(CX + 9, s.feet[1]),
    `<g transform="rotate(${s.lean} ${CX} ${FLOOR})">`,
    arm(s.far, -1),
    hand(s.far),
    clothes(look, body),
    look.role === 'player' ? worn(look, head) : '',
    placed(look.face, CX - 25, head - 2, 50, look.profile ? MIRRORED : ''),
    look.role === 'player' ? '' : worn(look, head),
    '</g>',
    arm(s.near, 1),
    back,
    hand(s.near),
    shield,
  ].join('');
}

const fallen = (look: Look): string =>
  shadow(CX, FLOOR - 2, 30, 8) +
  `<g transform="rotate(82 ${CX} ${FLOOR - 20}) translate(-2 26)">${ellipse(CX - 8, FLOOR - 1, 7, 5, '#5b4034')}${ellipse(CX + 8, FLOOR - 1, 7, 5, '#5b4034')}${clothes(look, 52)}${placed(look.face, CX - 25, 4, 50, look.profile ? MIRRORED : '')}</g>` +
  `${placed('dizzy', 54, 38, 22)}`;

/** One pose of a look, facing right; the game mirrors it. */
export const drawCreature = (look: Look, pose: Pose): Drawing => ({
  w: W,
  h: H,
  ax: CX,
  ay: FLOOR,
  body: pose === 'down' ? fallen(look) : standing(look, pose),
});
