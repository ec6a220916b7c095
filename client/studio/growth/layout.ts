import { BRANCH_COUNT, type GrowthRule } from '#shared/growth/index.ts';

/** Where a rule's stages stand in its graph. */
export interface Place {
  readonly stage: number;
  readonly branch: number;
  readonly x: number;
  readonly y: number;
}

/** Names a place. */
export const placeKey = ({ stage, branch }: Pick<Place, 'stage' | 'branch'>): string => `${stage}.${branch}`;

export interface Edge {
  readonly from: Place;
  readonly to: Place;
}

/** What a place takes with the two lines of text below it. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  readonly room: Room;
  /** What is left below the lowest place. */
  readonly margin: number;
  /** Where the middle of a place may be. */
  readonly frame: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
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
  const [length, breadth, radius] = across ? [1_040, 580, 42] : [142 * last + 138, 380, 34];
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
  const [width, height] = across ? [length, breadth] : [breadth, length];
  const room = { width: across ? 136 : 84, height: 2 * radius + 44 };
  const margin = radius + (across ? 46 : 48);
  const side = room.width / 2 + (across ? 2 : 4);
  return {
    width,
    height,
    radius,
    room,
    margin,
    frame: { left: side, right: width - side, top: radius + 8, bottom: height - margin },
    places,
    edges,
    across,
  };
}

/** A smooth line from one place to another: it leaves and arrives in the graph's direction, wherever the two stand. */
export function pathOf({ from, to }: Edge, across: boolean): string {
  const handle = Math.max(LEAST_HANDLE, Math.abs(across ? to.x - from.x : to.y - from.y) / 2);
  const [dx, dy] = across ? [handle, 0] : [0, handle];
  const points = [from.x + dx, from.y + dy, to.x - dx, to.y - dy, to.x, to.y];
  return `M${short(from.x)} ${short(from.y)}C${points.map(short).join(' ')}`;
}

const LEAST_HANDLE = 46;
const short = (value: number): number => Math.round(value * 10) / 10;
