import { StudioDraft } from '#shared/protocol/studio.ts';
import { type Draft, licenceId } from '../draft.ts';
import { branchName, stageName } from '../names.ts';

export const LAMPORTS = 1_000_000_000;

/**
 * The draft as the server takes it.
 * @param creator whom royalties go to
 * @param model id of the art model; null: the world's own
 */
export function toServer(draft: Draft, creator: string, model: string | null): unknown {
  const named = [...draft.stages, ...draft.branches].some((name) => name.trim() !== '');
  const points = Math.round(draft.royalties * 100);
  return {
    name: draft.name,
    symbol: draft.symbol,
    description: draft.description,
    traits: named
      ? {
          stages: draft.stages.map((_, i) => stageName(draft, i)),
          branches: draft.branches.map((_, i) => branchName(draft, i + 1)),
        }
      : null,
    model,
    licence: licenceId(draft),
    rule: draft.rule,
    supply: draft.supply,
    price: Math.round(draft.price * LAMPORTS),
    royalties: points > 0 ? { basisPoints: points, shares: [{ address: creator, percentage: 100 }] } : null,
    dailyCap: draft.dailyCap,
  };
}

/** Any address, so that a draft can be looked at before one has signed in. */
const SOMEBODY = '11111111111111111111111111111111';

/** What the server would refuse, by field. */
export function draftProblems(draft: Draft): Map<string, string> {
  const result = StudioDraft.safeParse(toServer(draft, SOMEBODY, null));
  const problems = new Map<string, string>();
  if (result.success) return problems;
  for (const { path, message } of result.error.issues) {
    const field = String(path[0] ?? '');
    if (!problems.has(field)) problems.set(field, message);
  }
  return problems;
}

/** SOL as people write it: no more digits than it has. */
export function sol(lamports: number): string {
  const text = (lamports / LAMPORTS).toFixed(9).replace(/0+$/, '').replace(/\.$/, '');
  return `${text} SOL`;
}

/** An address where there is little room. */
export const short = (address: string): string => `${address.slice(0, 5)}…${address.slice(-5)}`;
