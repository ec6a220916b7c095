import { FIELDS } from '#shared/art/decoder.ts';
import { PATTERNS, SHAPES } from '#shared/art/genes.ts';

/**
 * The body-plan grammar that the first art model is fitted to: signed distances (in pixels, positive
 * inside) of a small companion seen from the front. Training code: floats are fine here.
 */

export interface Plan {
  /** 0..1 each, in the order of `SHAPES`. */
  readonly shapes: readonly number[];
  readonly tail: number;
  readonly phase: number;
  readonly pattern: number;
  readonly stage: number;
  readonly branch: number;
}

/** Distances further from an edge than this teach nothing. */
export const REACH = 3;

interface Pose {
  headX: number;
  headY: number;
  headAt: number;
  bodyX: number;
  bodyY: number;
  bodyAt: number;
  ears: number;
  limbs: number;
  tail: number;
}

/** The mean body of each stage: half-sizes and centres in pixels, y downward. */
const STAGE_POSES: readonly Pose[] = [
  { headX: 7.3, headY: 8.1, headAt: 21.5, bodyX: 5.5, bodyY: 4, bodyAt: 25, ears: 0, limbs: 0, tail: 0 },
  {
    headX: 8.3,
    headY: 7.1,
    headAt: 20.5,
    bodyX: 6,
    bodyY: 4,
    bodyAt: 25.5,
    ears: 0.5,
    limbs: 0.8,
    tail: 0.5,
  },
  {
    headX: 8.4,
    headY: 6.9,
    headAt: 19,
    bodyX: 5,
    bodyY: 4.2,
    bodyAt: 25.6,
    ears: 0.75,
    limbs: 0.85,
    tail: 0.8,
  },
  { headX: 9, headY: 7.3, headAt: 16.6, bodyX: 6, bodyY: 5.4, bodyAt: 24.6, ears: 1, limbs: 1, tail: 1 },
  {
    headX: 9.9,
    headY: 7.9,
    headAt: 14.9,
    bodyX: 7.4,
    bodyY: 6.4,
    bodyAt: 23.8,
    ears: 1.15,
    limbs: 1.15,
    tail: 1.2,
  },
];

/** Multipliers of a branch: head, body width, body height, ear length, limbs. */
const BRANCH_SHAPES: readonly (readonly number[])[] = [
  [1, 1, 1, 1, 1],
  [1.03, 1.02, 1, 0.9, 0.95],
  [0.96, 0.9, 1.03, 1.15, 1.05],
  [1, 1.15, 1, 0.75, 1.25],
  [1.06, 0.96, 0.97, 1.1, 1],
];

const mix = (from: number, to: number, t: number) => from + (to - from) * t;

function ellipse(x: number, y: number, cx: number, cy: number, rx: number, ry: number): number {
  const k = Math.sqrt(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2);
  return (1 - k) * Math.min(rx, ry);
}

/** A limb from (ax, ay) to (bx, by), of radius `ra` there and `rb` at its end. */
function limb(
  x: number,
  y: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  ra: number,
  rb: number,
): number {
  const dx = bx - ax;
  const dy = by - ay;
  const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return mix(ra, rb, t) - Math.sqrt((x - ax - dx * t) ** 2 + (y - ay - dy * t) ** 2);
}

