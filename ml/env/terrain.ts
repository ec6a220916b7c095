import { readFileSync } from 'node:fs';
import { parseMap, type Terrain } from '#shared/world/index.ts';

let hollow: Terrain | undefined;

/** The Hollow, the zone that brains are trained in. */
export function loadTerrain(): Terrain {
  hollow ??= parseMap(
    JSON.parse(readFileSync(new URL('../../assets/maps/hollow.json', import.meta.url), 'utf8')),
  );
  return hollow;
}
