import { SystemProgram } from '@solana/web3.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHRONICLE_ID } from '../client/chronicle.ts';
import { decodeConfig, EVOLUTION_ID, MPL_CORE_ID } from '../client/index.ts';
import { CORES, type Stored } from '../testing/svm.ts';
import { Ground, type Move, type Result } from './ground.ts';
import { broken } from './invariants.ts';
import { fuzz, moves } from './run.ts';

const core = CORES.at(-1) ?? 'stand-in';
const SEED = 20_261_123;
/** Attempts on Core behind the program's back: none goes through. */
const ATTEMPTS = [
  'core_update',
  'core_update_plugin',
  'core_approve_attributes',
  'core_revoke_attributes',
  'core_update_collection',
  'core_delegate',
];

describe('the fuzzer', () => {
  it('finds nothing in 5,000 sequences, and every instruction goes through in some', async () => {
    const tally = await fuzz(SEED, 5_000, core);
    expect(tally.findings).toEqual([]);
    expect(tally.sequences).toBe(5_000);
    const known = Object.keys(moves(new Ground(SEED, core)));
    expect(Object.keys(tally.succeeded).sort()).toEqual(
      known.filter((name) => !ATTEMPTS.includes(name)).sort(),
    );
  }, 300_000);

  it('plays the same game from the same seed, and another from another', async () => {
    const [one, same, other] = await Promise.all([5, 5, 6].map((seed) => fuzz(seed, 150, core)));
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });
});

/** The invariants must notice what the programs never do; so it is done to accounts of a real game by hand. */
describe('the invariants notice', () => {
  let ground: Ground;
  let result: Result;
  beforeAll(() => {
    ground = new Ground(SEED, core);
    const known = moves(ground);
    const opening = ['create_collection', 'register', 'mint', 'publish'];
    for (let i = 0; i < 200; i++) {
      const { instructions, signers, done } = known[opening[i % 4]]() as Move;
      if (ground.send(instructions, signers)?.error === null) done?.();
    }
    const [payer] = ground.people;
    const transfer = { fromPubkey: payer.publicKey, toPubkey: payer.publicKey, lamports: 1 };
    result = ground.send([SystemProgram.transfer(transfer)], [payer])!;
  });

  const find = (owner: { toBase58(): string }, size: (bytes: number) => boolean) => {
    const key = ground.pool.find((one) => {
      const stored = ground.account(one);
      return stored?.owner.toBase58() === owner.toBase58() && size(stored.data.length);
    })!;
    return { key, before: ground.account(key)! };
  };
  /** What is said when an account becomes this in a transaction that nobody has signed. */
  const say = (
    one: { key: Result['payer']; before: Stored },
    change: (data: Uint8Array) => void,
    lamports = 0n,
  ) => {
    const data = Uint8Array.from(one.before.data);
    change(data);
    const after = { ...one.before, data, lamports: one.before.lamports + lamports };
    const touched = [{ ...one, after }];
    return broken(ground, { ...result, touched, fee: 0n, signed: new Set() }).join('\n');
  };
  const symbiont = () => find(EVOLUTION_ID, (bytes) => bytes < 320);
  const zone = () => find(CHRONICLE_ID, (bytes) => bytes > 5_000);

  it('nothing where nothing happened', () => {
    expect(broken(ground, result)).toEqual([]);
    expect(say(symbiont(), () => {})).toBe('');
  });

  it('an abort, lamports out of nowhere, and a bond that is not there', () => {
    expect(broken(ground, { ...result, error: 'ProgramFailedToComplete' })).toEqual([
      'aborted with ProgramFailedToComplete',
    ]);
    expect(say(symbiont(), () => {}, 1n)).toContain('lamports: ');
    expect(say(zone(), () => {}, -1n)).toContain('for a bond of');
  });

  it.each([
    [
      'a deed undone, or a version or picture without the other',
      'symbiont',
      136,
      'changed without a new version',
    ],
    ['another genome', 'symbiont', 104, 'another symbiont'],
    ['consent that nobody gave', 'symbiont', 72, 'consent that nobody gave'],
    ['another authority of a zone', 'zone', 8, 'the authority changed'],
    ['another operator', 'zone', 40, 'the operator changed without the authority'],
    ['a leave that nobody asked for', 'zone', 88, 'leaves or stays without the authority'],
  ])('%s', (_, kind, at, sentence) => {
    const one = kind === 'zone' ? zone() : symbiont();
    expect(say(one, (data) => data.set([data[at] ^ 1], at))).toContain(sentence);
  });

  it('a zone key or an owner changed by nobody, and an asset that shows what is not', () => {
    const config = find(EVOLUTION_ID, (bytes) => bytes > 320);
    const zoneKey = decodeConfig(config.before.data).zone!.toBytes();
    const place = Buffer.from(config.before.data).indexOf(zoneKey);
    const turned = say(config, (data) => data.set([data[place] ^ 1], place));
    expect(turned).toContain('the zone changed without the authority');
    const asset = find(MPL_CORE_ID, (bytes) => bytes > 350);
    expect(say(asset, (data) => data.set([data[1] ^ 1], 1))).toContain('changed hands without its owner');
    const text = Buffer.from(asset.before.data);
    for (const at of [text.indexOf('stage') + 9, text.indexOf('Mo'), text.indexOf('http')])
      expect(say(asset, (data) => data.set(['9'.charCodeAt(0)], at))).toContain(
        'shows what its symbiont is not',
      );
    const collection = find(MPL_CORE_ID, (bytes) => bytes > 150 && bytes < 350);
    expect(say(collection, (data) => data.set([data[1] ^ 1], 1))).toContain('the config lost its collection');
    const name = Buffer.from(collection.before.data).indexOf('Fuzz');
    expect(say(collection, (data) => data.set([0x46 ^ 1], name))).toContain('changed by nobody');
    const minted = collection.before.data.length - 8;
    expect(say(collection, (data) => data.set([9], minted))).toBe('');
  });
});
