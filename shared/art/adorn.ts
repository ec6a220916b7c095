import type { Anatomy } from './anatomy.ts';
import type { Canvas } from './canvas.ts';
import { Gene } from './genes.ts';
import { type Conditions, Ink, SIZE } from './types.ts';

/**
 * What a branch grows on the body, stage by stage: drawn in two passes, behind the body and in front of
 * it. Stamps are for the axis (even width, symmetric) or for the left side, and then mirrored.
 */

const INKS = {
  a: Ink.accent,
  s: Ink.accentShade,
  l: Ink.accentLight,
  g: Ink.leaf,
  o: Ink.outline,
  w: Ink.white,
  c: Ink.coat,
  d: Ink.coatShade,
  h: Ink.coatLight,
  p: Ink.patch,
  q: Ink.patchShade,
};

interface Scene {
  readonly canvas: Canvas;
  readonly body: Anatomy;
  readonly stage: number;
  /** The genome's own turn of the adornment, 0..3. */
  readonly turn: number;
}

const MIDDLE = SIZE / 2;

/** A stamp on the axis whose last row lies on row `y`. */
function crown({ canvas }: Scene, rows: readonly string[], y: number, under = false): void {
  canvas.stamp(rows, MIDDLE - (rows[0].length >> 1), y - rows.length + 1, INKS, { under });
}

/** A stamp whose inner edge is `n` columns left of the axis and whose last row is `y`, and its mirror image. */
function pair({ canvas }: Scene, rows: readonly string[], n: number, y: number, under = false): void {
  const width = rows[0].length;
  canvas.stamp(rows, MIDDLE - n - width, y - rows.length + 1, INKS, { under });
  canvas.stamp(rows, MIDDLE + n, y - rows.length + 1, INKS, { under, flip: true });
}

/** The highest row of the silhouette over columns n..n+width-1 from the axis. */
function topOver(body: Anatomy, n: number, width: number): number {
  let top = SIZE;
  for (let i = n; i < Math.min(16, n + width); i++) top = Math.min(top, body.tops[i]);
  return top;
}

const SPROUT = ['gg..gg', '.gggg.', '..gg..'];
const BUD = ['..aa..', '.alla.', 'ggaagg', '.gggg.', '..gg..'];
const FLOWER = ['.aa.', 'alla', 'alla', '.aa.'];
const BLOSSOM = ['.aa.aa.', 'aaalaaa', '.alwla.', 'aaalaaa', '.aa.aa.'];
const PETAL = ['.aaa.', 'aaala', 'aalaa', '.aas.'];
const LEAF = ['gg..', 'ggg.', '.ggg'];

const NUB = ['.aa.', '.la.', 'lass'];
const HORN = ['..aa..', '..la..', '.laas.', '.laas.'];
const HORN_SIDE = ['a...', 'la..', 'laa.', '.las', '.aas'];
const HORN_LONG = ['.a....', 'la....', 'laa...', 'laas..', '.laas.', '..aass', '...ass'];
const SPIKE = ['a..', 'laa', '.aas'];
const SPIKE_LONG = ['aa...', '.laaa', '..aas'];

const SHARD = ['.la.', '.las', 'laas'];
const CRYSTAL = ['..la..', '.laas.', '.laas.', 'llaass'];
const CRYSTAL_TALL = ['..la..', '.llas.', '.laas.', '.laas.', '.laas.', 'llaass'];
const CRYSTAL_SIDE = ['la...', 'laa..', '.laas', '.laas', '..aas'];
const GEM = ['.la.', 'laas', 'laas', '.as.'];
const PLATE = ['.llllll.', 'laaaaaas', '.asssss.'];
const SHOULDER = ['.lla', 'laaa', 'aaas', '.ass'];

const HEART_EVEN = ['la..aa', 'laaaaa', 'aaaaas', '.aaas.', '..as..'];
const HEART_SMALL = ['a..a', 'laaa', '.as.'];
const ANTENNA = ['la.a..', 'laaa..', '.aas..', '...oo.', '....oo'];
const WING = ['.ll....', 'laaa...', 'laaaal.', '.aaaaaa', '..aaaas', '...aass', '.....s.'];
const WING_LARGE = [
  '.lll....',
  'laaaa...',
  'laaaaal.',
  'laaaaaaa',
  '.aaaaaaa',
  '..aaaaas',
  '..laaass',
  '...aass.',
  '....ss..',
];

const TUFT = ['...c', '.cc.', '.cc.'];
const TUFT_TALL = ['..h...', '..hc.h', '.hccc.', '..ccc.'];
const FLUFF = ['.hh', 'hcc', 'ccc', '.cd'];

