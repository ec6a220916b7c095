import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '#shared/growth/index.ts';
import { StudioDraft } from '#shared/protocol/studio.ts';
import { Draft, licenceId, licenceProblem, readDraft } from './draft.ts';

describe('a kept draft', () => {
  it('begins with the world’s own rule', () => {
    expect(readDraft(undefined).rule).toEqual(DEFAULT_RULE);
  });

  it('keeps what fits of a broken or older one', () => {
    const kept = { ...readDraft(undefined), name: 'Mosslings', supply: 'many', extra: 1 };
    const read = readDraft(kept);
    expect(read.name).toBe('Mosslings');
    expect(read.supply).toBe(500);
    expect('extra' in read).toBe(false);
  });

  it('is one whatever lay there', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.dictionary(fc.constantFrom('rule', 'run', 'name', 'mix'), fc.anything()),
        (a, b) => {
          for (const kept of [a, b]) expect(Draft.safeParse(readDraft(kept)).success).toBe(true);
        },
      ),
    );
  });
});

describe('a licence', () => {
  const of = (kind: Draft['licence']['kind'], name = '', declared = true) => ({
    licence: { kind, name, declared },
  });

  it.each([
    [of('own'), null],
    [of('own', '', false), /Say that/],
    [of('other'), /SPDX/],
    [of('other', 'all mine'), /SPDX/],
    [of('other', 'CC-BY-4.0'), null],
  ])('%o', (draft, problem) => {
    if (problem === null) {
      expect(licenceProblem(draft)).toBeNull();
      expect(StudioDraft.shape.licence.safeParse(licenceId(draft)).success).toBe(true);
    } else expect(licenceProblem(draft)).toMatch(problem);
  });
});
