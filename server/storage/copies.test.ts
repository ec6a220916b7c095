import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createGenericFile,
  createUmi,
  type GenericFile,
  sol,
  type UploaderInterface,
} from '@metaplex-foundation/umi';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Copies, copyFiles } from './copies.ts';
import { pluginUploader } from './uploaders.ts';

let dir: string;
let journal: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'copies-'));
  journal = join(dir, 'copies.jsonl');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const files: GenericFile[] = Array.from({ length: 6 }, (_, i) =>
  createGenericFile(`content ${i}`, `art/${i}.svg`, { contentType: 'image/svg+xml' }),
);

/** A storage elsewhere that breaks off at the calls named, before or after it took the file. */
class Elsewhere implements UploaderInterface {
  readonly taken: string[] = [];
  calls = 0;
  constructor(readonly breaks: readonly number[] = []) {}
  async upload(some: GenericFile[]): Promise<string[]> {
    if (this.breaks.includes(this.calls++)) throw new Error('connection reset');
    this.taken.push(...some.map(({ fileName }) => fileName));
    return some.map(({ fileName }) => `https://storage.example/${fileName}`);
  }
  uploadJson = async () => 'https://storage.example/json';
  getUploadPrice = async () => sol(0);
}

const once = async (elsewhere: UploaderInterface, some = files) => {
  const copies = new Copies(journal, 'elsewhere');
  try {
    return await copyFiles(elsewhere, some, copies);
  } finally {
    copies.close();
  }
};

test('a storage that fails again and again is continued, and no file is stored twice', async () => {
  const elsewhere = new Elsewhere([2, 3, 5]);
  await expect(once(elsewhere)).rejects.toThrow(
    'storage: art/2.svg: connection reset; 2 of 6 files are stored, the same command continues',
  );
  await expect(once(elsewhere)).rejects.toThrow('2 of 6 files');
  await expect(once(elsewhere)).rejects.toThrow('3 of 6 files');
  expect(await once(elsewhere)).toEqual({ stored: 3, kept: 3 });
  expect(elsewhere.taken).toEqual(files.map(({ fileName }) => fileName));
  expect(await once(elsewhere)).toEqual({ stored: 0, kept: 6 });
  // The same content under another name is the same content.
  const again = createGenericFile('content 3', 'another.svg');
  expect(await once(elsewhere, [again])).toEqual({ stored: 0, kept: 1 });
});

test('a line that was broken off counts as not there', async () => {
  await once(new Elsewhere());
  const whole = readFileSync(journal);
  const last = whole.subarray(0, -1).lastIndexOf(10) + 1;
  for (const cut of [last + 1, whole.length - 20, whole.length - 1]) {
    writeFileSync(journal, whole.subarray(0, cut));
    const elsewhere = new Elsewhere();
    expect(await once(elsewhere)).toEqual({ stored: 1, kept: 5 });
    expect(elsewhere.taken).toEqual(['art/5.svg']);
    expect(readFileSync(journal)).toEqual(whole);
  }
});

test('another storage’s journal, one in use, and what is none are refused and left as they are', async () => {
  await once(new Elsewhere());
  const before = readFileSync(journal);
  expect(() => new Copies(journal, 'irys')).toThrow('tells of elsewhere, not of irys');
  const held = new Copies(journal, 'elsewhere');
  expect(() => new Copies(journal, 'elsewhere')).toThrow('is in use');
  held.close();
  expect(readFileSync(journal)).toEqual(before);
  appendFileSync(journal, '{"hash":"no"}\n');
  expect(() => new Copies(journal, 'elsewhere')).toThrow('line 8 has no hash and URI');
  writeFileSync(journal, 'nonsense\n');
  expect(() => new Copies(journal, 'elsewhere')).toThrow('line 1 is no JSON');
  expect(() => new Copies(join(dir, 'none', 'x'), 'elsewhere')).toThrow(/^--journal: /);
});

test.each([[[]], [['x']], [[`https://e/${'x'.repeat(300)}`]], [['https://a', 'https://b']]])(
  'an answer of %j is no address, and nothing is noted',
  async (answer) => {
    const bad = new Elsewhere();
    bad.upload = async () => answer;
    await expect(once(bad)).rejects.toThrow('storage: art/0.svg: it gave no URI for it');
    expect(await once(new Elsewhere())).toEqual({ stored: 6, kept: 0 });
  },
);

test('a plugin that is not installed, or is none, is refused by name', async () => {
  const umi = createUmi();
  await expect(pluginUploader(umi, 'floppy')).rejects.toThrow('--to: must be irys or PACKAGE:EXPORT');
  await expect(pluginUploader(umi, '@none/such-package:uploader')).rejects.toThrow(
    '@none/such-package is not installed; npm install @none/such-package brings it',
  );
  const path = join(dir, 'plugin.mjs');
  writeFileSync(path, 'export const a = 1; export const b = () => ({});\n');
  await expect(pluginUploader(umi, `${path}:c`)).rejects.toThrow('exports no c');
  await expect(pluginUploader(umi, `${path}:a`)).rejects.toThrow('exports no a');
  await expect(pluginUploader(umi, `${path}:b`)).rejects.toThrow('b is no umi plugin');
  writeFileSync(join(dir, 'broken.mjs'), 'throw new Error("no key");\n');
  await expect(pluginUploader(umi, `${join(dir, 'broken.mjs')}:x`)).rejects.toThrow(
    'cannot be loaded: no key',
  );
});
