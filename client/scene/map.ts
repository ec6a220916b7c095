/** What the page reads of the Tiled map beyond its rules: which picture lies where, which thing stands where. */
export interface MapPictures {
  width: number;
  height: number;
  /** Tileset indices per cell, row by row; -1 is none. */
  ground: number[][];
  decor: number[][];
  /** Things that stand on the map: their picture's name and the middle of their footprint's lower edge, in tiles. */
  objects: { name: string; x: number; y: number; w: number }[];
  /** The terrain names of cells, for shading and the small map. */
  terrain: string[];
  solid: boolean[];
}

interface Tiled {
  width: number;
  height: number;
  layers: { name: string; data?: number[] }[];
  tilesets: { firstgid: number; tiles: { id: number; properties?: { name: string; value: unknown }[] }[] }[];
}

/** Footprints wider than one tile; see the objects of the map's generator. */
const WIDTHS: Record<string, number> = {
  hut: 2,
  tent: 2,
  'house-red': 3,
  'house-blue': 3,
  'house-straw': 3,
};

/** Takes the pictures out of a map that `parseMap` has accepted. */
export function readPictures(json: unknown): MapPictures {
  const map = json as Tiled;
  const { width, height } = map;
  const { firstgid, tiles } = map.tilesets[0];
  const properties = new Map<number, Record<string, unknown>>();
  for (const t of tiles)
    properties.set(t.id, Object.fromEntries((t.properties ?? []).map((p) => [p.name, p.value])));
  const cells = (name: string) => {
    const data = map.layers.find((l) => l.name === name)?.data ?? new Array<number>(width * height).fill(0);
    return data.map((gid) => gid - firstgid);
  };
  const rows = (flat: number[]) =>
    Array.from({ length: height }, (_, y) => flat.slice(y * width, (y + 1) * width));
  const ground = cells('ground');
  const standing = cells('obstacles');
  const objects: MapPictures['objects'] = [];
  standing.forEach((id, i) => {
    const p = properties.get(id);
    if (!p || typeof p.object !== 'string') return;
    const w = WIDTHS[p.object] ?? 1;
    const h = w > 1 ? 2 : 1;
    if (p.part !== (h - 1) * w) return;
    objects.push({ name: p.object, x: (i % width) + w / 2, y: Math.floor(i / width) + 1, w });
  });
  return {
    width,
    height,
    ground: rows(ground),
    decor: rows(cells('decor')),
    objects,
    terrain: ground.map((id) => String(properties.get(id)?.terrain ?? 'grass')),
    solid: standing.map((id) => id >= 0),
  };
}
