import { z } from 'zod';
import { CRYSTAL, FRUIT, TILE } from './balance.ts';
import {
  buildTerrain,
  type Camp,
  MAP_LIMITS,
  MapError,
  type Place,
  type Stall,
  type Terrain,
  type TerrainSource,
} from './terrain.ts';

const Property = z.object({ name: z.string(), value: z.unknown() });
const Tileset = z.object({
  firstgid: z.int().min(1),
  tilecount: z.int().min(1).max(4096),
  tiles: z.array(z.object({ id: z.int().min(0), properties: z.array(Property).optional() })).optional(),
});
const TileLayer = z.object({ type: z.literal('tilelayer'), name: z.string(), data: z.array(z.int().min(0)) });
const Point = z.object({
  name: z.string().optional(),
  type: z.string().optional(),
  class: z.string().optional(),
  x: z.number(),
  y: z.number(),
  properties: z.array(Property).optional(),
});
const ObjectLayer = z.object({
  type: z.literal('objectgroup'),
  name: z.string(),
  objects: z.array(Point).max(2000),
});
const TiledMap = z.object({
  orientation: z.literal('orthogonal'),
  infinite: z.literal(false).optional(),
  width: z.int().min(MAP_LIMITS.minSide).max(MAP_LIMITS.side),
  height: z.int().min(MAP_LIMITS.minSide).max(MAP_LIMITS.side),
  tilewidth: z.int().min(1).max(256),
  tileheight: z.int().min(1).max(256),
  tilesets: z.array(Tileset).min(1).max(16),
  layers: z
    .array(z.union([TileLayer, ObjectLayer, z.object({ type: z.string(), name: z.string() })]))
    .max(32),
});

const GROUNDS: Record<string, number> = { grass: 0, sand: 1, path: 2 };
/** Tiled keeps flips and rotations in the top bits of a tile's number. */
const GID_MASK = 0x1fffffff;

/**
 * Reads a Tiled map (JSON, https://doc.mapeditor.org/en/stable/reference/json-map-format/): a tile layer `ground`
 * whose tiles have a property `terrain` (grass, sand, path, water), a tile layer `obstacles` whose tiles may have
 * `solid`, and an object layer `places` with points of class `camp`, `fruit`,
 * `crystal`, `stall` (a market, with properties `fruit` and `crystal`) and `place` (a name that inhabitants use).
 * @throws MapError naming the field that is wrong.
 */
export function parseMap(json: unknown): Terrain {
  const parsed = TiledMap.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new MapError(`${issue.path.join('.') || 'map'}: ${issue.message}`);
  }
  const map = parsed.data;
  const tiles = map.width * map.height;
  const properties = tileProperties(map.tilesets);
  const layer = (name: string) => {
    const found = map.layers.find((l) => l.name === name && l.type === 'tilelayer') as
      | z.infer<typeof TileLayer>
      | undefined;
    if (!found) throw new MapError(`layers: the tile layer "${name}" is missing`);
    if (found.data?.length !== tiles)
      throw new MapError(`layers.${name}.data: ${found.data?.length} tiles, the map has ${tiles}`);
    return found.data;
  };

  const source: Required<TerrainSource> = {
    width: map.width,
    height: map.height,
    ground: new Uint8Array(tiles),
    blocked: new Uint8Array(tiles),
    camps: [],
    nodes: [],
    stalls: [],
    places: [],
  };
  const ground = layer('ground');
  const obstacles = layer('obstacles');
  for (let t = 0; t < tiles; t++) {
    const terrain = properties.get(ground[t] & GID_MASK)?.get('terrain');
    if (terrain === 'water') source.blocked[t] = 1;
    else if (typeof terrain === 'string' && terrain in GROUNDS) source.ground[t] = GROUNDS[terrain];
    else
      throw new MapError(
        `layers.ground.data[${t}]: tile ${ground[t]} has no terrain of grass, sand, path, water`,
      );
    if (obstacles[t] !== 0 && properties.get(obstacles[t] & GID_MASK)?.get('solid') === true)
      source.blocked[t] = 1;
    if (source.blocked[t]) source.ground[t] = 0;
  }
  readPlaces(map, source);
  return buildTerrain(source);
}

function tileProperties(tilesets: z.infer<typeof Tileset>[]): Map<number, Map<string, unknown>> {
  const all = new Map<number, Map<string, unknown>>();
  for (const set of tilesets)
    for (const tile of set.tiles ?? [])
      all.set(set.firstgid + tile.id, new Map((tile.properties ?? []).map((p) => [p.name, p.value])));
  return all;
}

function readPlaces(map: z.infer<typeof TiledMap>, source: Required<TerrainSource>): void {
  const places = map.layers.find((l) => l.name === 'places' && l.type === 'objectgroup') as
    | z.infer<typeof ObjectLayer>
    | undefined;
  if (!places) throw new MapError('layers: the object layer "places" is missing');
  places.objects.forEach((point, i) => {
    const kind = point.class || point.type;
    const tileX = Math.floor(point.x / map.tilewidth);
    const tileY = Math.floor(point.y / map.tileheight);
    if (!(tileX >= 0 && tileY >= 0 && tileX < map.width && tileY < map.height))
      throw new MapError(`places.objects[${i}]: ${point.x},${point.y} lies outside the map`);
    if (kind === 'fruit' || kind === 'crystal')
      source.nodes.push({ kind: kind === 'fruit' ? FRUIT : CRYSTAL, tileX, tileY });
    else if (kind === 'camp') source.camps.push(campOf(point, tileX, tileY, i));
    else if (kind === 'stall') source.stalls.push(stallOf(point, tileX, tileY, i));
    else if (kind === 'place') source.places.push(placeOf(point, tileX, tileY, i));
  });
}

/** Letters and single blanks: such a name is shown to people and stands in the chronicle. */
const PLACE_NAME = /^\p{L}+(?:[ '’-]\p{L}+)*$/u;

function placeOf(point: z.infer<typeof Point>, tileX: number, tileY: number, i: number): Place {
  const name = point.name ?? '';
  if (name.length > 32 || !PLACE_NAME.test(name))
    throw new MapError(`places.objects[${i}].name: "${name}", must be 1..32 letters and single blanks`);
  return { name, x: tileX * TILE + TILE / 2, y: tileY * TILE + TILE / 2 };
}

function stallOf(point: z.infer<typeof Point>, tileX: number, tileY: number, i: number): Stall {
  const amount = (kind: string) => {
    const value = point.properties?.find((p) => p.name === kind)?.value;
    if (!Number.isInteger(value))
      throw new MapError(`places.objects[${i}].${kind}: ${value}, must be a whole number`);
    return value as number;
  };
  return { ...placeOf(point, tileX, tileY, i), base: [amount('fruit'), amount('crystal')] };
}

function campOf(point: z.infer<typeof Point>, tileX: number, tileY: number, i: number): Camp {
  const radius = Number(point.properties?.find((p) => p.name === 'radius')?.value ?? 3);
  if (!(radius >= 1 && radius <= MAP_LIMITS.campRadius))
    throw new MapError(`places.objects[${i}].radius: ${radius}, must be 1..${MAP_LIMITS.campRadius} tiles`);
  return {
    name: point.name ?? '',
    x: tileX * TILE + TILE / 2,
    y: tileY * TILE + TILE / 2,
    radius: Math.floor(radius * TILE),
  };
}
