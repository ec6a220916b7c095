import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { expect, it, describe as suite } from 'vitest';
import { describe } from './describe.ts';
import { buildMetadata, chainAttributes, DEED_TRAITS, type MetadataSource } from './metadata.ts';

const source: MetadataSource = {
  name: 'Symbiont #7',
  symbol: 'SYMB',
  genome: Uint8Array.from({ length: 32 }, (_, i) => i),
  stage: 2,
  branch: 1,
  deeds: [1, 2, 3, 4, 5, 6, 7, 4294967295],
  version: 3,
  pictureHash: 'ab'.repeat(32),
  imageUri: 'http://localhost/art/x.png',
  svgUri: 'http://localhost/art/x.svg',
};

suite('metadata', () => {
  it('follows the Metaplex standard and holds what the chain has first, in its order, a trait for each deed', () => {
    const { json, bytes, hash } = buildMetadata(source);
    const value = JSON.parse(json);
    expect(value.attributes.slice(0, 13).map((a: { trait_type: string }) => a.trait_type)).toEqual([
      'stage',
      'branch',
      ...DEED_TRAITS,
      'genome',
      'version',
      'picture',
    ]);
    expect(value.attributes.slice(0, 3).map((a: { value: string }) => a.value)).toEqual(['2', '1', '1']);
    expect(value.attributes[9].value).toBe('4294967295');
    expect(value.properties).toEqual({
      category: 'image',
      files: [
        { uri: source.imageUri, type: 'image/png' },
        { uri: source.svgUri, type: 'image/svg+xml' },
      ],
    });
    expect(value.image).toBe(source.imageUri);
    expect(bytesToHex(sha256(bytes))).toBe(hash);
    expect(new TextDecoder().decode(bytes)).toBe(json);
  });

  it('names the moving picture, the model and every earlier version’s metadata', () => {
    const past = { version: 0, stage: 0, branch: 0, picture: '11'.repeat(32), metadata: '22'.repeat(32) };
    const now = { version: 3, stage: 2, branch: 1, picture: source.pictureHash };
    const { json } = buildMetadata({
      ...source,
      animationUri: 'http://localhost/art/y.gif',
      model: '33'.repeat(32),
      history: [past, now],
    });
    const value = JSON.parse(json);
    expect(value.animation_url).toBe('http://localhost/art/y.gif');
    expect(value.properties.files.map((file: { type: string }) => file.type)).toEqual([
      'image/png',
      'image/gif',
      'image/svg+xml',
    ]);
    expect(value.properties.model).toBe('33'.repeat(32));
    expect(value.properties.history).toEqual([
      { version: 0, stage: 'seed', branch: 'none', picture: past.picture, metadata: past.metadata },
      { version: 3, stage: 'young', branch: 'bloom', picture: source.pictureHash },
    ]);
  });

  it('knows what the chain says', () => {
    expect(chainAttributes(source)).toEqual([
      ['stage', '2'],
      ['branch', '1'],
      ['deeds', '1,2,3,4,5,6,7,4294967295'.padEnd(87)],
      ['genome', bytesToHex(source.genome)],
      ['version', '3'],
      ['picture', source.pictureHash],
    ]);
  });

  it('has the same bytes whatever the order of the source’s keys', () => {
    const reversed = Object.fromEntries(Object.entries(source).reverse()) as unknown as MetadataSource;
    expect(buildMetadata(reversed).hash).toBe(buildMetadata(source).hash);
  });

  it('has another address when anything it says changes', () => {
    const changes: Partial<MetadataSource>[] = [
      { name: 'Symbiont #8' },
      { symbol: 'S' },
      { description: 'x' },
      { stage: 3 },
      { branch: 2 },
      { version: 4 },
      { deeds: [2, 2, 3, 4, 5, 6, 7, 8] },
      { pictureHash: 'cd'.repeat(32) },
      { imageUri: 'y' },
      { svgUri: undefined },
      { animationUri: 'a' },
      { externalUrl: 'e' },
      { history: [] },
      { genome: new Uint8Array(32) },
    ];
    const hashes = [{}, ...changes].map((change) => buildMetadata({ ...source, ...change }).hash);
    expect(new Set(hashes).size).toBe(changes.length + 1);
  });

  it.each([
    [{ name: '' }, 'name must be 1..32 characters'],
    [{ name: 'x'.repeat(33) }, 'name must be 1..32 characters'],
    [{ name: 'a\nb' }, 'name must be free of control characters'],
    [{ name: '\ud800' }, 'name must be free of control characters and lone surrogates'],
    [{ deeds: [1] }, 'deeds must be 8 counters'],
    [{ deeds: [1, 2, 3, 4, 5, 6, 7, 4294967296] }, 'deeds.endured must be a whole number 0..4294967295'],
    [{ version: -1 }, 'version must be'],
    [{ pictureHash: 'AB'.repeat(32) }, 'pictureHash must be 64 lowercase hex digits'],
    [{ model: 'x' }, 'model must be 64 lowercase hex digits'],
    [
      { history: [{ version: 0, stage: 0, branch: 0, picture: '00'.repeat(32), metadata: 'no' }] },
      'history[0].metadata must be 64 lowercase hex digits',
    ],
    [{ imageUri: 'x'.repeat(201) }, 'imageUri must be 1..200 characters'],
    [{ stage: 9 }, 'stage must be a whole number 0..4, got 9'],
    [
      { history: Array(65).fill({ version: 0, stage: 0, branch: 0, picture: '00'.repeat(32) }) },
      'history must be at most 64',
    ],
    [
      { history: [{ version: 0, stage: 7, branch: 0, picture: '00'.repeat(32) }] },
      'history[0].stage must be 0..4',
    ],
  ] as [Partial<MetadataSource>, string][])('cannot be made of %o', (change, message) => {
    expect(() => buildMetadata({ ...source, ...change })).toThrow(message);
  });
});

suite('the traits', () => {
  it('stay for life but for stage and branch', () => {
    const seed = describe(source.genome, 0, 0);
    const elder = describe(source.genome, 4, 3);
    expect({ ...elder, stage: seed.stage, branch: seed.branch, line: seed.line }).toEqual(seed);
    expect(elder.line).toContain('elder of the stone branch');
  });
});
