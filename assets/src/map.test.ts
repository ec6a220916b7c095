import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseMap } from '#shared/world/index.ts';
import { layout } from './layout.ts';
import { mapText } from './make-map.ts';
import { CAMPS, reach, SIZE } from './plan.ts';
import { indexedPng } from './png.ts';

const committed = readFileSync(new URL('../maps/hollow.json', import.meta.url), 'utf8');

test('the committed map is what the generator makes', () => {
  expect(mapText()).toBe(committed);
});

test('all open land is one piece, and every camp and resource lies on it', () => {
  const terrain = parseMap(JSON.parse(committed));
  const open = (i: number) => terrain.blocked[i] === 0;
  const village = terrain.camps[0];
  const seen = reach(open, (village.y >> 8) * SIZE + (village.x >> 8));
  for (let i = 0; i < SIZE * SIZE; i++)
    expect(seen[i] === 1, `tile ${i % SIZE},${Math.floor(i / SIZE)}`).toBe(open(i));
  expect(terrain.nodeCount).toBeGreaterThan(120);
});

test('resources keep their distance, and crystals lie farther from the village than fruit', () => {
  const { resources, camps } = layout();
  for (const a of resources)
    for (const b of resources)
      if (a !== b) expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThanOrEqual(2);
  const mean = (kind: string) => {
    const all = resources.filter((r) => r.kind === kind);
    return all.reduce((s, r) => s + Math.hypot(r.x - camps[0].x, r.y - camps[0].y), 0) / all.length;
  };
  expect(mean('crystal')).toBeGreaterThan(mean('fruit') * 1.2);
});

test('the border is closed and the square of every camp is open', () => {
  const terrain = parseMap(JSON.parse(committed));
  for (let k = 0; k < SIZE; k++)
    for (const i of [k, (SIZE - 1) * SIZE + k, k * SIZE, k * SIZE + SIZE - 1])
      expect(terrain.blocked[i]).toBe(1);
  for (const camp of CAMPS)
    for (let y = 0; y < SIZE; y++)
      for (let x = 0; x < SIZE; x++)
        if ((x - camp.x) ** 2 + (y - camp.y) ** 2 <= camp.radius ** 2)
          expect(terrain.blocked[y * SIZE + x], `${camp.name} at ${x},${y}`).toBe(0);
});

test('a picture of few colours keeps every one of them in its palette', () => {
  const data = new Uint8Array([255, 0, 0, 255, 0, 255, 0, 128, 0, 0, 0, 0, 9, 8, 7, 255]);
  const png = indexedPng({ width: 4, height: 1, data });
  const at = png.indexOf('PLTE') + 4;
  const count = png.readUInt32BE(at - 8) / 3;
  const colours = Array.from({ length: count }, (_, i) =>
    [...png.subarray(at + i * 3, at + i * 3 + 3)].join(),
  );
  expect(colours.sort()).toEqual(['0,0,0', '0,255,0', '255,0,0', '9,8,7']);
});