/** Behind the body. */
export function adornBehind(canvas: Canvas, { genome, stage, branch }: Conditions, body: Anatomy): void {
  const scene = { canvas, body, stage, turn: genome[Gene.adorn] & 3 };
  const sides = body.headWide;
  if (branch === 1 && stage >= 3) petals(scene);
  if (branch === 2 && stage >= 3) {
    pair(scene, stage === 4 ? SPIKE_LONG : SPIKE, sides - 1, body.eyeLine + 3, true);
    pair(scene, SPIKE_LONG, body.bodyWide - 1, body.chest + 1, true);
    if (stage === 4) pair(scene, SPIKE_LONG, sides - 1, body.eyeLine - 1, true);
  }
  if (branch === 3 && stage >= 3)
    pair(scene, CRYSTAL_SIDE, Math.max(1, body.bodyWide - 2), body.chest + 1, true);
  if (branch === 3 && stage === 4) pair(scene, CRYSTAL_SIDE, sides - 2, body.eyeLine - 1, true);
  if (branch === 4 && stage >= 3)
    pair(scene, stage === 4 ? WING_LARGE : WING, Math.max(4, body.bodyWide - 2), body.chest + 3, true);
}

/** A ring of petals behind the head: whole at elder, a collar at grown. */
function petals(scene: Scene): void {
  const { canvas, body, stage } = scene;
  const r = body.headWide + 2;
  // sixteenths of a half turn: sines × 16 at 0, 22.5, … degrees from straight up
  const ring = [
    [0, -16],
    [6, -15],
    [11, -11],
    [15, -6],
    [16, 0],
    [15, 6],
    [11, 11],
  ];
  ring.forEach(([dx, dy], i) => {
    if (stage < 4 && i < 4) return;
    if (i === 0) return;
    const x = MIDDLE - 3 - ((dx * r + 8) >> 4);
    const y = body.eyeLine - 1 + ((dy * (r - 2) + 8) >> 4);
    canvas.stamp(PETAL, x, y, INKS, { under: true });
    canvas.stamp(PETAL, SIZE - x - PETAL[0].length, y, INKS, { under: true, flip: true });
  });
}

/** In front of the body. */
export function adornFront(canvas: Canvas, { genome, stage, branch }: Conditions, body: Anatomy): void {
  const scene = { canvas, body, stage, turn: genome[Gene.adorn] & 3 };
  if (branch > 0 && stage < 2) crown(scene, FIRST[branch - 1][stage], body.headTop);
  else FRONT[branch](scene);
}

/** What a seed and a sprout show of their branch, bloom first. */
const FIRST = [
  [SPROUT, BUD],
  [NUB, HORN],
  [SHARD, CRYSTAL],
  [HEART_SMALL, HEART_EVEN],
];

const FRONT: readonly ((scene: Scene) => void)[] = [plain, bloom, thorn, stone, heart];

function plain(scene: Scene): void {
  const { body, stage, turn } = scene;
  if (stage === 0) return;
  if (turn < 2 || stage < 3) crown(scene, stage > 2 ? TUFT_TALL : TUFT, body.headTop);
  if (stage >= 3) pair(scene, FLUFF, body.headWide - 2, body.eyeLine + 4);
  if (stage === 4) crown(scene, ['.hh..hh.', 'cccccccc', '.cchhcc.', '...cc...'], body.headBottom + 3);
}

function bloom(scene: Scene): void {
  const { body, stage, turn } = scene;
  const y = body.headTop + 2;
  if (stage === 2) {
    const n = 2 + (turn & 1);
    scene.canvas.stamp(LEAF, MIDDLE - n - 9, y - 2, INKS);
    scene.canvas.stamp(BLOSSOM, MIDDLE - n - 7, y - 4, INKS);
    return;
  }
  pair(scene, FLOWER, 3, y);
  crown(scene, ['..aa..', '.alla.', 'alwwla', '.alla.', 'ggaagg'], body.headTop + 1);
  if (stage === 4) pair(scene, FLOWER, 7, y + 2);
  crown(scene, ['gg.aa.gg', '.gallag.', '...aa...'], body.headBottom + 2);
}

function thorn(scene: Scene): void {
  const { body, stage, turn } = scene;
  const n = 2 + (turn & 1);
  if (stage === 2) pair(scene, HORN_SIDE, n, topOver(body, n, 2) + 2);
  else pair(scene, HORN_LONG, n, Math.max(body.headTop + 2, 7));
  if (stage === 4) crown(scene, ['..aa..', '..la..', '.laas.', '.laas.', '..as..'], body.headTop + 1);
  claws(scene);
}

/** Claws at the feet. */
function claws({ canvas, body, stage }: Scene): void {
  const y = body.bodyBottom;
  for (const n of stage > 2 ? [3, 5] : [4]) canvas.both(MIDDLE - 1 - n, y, Ink.accentLight);
}

function stone(scene: Scene): void {
  const { body, stage, turn } = scene;
  crown(scene, PLATE, body.headTop + 2);
  crown(scene, stage > 2 ? CRYSTAL_TALL : CRYSTAL, body.headTop + 1);
  if (stage === 2) return;
  crown(scene, GEM, body.chest + 3);
  if (stage === 3) return;
  pair(scene, ['.l..', 'laa.', 'laas', '.aas'], 4 + (turn & 1), body.headTop + 2);
  pair(scene, SHOULDER, Math.max(3, body.bodyWide - 3), body.chest);
}

function heart(scene: Scene): void {
  const { body, stage, turn } = scene;
  const y = body.headTop + 1;
  pair(scene, ANTENNA, stage === 4 ? 4 : 1 + (turn & 1), Math.max(y, 6));
  crown(scene, HEART_SMALL, body.chest + 2);
  if (stage === 4) crown(scene, HEART_EVEN, y);
}
