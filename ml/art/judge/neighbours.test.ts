import { expect, test } from 'vitest';
import { Ink, SIZE } from '#shared/art/types.ts';
import { finished, sureLogits } from '../data/drawn.ts';
import { freshStrips, genomeFrom } from '../data/strips.ts';
import { type Generator, judgeMemory } from './index.ts';
import { distance, Neighbours } from './neighbours.ts';

const sprites = freshStrips(24, 3);
const neighbours = new Neighbours(sprites);
const picture = (n: number) => sprites[n * 17 + 8].pixels;

function moved(pixels: Uint8Array, dx: number, dy: number): Uint8Array {
  const out = new Uint8Array(pixels.length);
  for (let y = 0; y < SIZE; y++)
    for (let x = 0; x < SIZE; x++) {
      const [u, v] = [x - dx, y - dy];
      if (u >= 0 && v >= 0 && u < SIZE && v < SIZE) out[y * SIZE + x] = pixels[v * SIZE + u];
    }
  return out;
}

test('a recoloured, shifted, flipped picture is the picture', () => {
  const one = picture(3);
  expect(distance(one, one)).toBe(0);
  const swapped = one.map((ink) => (ink === Ink.coat ? Ink.leaf : ink === Ink.patch ? Ink.white : ink));
  expect(distance(one, swapped)).toBe(0);
  const flipped = one.map((_, at) => one[at - (at % SIZE) + SIZE - 1 - (at % SIZE)]);
  expect(distance(one, moved(flipped, 1, -1))).toBeLessThan(0.01);
});

test('what differs is measured: a share of pixels', () => {
  const square = new Uint8Array(SIZE * SIZE);
  for (let y = 8; y < 18; y++) for (let x = 8; x < 18; x++) square[y * SIZE + x] = Ink.coat;
  const taller = square.slice();
  for (let x = 8; x < 18; x++) for (let y = 18; y < 23; y++) taller[y * SIZE + x] = Ink.coat;
  // 100 pixels against 150: a third of the union is unexplained
  expect(distance(square, taller)).toBeCloseTo(1 / 3, 5);
  expect(distance(picture(2), picture(4))).toBeGreaterThan(0.02);
});

test('a generator that copies is found out, whatever face and colours its copies wear', () => {
  const thresholds = neighbours.thresholds(8, (n) => genomeFrom(`threshold ${n}`));
  const copying: Generator = (genome, stage, branch) => {
    const alike = sprites.filter((one) => one.stage === stage && (one.branch ?? 0) === branch);
    return finished(sureLogits(alike[genome[0] % alike.length].pixels), { genome, stage, branch });
  };
  const found = judgeMemory(copying, neighbours, thresholds, 30, 1);
  expect(found.nearest).toHaveLength(5);
  expect(found.nearest.map((one) => one.distance)).toEqual([0, 0, 0, 0, 0]);
  // all but eggs, of which two are alike among so few creatures
  expect(found.percent).toBeGreaterThan(80);
});
