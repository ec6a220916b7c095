import { automaton } from './automaton.ts';
import type { Family } from './family.ts';
import { masked } from './masked.ts';
import { gaussianVae } from './vae.ts';

/** The families that the art model is compared with. */
export const FAMILIES: readonly Family[] = [gaussianVae(false), masked, automaton, gaussianVae(true)];

/** @throws Error when there is no such family */
export function familyOf(name: string): Family {
  const found = FAMILIES.find((one) => one.name === name);
  if (!found)
    throw new Error(`family must be one of ${FAMILIES.map((one) => one.name).join(', ')}, got ${name}`);
  return found;
}
