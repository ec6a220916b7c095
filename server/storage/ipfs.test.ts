import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { CarWriter, checkCar } from './car.ts';
import { addFolder, cidFrom, cidOf, cidText, DAG_PB, MAX_FILE_BYTES, RAW } from './ipfs.ts';
import { readVarint, varint } from './varint.ts';

const dir = mkdtempSync(join(tmpdir(), 'car-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const out = join(dir, 'test.car');

/** Bytes that ipfs-unixfs-importer 17.1.1 was given too. */
const pattern = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);

/** What ipfs-unixfs-importer 17.1.1 answers (cidVersion 1, raw leaves, a wrapping folder). */
const KNOWN: {
  name: string;
  files: Record<string, Uint8Array>;
  cids: Record<string, string>;
  root: string;
}[] = [
  {
    name: 'one small file',
    files: { 'a.txt': utf8ToBytes('hello world') },
    cids: { 'a.txt': 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e' },
    root: 'bafybeidss4ygl4z2zset4jrvwrgjgmw7pu56db4a4lny5foue4f6x2racm',
  },
  {
    name: 'folders, an empty file and one of exactly a chunk',
    files: {
      'metadata/b.json': utf8ToBytes('{}'),
      'art/z.png': pattern(5),
      'art/a.gif': pattern(262_144),
      'readme.txt': new Uint8Array(0),
    },
    cids: {
      'metadata/b.json': 'bafkreicecnx2gvntm6fbcrvnc336qze6st5u7qq7457igegamd3bzkx7ri',
      'art/z.png': 'bafkreibivjlmoj5ttgmrbt7v5q4kxjcsstciurogpdml64f6bhoosm7seq',
      'art/a.gif': 'bafkreicyf2rsjlabvogs5vfihpzfegm2q5hjwrohaneftr2crm6gsnlznm',
      'readme.txt': 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
    },
    root: 'bafybeie3umbhhnt35ffq2uhjj3ctfqq2763m5wpbixxlqwwvl2vmxnhfey',
  },
  {
    name: 'a file of several chunks',
    files: { 'big.bin': pattern(600_000) },
    cids: { 'big.bin': 'bafybeibusxrtljsia6kaurxl7qmvh4vvhqn43pw25i5fhayz5gdvffkqhu' },
    root: 'bafybeibt5e2l47nx2z5xpb6rm7m3ufxafnmloewndi6ueee234yaagynwi',
  },
  {
    name: 'a file of exactly two chunks, deep down',
    files: { 'x/y/z.bin': pattern(524_288) },
    cids: { 'x/y/z.bin': 'bafybeig3atojx6ws4ghqmgsfq7dx43alqpgbcmp3ztg465catkpl7nnija' },
    root: 'bafybeiakkdn72cyjb7omdr6idjpz7mmbxuagibtbpgsc2tbosgdccs7l3m',
  },
];

it.each(KNOWN)('$name: the CIDs that IPFS’s own importer gives', ({ files, cids, root }) => {
  const car = new CarWriter(out);
  for (const [path, bytes] of Object.entries(files)) expect(car.add(path, bytes)).toBe(cids[path]);
  const summary = car.finish();
  expect(summary).toMatchObject({ root, files: Object.keys(files).length });
  expect(checkCar(readFileSync(out))).toEqual(summary);
  expect(readdirSync(dir)).toEqual(['test.car']);
});

it('the empty folder is the one everyone knows, and a hash alone leads to a file’s CID', () => {
  expect(cidText(addFolder(new Map(), () => {}).cid)).toBe(
    'bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354',
  );
  const bytes = utf8ToBytes('hello world');
  expect(cidFrom(RAW, sha256(bytes))).toEqual(cidOf(RAW, bytes));
  expect(cidOf(DAG_PB, bytes)).not.toEqual(cidOf(RAW, bytes));
  expect(() => cidFrom(RAW, new Uint8Array(31))).toThrow('hash: must be 32 bytes, is 31');
});

it('the same file at the same path changes nothing; the order of adding changes nothing', () => {
  const files = Object.entries(KNOWN[1].files);
  const car = new CarWriter(out);
  for (const [path, bytes] of [...files].reverse()) car.add(path, bytes);
  for (const [path, bytes] of files) car.add(path, bytes);
  expect(car.finish()).toMatchObject({ root: KNOWN[1].root, files: 4 });
});

it('any changed, cut or missing byte is found', () => {
  const car = new CarWriter(out);
  for (const [path, bytes] of [...Object.entries(KNOWN[0].files), ['d/e', pattern(300_000)] as const])
    car.add(path, bytes);
  const { bytes } = car.finish();
  const whole = new Uint8Array(readFileSync(out));
  expect(whole.length).toBe(bytes);
  fc.assert(
    fc.property(fc.nat(bytes - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      expect(() => checkCar(whole.with(at, whole[at] ^ by))).toThrow(/^car: /);
    }),
    { numRuns: 60 },
  );
  fc.assert(
    fc.property(fc.nat(bytes - 1), (at) => {
      expect(() => checkCar(whole.subarray(0, at))).toThrow(/^car: /);
    }),
    { numRuns: 60 },
  );
  // A block that nothing links to.
  const stray = cidOf(RAW, pattern(3));
  expect(() => checkCar(Uint8Array.from([...whole, 39, ...stray, ...pattern(3)]))).toThrow('reaches');
});

it.each(['', '/a', 'a//b', '../a', 'a/./b', 'a\nb', 'x'.repeat(256), 'a/b/c/d/e/f/g/h/i'])(
  'path "%s" is refused',
  (path) => {
    const car = new CarWriter(out);
    expect(() => car.add(path, pattern(1))).toThrow(/^path: /);
    car.abandon();
  },
);

it('two files at one path, a file as a folder, and what is too large are refused, and nothing is left', () => {
  const other = join(dir, 'other.car');
  const car = new CarWriter(other);
  car.add('a/b', pattern(1));
  expect(() => car.add('a/b', pattern(2))).toThrow('path: a/b holds something else');
  expect(() => car.add('a', pattern(2))).toThrow('path: a holds something else');
  expect(() => car.add('a/b/c', pattern(2))).toThrow('path: a/b/c: b is a file');
  expect(() => car.add('large', new Uint8Array(MAX_FILE_BYTES + 1))).toThrow(
    'file: must be at most 45613056',
  );
  for (let i = 0; i < 8192; i++) car.add(`a/${i}`, Uint8Array.of(1));
  expect(() => car.finish()).toThrow('folder: must hold at most 8192 files, holds 8193');
  expect(readdirSync(dir)).not.toContain('other.car');
  expect(readdirSync(dir)).not.toContain('other.car.partial');
  expect(() => new CarWriter(join(dir, 'none', 'x.car'))).toThrow('cannot be written (ENOENT)');
});

it('numbers go into varints and come back', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      const bytes = Uint8Array.from(varint(value));
      expect(readVarint(bytes, 0)).toEqual({ value, end: bytes.length });
    }),
  );
  expect(varint(300)).toEqual([0xac, 2]);
  expect(() => readVarint(Uint8Array.of(255, 255), 0)).toThrow(RangeError);
  expect(() => readVarint(new Uint8Array(20).fill(255), 0)).toThrow(RangeError);
});
