import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { drawSprite, loadArtModel, toPng } from '#shared/art/index.ts';
import { spriteFrom, spritesIn } from '../art/pictures.ts';
import { run } from './art.ts';

const dir = mkdtempSync(join(tmpdir(), 'symbiont-art-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
});

const seedling = loadArtModel(new Uint8Array(readFileSync('assets/art/seedling.safetensors')));
const pictures = join(dir, 'pictures');
const star =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#f2b545" d="M16 3l4 9 9 1-7 6 2 10-8-5-8 5 2-10-7-6 9-1z"/></svg>';

test('a creator’s folder of pictures becomes a model that draws, and a killed run goes on', async () => {
  mkdirSync(pictures);
  for (let n = 0; n < 4; n++) {
    const genome = new Uint8Array(32).fill(60 * n);
    writeFileSync(
      join(pictures, `${n}.png`),
      toPng(drawSprite(seedling, { genome, stage: 3, branch: n }), 2),
    );
  }
  writeFileSync(join(pictures, 'star.svg'), star);
  expect(spritesIn(pictures, 32)).toHaveLength(5);
  const out = join(dir, 'run');
  const args = ['finetune', pictures, '--licence', 'CC0', '--out', out, '--name', 'stars', '--batch', '2'];
  await run([...args, '--steps', '3']);
  await expect(run([...args, '--steps', '3'])).rejects.toThrow('go on with --resume');
  await run([...args, '--steps', '3', '--resume']);
  await expect(run([...args, '--steps', '9', '--resume'])).rejects.toThrow(
    'checkpoint: planned must be 9, is 3',
  );
  const model = loadArtModel(new Uint8Array(readFileSync(join(out, 'model.safetensors'))));
  expect(model.manifest).toMatchObject({
    name: 'stars',
    style: 'whole',
    provenance: { licence: 'CC0', steps: 3 },
  });
  expect(said.at(-1)).toContain(model.id);
  const png = join(dir, 'sheet.png');
  await run([
    'sheet',
    '--model',
    join(out, 'model.safetensors'),
    '--count',
    '1',
    '--scale',
    '1',
    '--out',
    png,
  ]);
  expect(readFileSync(png).subarray(1, 4).toString()).toBe('PNG');
}, 60_000);

test('pictures that cannot be learnt from are refused by name', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const svg = (inner: string) =>
    bytes(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${inner}</svg>`);
  expect(spriteFrom('star.svg', bytes(star), 64).pixels.length).toBe(4096);
  for (const inner of [
    '<script>1</script>',
    '<rect onload="x()" width="9" height="9"/>',
    '<image href="file:///x"/>',
    '<use href="http://x/y"/>',
    '<foreignObject/>',
  ])
    expect(() => spriteFrom('a.svg', svg(inner), 32)).toThrow('a.svg: must hold shapes only');
  expect(() => spriteFrom('a.svg', svg(''), 32)).toThrow('must be filled to 4..92 %');
  expect(() => spriteFrom('a.svg', svg('<rect width="32" height="32"/>'), 32)).toThrow('is filled to 100 %');
  expect(() => spriteFrom('a.svg', bytes('<svg'), 32)).toThrow('a.svg: cannot be drawn');
  expect(() => spriteFrom('a.png', bytes('nothing'), 32)).toThrow('a.png: is no PNG');
  const large = toPng(drawSprite(seedling, { genome: new Uint8Array(32), stage: 0, branch: 0 }), 70);
  expect(() => spriteFrom('a.png', large, 32)).toThrow('sides must be 8..2048 pixels, are 2240 × 2240');
  expect(() => spriteFrom('a.png', new Uint8Array(5_000_000), 32)).toThrow('must be at most 4194304 bytes');
});

test('arguments that cannot be used are named', async () => {
  const empty = join(dir, 'empty');
  mkdirSync(empty);
  await expect(run([])).rejects.toThrow('art: must be train, finetune or sheet');
  await expect(run(['finetune', join(dir, 'nowhere')])).rejects.toThrow('FOLDER: must be a folder');
  await expect(run(['finetune', dir])).rejects.toThrow('--licence');
  await expect(run(['finetune', dir, '--size', '48'])).rejects.toThrow('--size: must be 32 or 64');
  await expect(run(['finetune', empty, '--licence', 'CC0'])).rejects.toThrow(
    'must hold 1..1000 PNG or SVG files',
  );
  await expect(run(['sheet', '--mode', 'x'])).rejects.toThrow('--mode: must be one of');
  await expect(run(['train', '--steps', '0'])).rejects.toThrow('--steps');
});
