import { Ink } from '../types.ts';
import { forwardGrid, type GridNetwork, type GridShape, logitAt, logitCount, ROLES } from './network.ts';

/** What a network says of one creature: logits as `forwardGrid` gives them, mirrored where asked, and the roles. */
export interface Answer {
  /** Overwritten by the next call. */
  readonly logits: Int32Array;
  /** size², the caller's own */
  readonly roles: Uint8Array;
}

/** Another way to the same answer: the kernel's. */
export type Engine = (inputs: Uint8Array, body: boolean) => Answer;

const engines = new WeakMap<GridNetwork, Engine>();

/** From now on the network is run by `engine`, which must give the same answers. */
export function useEngine(network: GridNetwork, engine: Engine | undefined): void {
  if (engine) engines.set(network, engine);
  else engines.delete(network);
}

const buffers = new WeakMap<GridNetwork, Int32Array>();

/**
 * Runs the network and takes each pixel's role. `body`: a companion's, symmetric, without face, outline or anything at the
 * edges; else everything as it is drawn.
 */
export function answer(network: GridNetwork, inputs: Uint8Array, body: boolean): Answer {
  return engines.get(network)?.(inputs, body) ?? answerPlain(network, inputs, body);
}

/** The reference: plain integer JavaScript. */
export function answerPlain(network: GridNetwork, inputs: Uint8Array, body: boolean): Answer {
  let logits = buffers.get(network);
  if (!logits) {
    logits = new Int32Array(logitCount(network.shape));
    buffers.set(network, logits);
  }
  forwardGrid(network, inputs, logits);
  if (body) mirrorLogits(network.shape, logits);
  return { logits, roles: rolesOf(network.shape, logits, body) };
}

const but = (...inks: number[]) => inks.reduce((bits, ink) => bits & ~(1 << ink), 0xffff);
/** Roles a body is painted in, a bit each: the face and the markings come later. */
export const BODY = but(Ink.eye, Ink.iris, Ink.white, Ink.mark);
/** What a whole drawing may have; markings are written later. */
export const WHOLE = but(Ink.mark);
/** Pixels at the edges in which no body is. */
export const MARGIN = 1;

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

/** Each pixel's role of the greatest logit, the lowest on a tie. */
export function rolesOf(shape: GridShape, logits: Int32Array, body: boolean): Uint8Array {
  const { size } = shape;
  const roles = new Uint8Array(size * size);
  const allowed = Array.from({ length: ROLES }, (_, role) => role).filter(
    (role) => ((body ? BODY : WHOLE) >> role) & 1,
  );
  const margin = body ? MARGIN : 0;
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
