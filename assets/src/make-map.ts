/**
 * Makes `assets/maps/hollow.json` (a Tiled map) and the tileset's two pictures, at 32 px for Tiled and at
 * 64 px for the game. The same bytes on every machine: `node --import tsx assets/src/make-map.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { layout } from './layout.ts';
import { paintTile, sheet } from './paint-tiles.ts';
import { PLACES, type Plan, SIZE, STALLS } from './plan.ts';
import { halve, indexedPng } from './png.ts';
import { type Tile, type Tileset, tileset } from './tileset.ts';

const PX = 32;
export const COLUMNS = 24;
/** Room around every tile, filled with its own edge, so that scaling never bleeds a neighbour in. */
export const MARGIN = 1;
export const SPACING = 2;

type Property = { name: string; type: 'string' | 'bool' | 'int'; value: string | boolean | number };

function properties(tile: Tile): Property[] {
  if (tile.kind === 'ground') return [{ name: 'terrain', type: 'string', value: tile.terrain }];
  if (tile.kind === 'decor') return [{ name: 'decor', type: 'string', value: tile.decor }];
  return [
    { name: 'object', type: 'string', value: tile.object },
    { name: 'part', type: 'int', value: tile.part },
    { name: 'solid', type: 'bool', value: true },
  ];
}

function places(plan: Plan): object[] {
  let id = 1;
  const point = (kind: string, name: string, x: number, y: number, props: Property[]) => ({
    id: id++,
    name,
    type: kind,
    class: kind,
    point: true,
    x: x * PX + PX / 2,
    y: y * PX + PX / 2,
    width: 0,
    height: 0,
    rotation: 0,
    visible: true,
    ...(props.length ? { properties: props } : {}),
  });
  return [
    ...plan.camps.map((c) =>
      point('camp', c.name, c.x, c.y, [{ name: 'radius', type: 'int', value: c.haven }]),
    ),
    ...plan.resources.map((r) => point(r.kind, '', r.x, r.y, [])),
    ...STALLS.map(({ name, x, y, fruit, crystal }) =>
      point('stall', name, x, y, [
        { name: 'fruit', type: 'int', value: fruit },
        { name: 'crystal', type: 'int', value: crystal },
      ]),
    ),
    ...PLACES.map(({ name, x, y }) => point('place', name, x, y, [])),
  ];
}

/** The map in Tiled's JSON form (format 1.10). */
export function tiledMap(plan: Plan, set: Tileset): object {
  const layer = (id: number, name: string, ids: number[]) => ({
    id,
    name,
    type: 'tilelayer',
    x: 0,
    y: 0,
    width: SIZE,
    height: SIZE,
    opacity: 1,
    visible: true,
    data: ids.map((t) => t + 1),
  });
  const objects = places(plan);
  const step = PX + SPACING;
  const rows = Math.ceil(set.tiles.length / COLUMNS);
  return {
    type: 'map',
    version: '1.10',
    tiledversion: '1.10.2',
    orientation: 'orthogonal',
    renderorder: 'right-down',
    infinite: false,
    compressionlevel: -1,
    width: SIZE,
    height: SIZE,
    tilewidth: PX,
    tileheight: PX,
    nextlayerid: 5,
    nextobjectid: objects.length + 1,
    properties: [{ name: 'title', type: 'string', value: 'The Hollow' }],
    layers: [
      layer(1, 'ground', set.ground),
      layer(2, 'decor', set.decor),
      layer(3, 'obstacles', set.obstacles),
      {
        id: 4,
        name: 'places',
        type: 'objectgroup',
        draworder: 'topdown',
        x: 0,
        y: 0,
        opacity: 1,
        visible: true,
        objects,
      },
    ],
    tilesets: [
      {
        firstgid: 1,
        name: 'hollow',
        image: '../sprites/tiles.png',
        imagewidth: COLUMNS * step,
        imageheight: rows * step,
        tilewidth: PX,
        tileheight: PX,
        margin: MARGIN,
        spacing: SPACING,
        columns: COLUMNS,
        tilecount: set.tiles.length,
        tiles: set.tiles.map((t, id) => ({ id, properties: properties(t) })),
      },
    ],
  };
}

/** One line for a row of tiles, for an object or for a tile: short, and a change shows where it is. */
function render(map: object): string {
  const row = (v: unknown) => JSON.stringify(v);
  const text = JSON.stringify(
    map,
    (key, value) => {
      if (key === 'data' && Array.isArray(value)) {
        return Array.from({ length: SIZE }, (_, y) => `@${value.slice(y * SIZE, (y + 1) * SIZE).join(',')}@`);
      }
      if ((key === 'objects' || key === 'tiles') && Array.isArray(value))
        return value.map((v) => `@@${row(v)}@@`);
      return value;
    },
    1,
  );
  return `${text.replace(/"@@(.*)@@"/g, (_, s: string) => JSON.parse(`"${s}"`)).replace(/"@([\d,]*)@"/g, '$1')}\n`;
}

export const mapText = (): string => {
  const plan = layout();
  return render(tiledMap(plan, tileset(plan)));
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const maps = new URL('../maps/', import.meta.url);
  const sprites = new URL('../sprites/', import.meta.url);
  for (const dir of [maps, sprites]) mkdirSync(dir, { recursive: true });
  const text = mapText();
  writeFileSync(new URL('hollow.json', maps), text);
  const large = sheet(tileset(layout()).tiles.map(paintTile), COLUMNS, MARGIN * 2);
  const pictures = { 'tiles@2x.png': indexedPng(large), 'tiles.png': indexedPng(halve(large)) };
  for (const [name, bytes] of Object.entries(pictures)) writeFileSync(new URL(name, sprites), bytes);
  const size = (n: number) => `${(n / 1024).toFixed(0)} KiB`;
  console.log(
    `hollow.json ${size(text.length)}; ${Object.entries(pictures)
      .map(([n, b]) => `${n} ${size(b.length)}`)
      .join('; ')}`,
  );
}
