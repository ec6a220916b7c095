import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StudioDraft } from '#shared/protocol/studio.ts';
import { type Draft, readDraft } from '../draft.ts';
import { draftProblems, LAMPORTS, sol, toServer } from './toServer.ts';

const draft: Draft = { ...readDraft(undefined), name: 'Mosslings', symbol: 'MOSS' };
const ME = 'So11111111111111111111111111111111111111112';

describe('a draft for the server', () => {
  it('is one that the server takes', () => {
    const taken = StudioDraft.parse(toServer({ ...draft, price: 0.05, royalties: 2.5 }, ME, 'a'.repeat(64)));
    expect(taken.price).toBe(50_000_000);
    expect(taken.royalties).toEqual({ basisPoints: 250, shares: [{ address: ME, percentage: 100 }] });
    expect(taken.traits).toBeNull();
  });

  it('names what the creator did not name as the world does', () => {
    const taken = StudioDraft.parse(toServer({ ...draft, branches: ['rose', '', '', ''] }, ME, null));
    expect(taken.traits?.branches).toEqual(['rose', 'thorn', 'stone', 'heart']);
    expect(taken.traits?.stages[0]).toBe('seed');
  });

  it.each([
    ['name', { name: '' }],
    ['name', { name: 'ü'.repeat(17) }],
    ['symbol', { symbol: 'moss' }],
    ['supply', { supply: -1 }],
    ['supply', { supply: 2 ** 32 }],
    ['supply', { supply: 1.5 }],
    ['supply', { supply: Number.NaN }],
    ['price', { price: 1_001 }],
    ['price', { price: Number.NaN }],
    ['royalties', { royalties: 101 }],
    ['dailyCap', { dailyCap: 65_536 }],
    ['description', { description: 'a\u0007b' }],
  ])('says that %s of %o is wrong', (field, part) => {
    expect([...draftProblems({ ...draft, ...part }).keys()]).toContain(field);
  });

  it('has none to say of a good one', () => {
    expect(draftProblems(draft).size).toBe(0);
  });
});

it('writes lamports as SOL, to the last of them', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 50), (lamports) => {
      const text = sol(lamports);
      expect(Math.round(Number(text.replace(' SOL', '')) * LAMPORTS)).toBe(lamports);
      expect(text).not.toMatch(/e|\.0* SOL|\.\d*0 SOL/);
    }),
  );
});
