import { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { BAD_RULES } from '#shared/growth/bad-rules.ts';
import { DEFAULT_RULE, type GrowthRule } from '#shared/growth/index.ts';
import { setRuleIx } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

const OTHER: GrowthRule = { ...DEFAULT_RULE, steps: DEFAULT_RULE.steps.slice(0, 2) };

describe.each(CORES)('set_rule (%s)', (core) => {
  const set = (scene: Scene, rule: GrowthRule, authority: Keypair = scene.creator) =>
    refusal(
      scene.svm.send(
        [setRuleIx({ authority: authority.publicKey, collection: scene.collection, rule })],
        [authority],
      ),
    );

  it('can replace the rule before the first mint', () => {
    const scene = new Scene(core);
    scene.createCollection();
    expect(set(scene, OTHER)).toBeNull();
    expect(scene.readConfig().rule).toEqual(OTHER);
  });

  it('cannot after the first mint', () => {
    const scene = Scene.living(core);
    expect(set(scene, OTHER)).toBe('RuleFixed');
    expect(scene.readConfig().rule).toEqual(DEFAULT_RULE);
  });

  it('cannot by another than the authority', () => {
    const scene = new Scene(core);
    scene.createCollection();
    for (const who of [scene.stranger, scene.minter]) expect(set(scene, OTHER, who)).toBe('WrongAuthority');
    expect(scene.readConfig().rule).toEqual(DEFAULT_RULE);
  });

  it('cannot without the authority’s signature', () => {
    const scene = new Scene(core);
    scene.createCollection();
    const one = setRuleIx({ authority: scene.creator.publicKey, collection: scene.collection, rule: OTHER });
    one.keys[0].isSigner = false;
    expect(refusal(scene.svm.send([one]))).toBe('MissingRequiredSignature');
  });

  it.each(BAD_RULES)('cannot take a rule with %s', (_, name, rule) => {
    const scene = new Scene(core);
    scene.createCollection();
    expect(set(scene, rule)).toBe(name);
    expect(scene.readConfig().rule).toEqual(DEFAULT_RULE);
  });

  it('cannot write what only looks like a config', () => {
    const scene = new Scene(core);
    scene.createCollection();
    const real = scene.svm.account(scene.config)!;
    const one = setRuleIx({ authority: scene.creator.publicKey, collection: scene.collection, rule: OTHER });
    one.keys[1].pubkey = Keypair.generate().publicKey;
    scene.svm.forge(one.keys[1].pubkey, { ...real, owner: scene.stranger.publicKey });
    expect(refusal(scene.svm.send([one], [scene.creator]))).not.toBeNull();
  });
});
