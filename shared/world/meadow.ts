import { CRYSTAL, FRUIT, TILE } from './balance.ts';
import { buildTerrain, type Terrain } from './terrain.ts';

/**
 * A small real place for tests and examples: 32 × 32 tiles of grass with a sandy corner, a path, a wall with a gap,
 * three camps and four places where something grows.
 */
export function meadow(): Terrain {
  const width = 32;
  const height = 32;
  const ground = new Uint8Array(width * height);
  const blocked = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (x > 22 && y > 22) ground[y * width + x] = 1;
      if (y === 8) ground[y * width + x] = 2;
      if (x === 16 && y !== 8 && y !== 24) blocked[y * width + x] = 1;
    }
  const centre = (tile: number) => tile * TILE + TILE / 2;
  return buildTerrain({
    width,
    height,
    ground,
    blocked,
    camps: [
      { name: 'village', x: centre(5), y: centre(26), radius: 3 * TILE },
      { name: 'foragers', x: centre(6), y: centre(6), radius: 3 * TILE },
      { name: 'raiders', x: centre(26), y: centre(6), radius: 3 * TILE },
    ],
    nodes: [
      { kind: FRUIT, tileX: 10, tileY: 10 },
      { kind: FRUIT, tileX: 12, tileY: 20 },
      { kind: CRYSTAL, tileX: 12, tileY: 12 },
      { kind: CRYSTAL, tileX: 22, tileY: 16 },
    ],
    stalls: [
      { name: 'South stall', x: centre(10), y: centre(26), base: [6, 4] },
      { name: 'North stall', x: centre(11), y: centre(5), base: [20, 16] },
    ],
    places: [
      { name: 'the gap', x: centre(16), y: centre(8) },
      { name: 'the hole', x: centre(16), y: centre(24) },
    ],
  });
}