/** The fields at (x, y): x the distance from the axis (0.5..15.5), y from the top, in pixels. Order of `FIELDS`. */
export function teach(plan: Plan, x: number, y: number): number[] {
  const gene = (name: (typeof SHAPES)[number]) => plan.shapes[SHAPES.indexOf(name)];
  const pose = STAGE_POSES[plan.stage];
  const grown = plan.stage / 4;
  const [bHead, bWidth, bHeight, bEars, bLimbs] = BRANCH_SHAPES[plan.branch].map((v) => mix(1, v, grown));

  const headX = pose.headX * bHead * mix(0.88, 1.13, gene('headWidth'));
  const headY = pose.headY * bHead * mix(0.9, 1.12, gene('headHeight'));
  const headAt = plan.stage < 2 ? 29.6 - headY : pose.headAt;
  const pear = mix(-0.1, 0.22, gene('headPear')) + (plan.stage === 0 ? 0.12 : 0);
  const headWide = headX * (1 + (pear * (y - headAt)) / headY);
  const head = ellipse(x, y, 0, headAt, Math.max(headX * 0.5, headWide), headY);

  const bodyX = pose.bodyX * bWidth * mix(0.84, 1.18, gene('bodyWidth'));
  const bodyY = pose.bodyY * bHeight * mix(0.94, 1.1, gene('bodyHeight'));
  const bodyWide = bodyX * Math.max(0.55, 1 + (0.24 * (y - pose.bodyAt)) / bodyY);
  const body = ellipse(x, y, 0, Math.min(pose.bodyAt, 29.8 - bodyY), bodyWide, bodyY);

  const earAngle = mix(0.36, 1.3, gene('earAngle'));
  const sin = Math.sin(earAngle);
  const cos = Math.cos(earAngle);
  const earLength = mix(3.6, 11.5, gene('earLength')) * pose.ears * bEars;
  const earX = sin * headX * 0.78;
  const earY = headAt - cos * headY * 0.78;
  // wide-set ears droop, so that long ones stay on the canvas
  const tipX = Math.min(13.8, earX + Math.sin(earAngle * 0.75) * earLength);
  const tipY = Math.max(2.2, earY - (cos - (earAngle > 1 ? (earAngle - 1) * 3.4 : 0)) * earLength);
  const earBase = mix(1.7, 3.2, gene('earWidth')) * mix(0.75, 1, pose.ears);
  const earTip = mix(0.2, 3, gene('earTip')) * mix(0.7, 1, pose.ears);
  const ears = plan.stage === 0 ? -REACH : limb(x, y, earX, earY, tipX, tipY, earBase, earTip);

  const spread = mix(2.6, 4.6, gene('feetSpread')) * mix(0.9, 1.2, grown);
  const size = pose.limbs * bLimbs;
  const foot = ellipse(x, y, spread, 29.6 - 1.5 * size, 2.7 * size, 1.9 * size);
  const arm =
    plan.stage < 2 ? -REACH : ellipse(x, y, bodyX * 0.98, pose.bodyAt - 0.2, 1.5 * size, 2.2 * size);
  const limbs = plan.stage === 0 ? -REACH : Math.max(foot, arm);

  const muzzle = ellipse(x, y, 0, headAt + headY * 0.48, headX * 0.5, headY * 0.42);
  const belly = ellipse(x, y, 0, pose.bodyAt + 1.2, bodyX * 0.62, bodyY * 0.72);
  const patch =
    plan.stage < 2
      ? ellipse(x, y, 0, headAt + headY * 0.62, headX * 0.46, headY * 0.36)
      : Math.max(muzzle, belly);

  const light =
    head > -0.5 || plan.stage < 2
      ? shine(x, y, headAt, headX, headY)
      : shine(x, y, pose.bodyAt + 0.5, bodyX, bodyY) - 0.5;
  const tailFromX = bodyX * 0.7;
  const tailFromY = pose.bodyAt + bodyY * 0.35;
  const tailLength = mix(4.5, 8.5, plan.tail) * pose.tail;
  const tail =
    plan.stage === 0
      ? -REACH
      : limb(
          x,
          y,
          tailFromX,
          tailFromY,
          Math.min(13.6, tailFromX + tailLength),
          tailFromY - tailLength * 0.75,
          1.7,
          mix(3, 1.3, plan.tail),
        );

  const fields: Record<(typeof FIELDS)[number], number> = {
    head,
    body: plan.stage < 2 ? -REACH : body,
    ears,
    limbs,
    patch,
    pattern: coat(plan, x, y, headAt, headX, headY),
    light,
    tail,
  };
  return FIELDS.map((name) => Math.max(-REACH, Math.min(REACH, fields[name])));
}

/** Light from above: positive on top, negative below and at the rim. */
function shine(x: number, y: number, at: number, rx: number, ry: number): number {
  const dx = x / rx;
  const dy = (y - at) / ry;
  return -2.3 * dy - 1.1 * dx * dx - 0.9 * dy * dy + 0.5;
}

function coat(plan: Plan, x: number, y: number, headAt: number, headX: number, headY: number): number {
  const phase = plan.phase;
  switch (PATTERNS[plan.pattern]) {
    case 'cap':
      return headAt - headY * mix(0.25, 0.6, phase) - y + x * 0.12;
    case 'stripes':
      return Math.min(1.1 - Math.abs(((y + 40) % 8) - 4), (x - headX * mix(0.35, 0.6, phase)) * 1.2);
    case 'spots': {
      const u = Math.abs(((x * 2) % 16) - 8) / 8;
      const v = Math.abs(((y * 2) % 16) - 8) / 8;
      return (Math.min(u, v) - mix(0.62, 0.5, phase)) * 5;
    }
    case 'mask':
      return ellipse(x, y, headX * 0.45, headAt + 0.5, mix(2.6, 4.2, phase), 3.2);
    case 'dipped':
      return y - mix(25, 21, phase) - x * 0.1;
    default:
      return -REACH;
  }
}
