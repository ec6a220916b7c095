import { EVOLUTION_ERRORS } from '../client/index.ts';
import type { Outcome } from './svm.ts';

/** The name of the evolution program's refusal, or whatever else ended the transaction; null: nothing did. */
export function refusal(outcome: Outcome): string | number | null {
  if (typeof outcome.error !== 'number') return outcome.error;
  return EVOLUTION_ERRORS.get(outcome.error)?.name ?? outcome.error;
}
