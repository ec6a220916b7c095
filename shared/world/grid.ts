import { BALANCE, TILE } from './balance.ts';

/** Cells as wide as one sees, so that everyone in sight stands in the nine cells around. */
const CELL_SHIFT = 32 - Math.clz32(BALANCE.sight - 1);

/** Who stands where: linked lists per cell, rebuilt in each step. Derived from positions, no part of the state. */
export class Grid {
  readonly columns: number;
  readonly rows: number;
  readonly first: Int16Array;
  readonly next: Int16Array;

  constructor(width: number, height: number, capacity: number) {
    this.columns = ((width * TILE - 1) >> CELL_SHIFT) + 1;
    this.rows = ((height * TILE - 1) >> CELL_SHIFT) + 1;
    this.first = new Int16Array(this.columns * this.rows);
    this.next = new Int16Array(capacity);
  }

  /** Sorts everyone of status `wanted`; within a cell the lowest index comes first. */
  build(status: Int32Array, wanted: number, x: Int32Array, y: Int32Array): void {
    this.first.fill(-1);
    for (let i = status.length - 1; i >= 0; i--) {
      if (status[i] !== wanted) continue;
      const cell = (y[i] >> CELL_SHIFT) * this.columns + (x[i] >> CELL_SHIFT);
      this.next[i] = this.first[cell];
      this.first[cell] = i;
    }
  }

  column(x: number): number {
    return x >> CELL_SHIFT;
  }
}
