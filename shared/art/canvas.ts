import { Ink, PIXELS, SIZE } from './types.ts';

/** A picture being painted: one palette index a pixel. Writes off the canvas are dropped. */
export class Canvas {
  readonly pixels = new Uint8Array(PIXELS);

  get(x: number, y: number): number {
    return x < 0 || y < 0 || x >= SIZE || y >= SIZE ? Ink.none : this.pixels[y * SIZE + x];
  }

  set(x: number, y: number, ink: number): void {
    if (x >= 0 && y >= 0 && x < SIZE && y < SIZE) this.pixels[y * SIZE + x] = ink;
  }

  /** Sets (x, y) and its mirror image. */
  both(x: number, y: number, ink: number): void {
    this.set(x, y, ink);
    this.set(SIZE - 1 - x, y, ink);
  }

  /**
   * Stamps rows of characters with their top left corner at (x, y); `inks` says what each character paints,
   * others leave what is there. `flip` mirrors the stamp in place, `under` paints only what is empty.
   */
  stamp(
    rows: readonly string[],
    x: number,
    y: number,
    inks: Readonly<Record<string, number>>,
    how: { flip?: boolean; under?: boolean } = {},
  ): void {
    rows.forEach((row, dy) => {
      for (let i = 0; i < row.length; i++) {
        const ink = inks[row[how.flip ? row.length - 1 - i : i]];
        if (ink === undefined || (how.under && this.get(x + i, y + dy) !== Ink.none)) continue;
        this.set(x + i, y + dy, ink);
      }
    });
  }
}
