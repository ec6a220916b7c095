import type { Plan } from '../plan.ts';
import type { Genesis } from './chain.ts';
import { codeHash } from './codeHash.ts';

/** What of a plan goes into the proof. */
export function genesisOf(plan: Plan, opponents: string[]): Omit<Genesis, 'format' | 'state'> {
  const { behavior, engine, parent, data } = plan;
  const { critic, klAnchor } = behavior.ppo;
  return {
    code: codeHash(),
    behavior: behavior.hash,
    seed: behavior.seed,
    data,
    opponents,
    parent: parent?.id ?? null,
    critic,
    klAnchor,
    engine,
  };
}
