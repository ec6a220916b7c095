import { faceOf } from './face.ts';
import { Gene, PATTERNS } from './genes.ts';
import { coatOf } from './palette.ts';
import { BRANCHES, checkConditions, STAGES } from './types.ts';

export const TEMPERAMENTS = [
  'gentle',
  'bold',
  'curious',
  'sleepy',
  'proud',
  'playful',
  'wary',
  'loyal',
  'stubborn',
  'merry',
  'quiet',
  'fierce',
  'dreamy',
  'clever',
  'patient',
  'restless',
] as const;

/** What a person would say of a symbiont at sight. */
export interface Traits {
  readonly element: string;
  readonly temperament: string;
  readonly coat: string;
  readonly patch: string;
  readonly pattern: string;
  readonly eyes: string;
  readonly mouth: string;
  readonly stage: string;
  readonly branch: string;
  /** A line such as "a merry moss sprout of the stone branch, fern of coat". */
  readonly line: string;
}

/**
 * The traits of a genome at a stage and branch; all but the last three never change in a life.
 * @throws ArtError when a condition is out of range
 */
export function describe(genome: Uint8Array, stage: number, branch: number): Traits {
  checkConditions({ genome, stage, branch });
  const temperament = TEMPERAMENTS[genome[Gene.temperament] & 15];
  const colours = coatOf(genome);
  const of = branch === 0 ? '' : ` of the ${BRANCHES[branch]} branch`;
  return {
    ...colours,
    ...faceOf(genome),
    temperament,
    pattern: PATTERNS[genome[Gene.pattern] % PATTERNS.length],
    stage: STAGES[stage],
    branch: BRANCHES[branch],
    line: `${/^[aeiou]/.test(temperament) ? 'an' : 'a'} ${temperament} ${colours.element} ${STAGES[stage]}${of}, ${colours.coat} of coat`,
  };
}
