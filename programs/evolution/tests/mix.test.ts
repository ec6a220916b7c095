import fc from 'fast-check';
import { expect, it } from 'vitest';
import { broodChance, mixGenomes } from '#shared/growth/index.ts';
import { assetAddress, symbiontAddress } from '../../client/index.ts';
import { Couple } from '../../testing/couple.ts';
import { refusal } from '../../testing/refusals.ts';

/** Where a brood keeps its slot's hash: behind type, config, two each of assets, owners, payers, commits, secrets. */
const SLOT_HASH_AT = 8 + 32 + 5 * 64;

it('a child’s genome is the one that the twin in TypeScript computes', () => {
  const couple = new Couple('stand-in').reveals(0, 1);
  const { svm, collection, minter } = couple.scene;
  const places = [couple.breeding, couple.scene.config, collection, ...couple.assets.map(symbiontAddress)];
  const kept = places.map((place) => [place, svm.account(place)!] as const);
  const genome = fc.uint8Array({ minLength: 32, maxLength: 32 });
  // the ends of the range, where a change turns round, come often
  const ends = fc.array(fc.constantFrom(0, 1, 7, 8, 247, 248, 254, 255), { minLength: 32, maxLength: 32 });
  const parent = fc.oneof(
    genome,
    ends.map((list) => Uint8Array.from(list)),
  );
  fc.assert(
    fc.property(parent, parent, genome, (a, b, slotHash) => {
      for (const [place, stored] of kept) svm.forge(place, stored);
      const turn = (place: (typeof places)[0], at: number, bytes: Uint8Array) => {
        const stored = svm.account(place)!;
        const data = Uint8Array.from(stored.data);
        data.set(bytes, at);
        svm.forge(place, { ...stored, data });
      };
      turn(couple.breeding, SLOT_HASH_AT, slotHash);
      // a symbiont's genome follows its type, asset, config and consent
      for (const [i, bytes] of [a, b].entries()) turn(symbiontAddress(couple.assets[i]), 8 + 3 * 32, bytes);
      const [one, other] = couple.assets.map((asset) => asset.toBytes());
      const chance = broodChance({ secrets: couple.secrets, slotHash, assets: [one, other] });
      const child = mixGenomes(a, b, chance);
      expect(refusal(svm.send([couple.hatchIx({ genome: child })], [minter]))).toBeNull();
      expect(couple.symbiont(assetAddress(collection, child)).genome).toEqual(child);
    }),
    { numRuns: 60 },
  );
});
