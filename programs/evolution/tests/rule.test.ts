import { describe, expect, it } from 'vitest';
import vectors from '#assets/vectors/growth.json' with { type: 'json' };
import type { GrowthRule } from '#shared/growth/index.ts';
import { setRuleIx } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';

/** Bytes of a symbiont's state, from its end: stage, branch, bump, then parents, rest, children, generation. */
const STAGE_FROM_END = 3 + 64 + 8 + 2 + 2;

/** Puts a symbiont where no transactions brought it, and tries to evolve it. */
function grow(scene: Scene, stage: number, branch: number, deeds: number[]) {
  const before = scene.svm.account(scene.symbiont)!;
  const data = Uint8Array.from(before.data);
  data[data.length - STAGE_FROM_END] = stage;
  data[data.length - STAGE_FROM_END + 1] = branch;
  scene.svm.forge(scene.symbiont, { ...before, data });
  const answer = refusal(scene.evolve({ deeds }));
  const { stage: reached, branch: chosen } = scene.readSymbiont();
  scene.svm.forge(scene.symbiont, before);
  if (answer === 'RuleNotMet') return null;
  expect(answer).toBeNull();
  return { stage: reached, branch: chosen };
}

describe('the rule, computed by the program', () => {
  it.each(vectors.rules.map((rule, i) => [i, rule as GrowthRule] as const))(
    'agrees with the vectors of rule %i',
    (i, rule) => {
      const scene = new Scene('stand-in');
      scene.createCollection();
      const setRule = setRuleIx({ authority: scene.creator.publicKey, collection: scene.collection, rule });
      expect(refusal(scene.svm.send([setRule], [scene.creator]))).toBeNull();
      scene.mint();
      for (const one of vectors.cases.filter((one) => one.rule === i)) {
        expect(grow(scene, one.stage, one.branch, one.deeds)).toEqual(one.next);
      }
    },
  );
});
