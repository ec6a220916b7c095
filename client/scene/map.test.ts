import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseMap } from '#shared/world/index.ts';
import { readPictures } from './map.ts';

const json = JSON.parse(readFileSync(new URL('../../assets/maps/hollow.json', import.meta.url), 'utf8'));
const frames = ['things', 'creatures'].map(
  (name) =>
    JSON.parse(readFileSync(new URL(`../../assets/sprites/${name}.json`, import.meta.url), 'utf8'))
      .frames as Record<string, unknown>,
);

test('every cell has a ground, and every thing that stands has a picture', () => {
  const map = readPictures(json);
  expect(map.ground.flat().every((id) => id >= 0)).toBe(true);
  const drawn = new Set(Object.keys(frames[0]));
  for (const o of map.objects) expect(drawn.has(o.name), o.name).toBe(true);
});

test('wide things are drawn once, over all of their footprint', () => {
  const map = readPictures(json);
  const terrain = parseMap(json);
  const houses = map.objects.filter((o) => o.name.startsWith('house'));
  expect(houses).toHaveLength(8);
  for (const { x, y, w } of houses)
    for (let dx = 0; dx < w; dx++)
      for (const dy of [1, 2]) expect(terrain.blocked[(y - dy) * map.width + (x - w / 2 + dx)]).toBe(1);
});

test('whatever is blocked and not water is seen to stand there', () => {
  const map = readPictures(json);
  const terrain = parseMap(json);
  terrain.blocked.forEach((blocked, i) => {
    expect(
      map.solid[i] || map.terrain[i] === 'water',
      `tile ${i % map.width},${Math.floor(i / map.width)}`,
    ).toBe(blocked === 1);
  });
});
