import { BRANCH_COUNT, type GrowthRule } from '#shared/growth/index.ts';

/** Where a rule's stages stand in its graph. */
export interface Place {
  readonly stage: number;
  readonly branch: number;
  readonly x: number;
  readonly y: number;
}

export interface Edge {
  readonly from: Place;
  readonly to: Place;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  readonly places: readonly Place[];
  readonly edges: readonly Edge[];
  /** Edges leave to the right, or downwards. */
  readonly across: boolean;
}

/**
 * The graph of a rule: one trunk up to where branches open, then a lane for each branch. It goes across wide screens and
 * down narrow ones.
 */
export function layoutOf({ steps, branchStage }: GrowthRule, across: boolean): Layout {
  const last = steps.length;
  const [length, breadth, radius] = across ? [1_040, 580, 42] : [142 * last + 130, 380, 34];
  const along = (stage: number) =>
    across ? 70 + (stage * (length - 150)) / Math.max(1, last) : 56 + stage * 142;
  const beside = (branch: number) =>
    branch === 0 ? breadth / 2 : breadth / 2 + (branch - 1 - (BRANCH_COUNT - 1) / 2) * (across ? 138 : 92);
  const at = (stage: number, branch: number): Place =>
    across
      ? { stage, branch, x: along(stage), y: beside(branch) - 16 }
      : { stage, branch, x: beside(branch), y: along(stage) };
  const opens = branchStage > 0 && branchStage <= last ? branchStage : last + 1;
  const places: Place[] = [];
  const edges: Edge[] = [];
  for (let stage = 0; stage <= last; stage++) {
    const branches = stage < opens ? [0] : [1, 2, 3, 4];
    for (const branch of branches) {
      const to = at(stage, branch);
      places.push(to);
      if (stage > 0) edges.push({ from: at(stage - 1, stage - 1 < opens ? 0 : branch), to });
    }
  }
  return {
    width: across ? length : breadth,
    height: across ? breadth : length,
    radius,
    places,
    edges,
    across,
  };
}

/** A smooth line from one place to another. */
export function pathOf({ from, to }: Edge, across: boolean): string {
  const middle = across ? (from.x + to.x) / 2 : (from.y + to.y) / 2;
  return across
    ? `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`
    : `M${from.x} ${from.y}C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${to.y}`;
}
