import { describe, expect, it } from 'vitest';
import { against, type Side } from './pair.ts';

const NOW = 1_800_000_000;
const side = (symbiont: object = {}, state: object = {}): Side => ({
  name: 'Ada',
  symbiont: {
    asset: 'a',
    name: 'Mo',
    minted: true,
    held: 'guest',
    stage: 1,
    collection: null,
    ...symbiont,
  },
  state: { stage: 1, rested: 0n, ...state },
});
const other = side({ asset: 'b', name: 'Fay' });

describe('against', () => {
  it('says nothing against two sprouts, in a wallet or not, who have rested to the second', () => {
    expect(against(side(), other, NOW)).toBeNull();
    expect(against(side({ held: 'wallet' }, { stage: 4, rested: BigInt(NOW) }), other, NOW)).toBeNull();
  });

  it.each([
    ['nobody', { ...side(), symbiont: null }, 'Ada: has no symbiont yet'],
    ['what is hatching', side({ minted: false }), 'Mo: is still hatching'],
    ['what the chain does not hold', { ...side(), state: null }, 'Mo: is still hatching'],
    ['what moves', side({ held: 'moving' }), 'Mo: is moving to a wallet; try again in a moment'],
    ['a seed', side({}, { stage: 0 }), 'Mo: is a seed; it has to sprout before it can have a child'],
    ['who rests long', side({}, { rested: BigInt(NOW + 86_400) }), 'Mo: rests for 24 hours more'],
    ['who rests a little', side({}, { rested: BigInt(NOW + 61) }), 'Mo: rests for 2 minutes more'],
    ['who rests a second', side({}, { rested: BigInt(NOW + 1) }), 'Mo: rests for a minute more'],
  ])('names %s, on either side', (_, bad, sentence) => {
    expect(against(bad as Side, other, NOW)).toBe(sentence);
    expect(against(other, bad as Side, NOW)).toBe(sentence);
  });

  it('names one that is both, and one of another collection', () => {
    expect(against(side(), side(), NOW)).toBe('symbiont: both are one');
    expect(against(side(), side({ asset: 'b', name: 'Fay', collection: 'c' }), NOW)).toBe(
      'Fay: is of another collection',
    );
  });
});
