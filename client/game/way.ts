import { BALANCE, DIR_X, DIR_Y, directionOf, type Terrain } from '#shared/world/index.ts';

/** So near its middle, in 1/256 tile on each axis, a walk to a tile ends: less than a step lies between. */
const ARRIVED = 32;

/**
 * The way to a tile on foot, for click-to-walk: steps from everywhere to the target by breadth first search over
 * eight neighbours (a diagonal needs both its sides free). Made once per click.
 */
export class Way {
  private readonly steps: Uint16Array;
  private readonly terrain: Terrain;
  readonly tile: number;

  constructor(terrain: Terrain, tileX: number, tileY: number) {
    this.terrain = terrain;
    const { width, height, blocked } = terrain;
    this.tile = tileY * width + tileX;
    this.steps = new Uint16Array(width * height).fill(0xffff);
    const queue = [this.tile];
    this.steps[this.tile] = 0;
    for (let head = 0; head < queue.length; head++) {
      const at = queue[head];
      const x = at % width;
      const y = (at - x) / width;
      for (let d = 0; d < 8; d++) {
        const to = at + DIR_Y[d] * width + DIR_X[d];
        if (x + DIR_X[d] < 0 || x + DIR_X[d] >= width || y + DIR_Y[d] < 0 || y + DIR_Y[d] >= height) continue;
        if (blocked[to] || this.steps[to] !== 0xffff) continue;
        if (d & 1 && (blocked[at + DIR_X[d]] || blocked[at + DIR_Y[d] * width])) continue;
        this.steps[to] = this.steps[at] + 1;
        queue.push(to);
      }
    }
  }

  /** Steps left from a position in 1/256 tile; Infinity where no way leads. */
  left(x: number, y: number): number {
    const n = this.steps[(y >> 8) * this.terrain.width + (x >> 8)];
    return n === 0xffff ? Infinity : n;
  }

  /** The direction (0..7) to walk now, or -1 at the middle of the goal's tile or where no way leads. */
  direction(x: number, y: number): number {
    const { width, blocked } = this.terrain;
    const tx = x >> 8;
    const ty = y >> 8;
    const at = ty * width + tx;
    const here = this.steps[at];
    if (here === 0xffff) return -1;
    if (here === 0) {
      const [dx, dy] = [tx * 256 + 128 - x, ty * 256 + 128 - y];
      return Math.max(Math.abs(dx), Math.abs(dy)) <= ARRIVED ? -1 : directionOf(dx, dy, 0);
    }
    let best = -1;
    let fewest = here;
    for (let d = 0; d < 8; d++) {
      const to = at + DIR_Y[d] * width + DIR_X[d];
      if (this.steps[to] >= fewest) continue;
      if (d & 1 && (blocked[at + DIR_X[d]] || blocked[at + DIR_Y[d] * width])) continue;
      best = d;
      fewest = this.steps[to];
    }
    if (best < 0) return -1;
    // Walk at the middle of the next tile, so that corners are passed without rubbing along them.
    const dx = (tx + DIR_X[best]) * 256 + 128 - x;
    const dy = (ty + DIR_Y[best]) * 256 + 128 - y;
    return this.clear(tx, ty, best, dx, dy) ? directionOf(dx, dy, best) : aside(best, dx, dy);
  }

  /** Whether the body, as far off the middle of its row or column as it is, fits past what stands beside the next tile. */
  private clear(tx: number, ty: number, direction: number, dx: number, dy: number): boolean {
    if (direction & 1) return true;
    const { width, blocked } = this.terrain;
    const off = DIR_X[direction] !== 0 ? -dy : -dx;
    if (Math.abs(off) <= 128 - BALANCE.bodyHalf - 2) return true;
    const sideX = tx + (DIR_X[direction] !== 0 ? DIR_X[direction] : Math.sign(off));
    const sideY = ty + (DIR_Y[direction] !== 0 ? DIR_Y[direction] : Math.sign(off));
    return blocked[sideY * width + sideX] === 0;
  }
}

/** The direction straight back to the middle of the row or column along which one walks. */
function aside(direction: number, dx: number, dy: number): number {
  if (DIR_X[direction] !== 0) return dy > 0 ? 2 : 6;
  return dx > 0 ? 0 : 4;
}
