import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MapError } from './terrain.ts';
import { parseMap } from './tiled.ts';

const text = readFileSync(new URL('../../assets/maps/hollow.json', import.meta.url), 'utf8');
// biome-ignore lint/suspicious/noExplicitAny: the tests break a map in ways its type forbids
type Loose = any;
const changed = (change: (map: Loose) => void): Loose => {
  const map = JSON.parse(text);
  change(map);
  return map;
};
const layer = (map: Loose, name: string) => map.layers.find((l: Loose) => l.name === name);
const point = (map: Loose, kind: string) =>
  layer(map, 'places').objects.find((o: Loose) => (o.class || o.type) === kind);

test('the Hollow has its three camps, its water and its goods, all within reach', () => {
  const terrain = parseMap(JSON.parse(text));
  expect([terrain.width, terrain.height]).toEqual([96, 96]);
  expect(terrain.camps.map((c) => c.name)).toEqual(['village', 'foragers', 'raiders']);
  expect(terrain.nodeCount).toBeGreaterThan(80);
  expect(new Set(terrain.ground)).toEqual(new Set([0, 1, 2]));
  const cutOff = terrain.blocked.reduce(
    (n, wall, t) => n + (!wall && terrain.campSteps[t * 3] === 65535 ? 1 : 0),
    0,
  );
  expect(cutOff).toBe(0);
});

describe('a broken map is refused by name', () => {
  test.each<[string, Loose]>([
    ['map', null],
    ['width', changed((m) => (m.width = 100000))],
    ['orientation', changed((m) => (m.orientation = 'hexagonal'))],
    ['layers.ground.data', changed((m) => layer(m, 'ground').data.pop())],
    [
      '"obstacles" is missing',
      changed((m) => (m.layers = m.layers.filter((l: Loose) => l.name !== 'obstacles'))),
    ],
    ['layers.ground.data[17]', changed((m) => (layer(m, 'ground').data[17] = 99999))],
    ['"places" is missing', changed((m) => (m.layers = m.layers.filter((l: Loose) => l.name !== 'places')))],
    [
      'camp "village" is missing',
      changed(
        (m) =>
          (layer(m, 'places').objects = layer(m, 'places').objects.filter(
            (o: Loose) => o.name !== 'village',
          )),
      ),
    ],
    ['outside the map', changed((m) => (point(m, 'fruit').x = -5))],
    ['lies in a wall', changed((m) => Object.assign(point(m, 'crystal'), { x: 3, y: 3 }))],
    [
      'radius',
      changed((m) => (point(m, 'camp').properties = [{ name: 'radius', type: 'float', value: 900 }])),
    ],
    [
      'at most 400',
      changed((m) => {
        const places = layer(m, 'places').objects;
        for (let n = 0; n < 400; n++) places.push({ ...point(m, 'fruit') });
      }),
    ],
    [
      'cannot be reached',
      changed((m) => {
        const obstacles = layer(m, 'obstacles').data;
        const wall = obstacles.find((gid: number, t: number) => gid !== 0 && t > 0);
        const at = point(m, 'crystal');
        const [x, y] = [Math.floor(at.x / m.tilewidth), Math.floor(at.y / m.tileheight)];
        for (let dy = -1; dy <= 1; dy++)
          for (let dx = -1; dx <= 1; dx++) if (dx || dy) obstacles[(y + dy) * m.width + x + dx] = wall;
      }),
    ],
  ])('%s', (message, map) => {
    expect(() => parseMap(map)).toThrow(MapError);
    expect(() => parseMap(map)).toThrow(message);
  });
});
