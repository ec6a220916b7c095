import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '#assets/vectors/growth.json' with { type: 'json' };
import { type Brood, broodChance, broodCommit, mixGenomes } from './index.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('a child’s genome', () => {
  it('is what the vectors say', () => {
    for (const { a, b, chance, child } of vectors.mixes)
      expect(Buffer.from(mixGenomes(hex(a), hex(b), hex(chance))).toString('hex')).toBe(child);
    expect(vectors.mixes.length).toBeGreaterThan(50);
  });

  it('has every byte from a parent, between both, or up to eight from one', () => {
    fc.assert(
      fc.property(bytes, bytes, bytes, (a, b, chance) => {
        const child = mixGenomes(a, b, chance);
        expect(child.length).toBe(32);
        child.forEach((byte, i) => {
          const [low, high] = [Math.min(a[i], b[i]), Math.max(a[i], b[i])];
          const near = Math.min(Math.abs(byte - a[i]), Math.abs(byte - b[i])) <= 8;
          expect((byte >= low && byte <= high) || near).toBe(true);
        });
      }),
    );
  });

  it('differs from one parent and the same only by what changed, and then never by nothing', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, chance) => {
        const child = mixGenomes(a, a, chance);
        child.forEach((byte, i) => {
          const by = Math.abs(byte - a[i]);
          if ((chance[i] & 7) === 7) expect(by >= 1 && by <= 8).toBe(true);
          else expect(by).toBe(0);
        });
      }),
    );
  });

  it('turns with every part of its chance', () => {
    const parts = fc.record({
      secrets: fc.tuple(bytes, bytes),
      slotHash: bytes,
      assets: fc.tuple(bytes, bytes),
    });
    fc.assert(
      fc.property(parts, fc.nat(4), fc.nat(255), (brood: Brood, part, bit) => {
        const turned: Brood = structuredClone(brood);
        const list = [...turned.secrets, turned.slotHash, ...turned.assets];
        list[part][bit >> 3] ^= 1 << (bit & 7);
        expect(broodChance(turned)).not.toEqual(broodChance(brood));
      }),
    );
  });

  it('is of 32 bytes each, and says which are not', () => {
    const [ok, short] = [new Uint8Array(32), new Uint8Array(31)];
    expect(() => mixGenomes(ok, short, ok)).toThrow('b: must be 32 bytes, is 31');
    const brood: Brood = { secrets: [ok, ok], slotHash: ok, assets: [ok, short] };
    expect(() => broodChance(brood)).toThrow('assets[1]: must be 32 bytes, is 31');
    expect(() => broodCommit(short, ok, ok)).toThrow('secret: must be 32 bytes, is 31');
  });
});
