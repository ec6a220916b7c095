import { BRANCHES, STAGES } from '#shared/art/types.ts';
import type { Draft } from './draft.ts';

/** What the creator calls a stage (0..4), or the world's word for it. */
export const stageName = ({ stages }: Draft, stage: number): string => stages[stage]?.trim() || STAGES[stage];
/** What the creator calls a branch (1..4), or the world's word for it. */
export const branchName = ({ branches }: Draft, branch: number): string =>
  branches[branch - 1]?.trim() || BRANCHES[branch];
