import { Ink } from '../types.ts';
import { forwardGrid, type GridNetwork, type GridShape, logitAt, logitCount, ROLES } from './network.ts';

const buffers = new WeakMap<GridNetwork, Int32Array>();

/** The network's logits for these inputs, in a buffer that the next call overwrites. */
export function logitsOf(network: GridNetwork, inputs: Uint8Array): Int32Array {
  let logits = buffers.get(network);
  if (!logits) {
    logits = new Int32Array(logitCount(network.shape));
    buffers.set(network, logits);
  }
  forwardGrid(network, inputs, logits);
  return logits;
}

/** Roles a body is painted in: the face, the outline around it and the markings come later. */
const BODY = Array.from({ length: ROLES }, (_, ink) => ink).filter(
  (ink) => ink !== Ink.eye && ink !== Ink.iris && ink !== Ink.white && ink !== Ink.mark,
);
/** What a whole drawing may have; markings are written later. */
const WHOLE = Array.from({ length: ROLES }, (_, ink) => ink).filter((ink) => ink !== Ink.mark);

/**
 * Makes logits symmetric about the middle, by sums, but for what lies low and far out: a tail shows on one side only.
 * Changes `logits`.
 */
export function mirrorLogits(shape: GridShape, logits: Int32Array): void {
  const { size } = shape;
  const [low, far] = [(size * 18) >> 5, (size * 9) >> 5];
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size >> 1; x++) {
      if (y >= low && (size >> 1) - x > far) continue;
      const a = logitAt(shape, x, y);
      const b = logitAt(shape, size - 1 - x, y);
      for (let role = 0; role < ROLES; role++) {
        const sum = (logits[a + role] + logits[b + role]) >> 1;
        logits[a + role] = sum;
        logits[b + role] = sum;
      }
    }
}

/** Each pixel's role of the greatest logit, the lowest on a tie; `margin` pixels at the edges stay empty. */
export function rolesOf(shape: GridShape, logits: Int32Array, face: boolean, margin: number): Uint8Array {
  const { size } = shape;
  const roles = new Uint8Array(size * size);
  const allowed = face ? WHOLE : BODY;
  for (let y = margin; y < size - margin; y++)
    for (let x = margin; x < size - margin; x++) {
      const at = logitAt(shape, x, y);
      let best = 0;
      let most = logits[at];
      for (let i = 1; i < allowed.length; i++) {
        const role = allowed[i];
        if (logits[at + role] > most) {
          most = logits[at + role];
          best = role;
        }
      }
      roles[y * size + x] = best;
    }
  return roles;
}
