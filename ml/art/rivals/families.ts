import { automaton } from './automaton.ts';
import type { Family } from './family.ts';
import { masked } from './masked.ts';
import { gaussianVae } from './vae.ts';

/** The families that the art model is compared with. */
export const FAMILIES: readonly Family[] = [
  gaussianVae({ name: 'vae', title: 'Gaussian VAE', width: 60, regress: false }),
  gaussianVae({ name: 'vae-large', title: 'Gaussian VAE, larger', width: 192, regress: false }),
  masked,
  automaton,
  gaussianVae({ name: 'rgb', title: 'RGB, quantised after', width: 60, regress: true }),
];

/** @throws Error when there is no such family */
export function familyOf(name: string): Family {
  const found = FAMILIES.find((one) => one.name === name);
  if (!found)
    throw new Error(`family must be one of ${FAMILIES.map((one) => one.name).join(', ')}, got ${name}`);
  return found;
}
