import { describe, expect, it } from 'vitest';
import { setPriceIx } from '../../client/brains.ts';
import { brainsRefusal, Court } from '../../testing/court.ts';

const set = (court: Court, price: bigint, author = court.author) =>
  brainsRefusal(court.send(setPriceIx({ author: author.publicKey, brain: court.brain, price }), author));

describe('set_price', () => {
  it('can change a sealed brain’s price, and nothing else', () => {
    const court = Court.sitting();
    const before = court.readBrain();
    for (const price of [1n, 2n ** 64n - 1n, 0n]) {
      expect(set(court, price)).toBeNull();
      expect(court.readBrain()).toEqual({ ...before, price });
    }
  });

  it('cannot by another than the author', () => {
    const court = Court.sitting();
    expect(set(court, 5n, court.stranger)).toBe('WrongAuthor');
    expect(court.readBrain().price).toBe(0n);
  });
});
