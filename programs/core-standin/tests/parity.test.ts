import { readFileSync } from 'node:fs';
import {
  addCollectionPluginV1,
  addPluginV1,
  addressPluginAuthority,
  approveCollectionPluginAuthorityV1,
  approvePluginAuthorityV1,
  createPlugin,
  createV1,
  PluginType,
  pluginAuthorityPair,
  revokeCollectionPluginAuthorityV1,
  revokePluginAuthorityV1,
  transferV1,
  updateCollectionPluginV1,
  updateCollectionV1,
  updatePluginV1,
  updateV1,
} from '@metaplex-foundation/mpl-core';
import { none, some } from '@metaplex-foundation/umi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { context, instructions, key, signer } from '../../testing/mpl.ts';
import { CORES, Svm } from '../../testing/svm.ts';
import { recorded } from './record.ts';
import { PEOPLE, PLACES, play, type Record, SCRIPT, type Step, UNSUPPORTED } from './script/index.ts';
import { royalties } from './script/scene.ts';

const records: Record[] = JSON.parse(readFileSync(new URL('./recorded.json', import.meta.url), 'utf8'));

describe.each(CORES)('Core (%s)', (core) => {
  const played = recorded(new Svm(core));

  it('is recorded step by step', () => {
    expect(played.map(({ name }) => name)).toEqual(records.map(({ name }) => name));
  });

  it.each(records.map((record, i) => [record.name, i] as const))('%s: as the real binary', (_, i) => {
    expect(played[i]).toEqual(records[i]);
  });
});

describe('the stand-in', () => {
  const svm = new Svm('stand-in');
  recorded(svm);

  it.each(UNSUPPORTED.map((step) => [step.name, step] as const))('%s: not available', (_, step) => {
    expect(play(svm, step).error).toBe(23);
  });
});

describe.runIf(CORES.includes('real binary'))('any sequence of instructions', () => {
  const { creator, delegate, owner, other, payer } = PEOPLE;
  const who = fc.constantFrom(creator, delegate, owner, other);
  const place = fc.constantFrom(PLACES.asset, PLACES.free, PLACES.loose);
  const text = fc.string({ maxLength: 40 });
  const umi = context(payer);
  const base = (by: typeof creator, asset: typeof creator) => ({
    asset: key(asset),
    authority: signer(by),
    ...(asset === PLACES.loose ? {} : { collection: key(PLACES.collection) }),
  });
  /** Mostly whole. */
  const SHARES = [[100], [50, 50], [1, 2, 97], [99], [101], []];
  const pairs = fc.array(fc.record({ key: text, value: text }), { maxLength: 4 });
  const attributes = (attributeList: { key: string; value: string }[]) =>
    createPlugin({ type: 'Attributes', data: { attributeList } });
  const make = (builder: Parameters<typeof instructions>[0], ...signers: Step['signers']): Step => ({
    name: '',
    send: instructions(builder),
    signers,
  });

  const steps = fc.oneof(
    fc.record({ by: who, at: place, name: text, uri: text, pairs }).map(({ by, at, name, uri, pairs }) =>
      make(
        createV1(umi, {
          ...base(by, at),
          asset: signer(at),
          owner: key(owner),
          name,
          uri,
          plugins: [pluginAuthorityPair({ type: 'Attributes', data: { attributeList: pairs } })],
        }),
        by,
        at,
      ),
    ),
    fc
      .record({ by: who, at: place, name: fc.option(text), uri: fc.option(text) })
      .map(({ by, at, name, uri }) =>
        make(
          updateV1(umi, {
            ...base(by, at),
            newName: name === null ? none<string>() : some(name),
            newUri: uri === null ? none<string>() : some(uri),
          }),
          by,
        ),
      ),
    fc
      .record({ by: who, at: place, pairs })
      .map(({ by, at, pairs }) =>
        make(updatePluginV1(umi, { ...base(by, at), plugin: attributes(pairs) }), by),
      ),
    fc
      .record({ by: who, at: place, to: who })
      .map(({ by, at, to }) =>
        make(transferV1(umi, { ...base(by, at), newOwner: key(to), compressionProof: none() }), by),
      ),
    fc
      .record({ by: who, at: place })
      .map(({ by, at }) =>
        make(revokePluginAuthorityV1(umi, { ...base(by, at), pluginType: PluginType.Attributes }), by),
      ),
    fc.record({ by: who, at: place, to: who }).map(({ by, at, to }) =>
      make(
        approvePluginAuthorityV1(umi, {
          ...base(by, at),
          pluginType: PluginType.Attributes,
          newAuthority: addressPluginAuthority(key(to)),
        }),
        by,
      ),
    ),
    fc.record({ by: who, at: place, pairs, to: fc.option(who) }).map(({ by, at, pairs, to }) =>
      make(
        addPluginV1(umi, {
          ...base(by, at),
          plugin: to
            ? createPlugin({ type: 'UpdateDelegate', data: { additionalDelegates: [key(to)] } })
            : attributes(pairs),
        }),
        by,
      ),
    ),
    fc.record({ by: who, name: fc.option(text), uri: fc.option(text) }).map(({ by, name, uri }) =>
      make(
        updateCollectionV1(umi, {
          collection: key(PLACES.collection),
          authority: signer(by),
          newName: name === null ? none<string>() : some(name),
          newUri: uri === null ? none<string>() : some(uri),
        }),
        by,
      ),
    ),
    fc
      .record({
        by: who,
        points: fc.integer({ min: 0, max: 10_001 }),
        shares: fc.constantFrom(...SHARES),
        update: fc.boolean(),
      })
      .map(({ by, points, shares, update }) => {
        const of = { collection: key(PLACES.collection), authority: signer(by) };
        const plugin = royalties(points, ...shares);
        return make(
          update
            ? updateCollectionPluginV1(umi, { ...of, plugin })
            : addCollectionPluginV1(umi, { ...of, plugin }),
          by,
        );
      }),
    fc.record({ by: who, to: who }).map(({ by, to }) =>
      make(
        approveCollectionPluginAuthorityV1(umi, {
          collection: key(PLACES.collection),
          authority: signer(by),
          pluginType: PluginType.UpdateDelegate,
          newAuthority: addressPluginAuthority(key(to)),
        }),
        by,
      ),
    ),
    who.map((by) =>
      make(
        revokeCollectionPluginAuthorityV1(umi, {
          collection: key(PLACES.collection),
          authority: signer(by),
          pluginType: PluginType.UpdateDelegate,
        }),
        by,
      ),
    ),
  );

  it('ends in the same bytes, lamports and refusals on both', () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 1, maxLength: 25 }), (sequence) => {
        const both = CORES.map((core) => {
          const svm = new Svm(core);
          for (const keypair of Object.values(PEOPLE)) svm.fund(keypair);
          return [SCRIPT[0], ...sequence].map((step) => play(svm, step));
        });
        expect(both[0]).toEqual(both[1]);
      }),
      { numRuns: 40 },
    );
  });
});
