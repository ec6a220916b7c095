/** Random moves by which symbionts have children. */
import type { Keypair, PublicKey } from '@solana/web3.js';
import { broodChance, broodCommit, mixGenomes } from '#shared/growth/index.ts';
import {
  acceptBreedingIx,
  type BreedingState,
  breedingAddress,
  CONSTANTS,
  configAddress,
  decodeAsset,
  decodeBreeding,
  decodeConfig,
  decodeSymbiont,
  drawIx,
  hatchIx,
  lapseIx,
  offerBreedingIx,
  revealIx,
  symbiontAddress,
  withdrawOfferIx,
} from '../client/index.ts';
import { uriOf } from '../testing/scene.ts';
import { assetsOf } from './evolution.ts';
import type { Ground, Move } from './ground.ts';

/** Few, so that a wrong one is sometimes another's right one. */
const secretOf = (owner: PublicKey): Uint8Array => Uint8Array.from(owner.toBytes()).fill(1, 0, 8);

/** Bytes of the ground are never changed in place: what was read of them holds. */
function remembering<T>(read: (data: Uint8Array) => T): (data: Uint8Array) => T {
  const known = new WeakMap<Uint8Array, { value: T }>();
  return (data) => {
    let found = known.get(data);
    if (!found) {
      found = { value: read(data) };
      known.set(data, found);
    }
    return found.value;
  };
}

export function breedingMoves(ground: Ground): Record<string, () => Move> {
  const { random, people } = ground;
  const [readBrood, readSymbiont] = [remembering(decodeBreeding), remembering(decodeSymbiont)];
  const assets = assetsOf(ground);
  // those of one collection, each in both directions
  const pairs = assets.flatMap((one) =>
    assets.flatMap((other) =>
      one !== other && one.collection.equals(other.collection)
        ? [
            {
              collection: one.collection,
              a: one.asset,
              b: other.asset,
              place: breedingAddress(one.asset, other.asset),
            },
          ]
        : [],
    ),
  );
  for (const { place } of pairs.slice(0, 8)) ground.meet(place);
  const data = (key: PublicKey): Uint8Array | null => {
    const stored = ground.account(key);
    return stored && stored.data.length > 0 ? stored.data : null;
  };
  const states = new Map(assets.map(({ asset }) => [asset, symbiontAddress(asset)]));
  const stateOf = (asset: PublicKey): Uint8Array | null => {
    const place = states.get(asset);
    return place ? data(place) : null;
  };

  const holder = (found: PublicKey | null | undefined): Keypair =>
    people.find(({ publicKey }) => found?.equals(publicKey)) ?? random.pick(people);
  const mostly = (right: Keypair): Keypair => (random.chance(90) ? right : random.pick(people));
  const ownerOf = (asset: PublicKey): Keypair => {
    const bytes = data(asset);
    return holder(bytes && bytes.length > 100 ? decodeAsset(asset, bytes).owner : null);
  };
  const stageOf = (asset: PublicKey): number => {
    const bytes = stateOf(asset);
    return bytes ? readSymbiont(bytes).stage : -1;
  };
  const broodOf = (pair: (typeof pairs)[0]): BreedingState | null => {
    const bytes = data(pair.place);
    return bytes && readBrood(bytes);
  };
  /** Mostly a pair whose brood is in this state. */
  const pick = (state: BreedingState['state'] | null) => {
    const fit = pairs.filter((pair) => (broodOf(pair)?.state ?? null) === state);
    const grown = state === null ? fit.filter(({ a, b }) => stageOf(a) > 0 && stageOf(b) > 0) : fit;
    return random.pick(random.chance(90) && grown.length > 0 ? grown : pairs);
  };
  const commit = ({ a, b }: (typeof pairs)[0], owner: PublicKey): Uint8Array =>
    random.chance(95)
      ? broodCommit(secretOf(owner), breedingAddress(a, b).toBytes(), owner.toBytes())
      : random.bytes(32);
  const move = (one: Move['instructions'][0], ...signers: Keypair[]): Move => ({
    instructions: [one],
    signers: [...signers, people[0]],
  });
  const payersOf = (brood: BreedingState | null): [PublicKey, PublicKey] => {
    const right = brood && random.chance(97);
    const other = random.pick(people).publicKey;
    return right ? [brood.payers[0], brood.payers[1] ?? other] : [other, random.pick(people).publicKey];
  };

  return {
    offer_breeding: () => {
      const pair = pick(null);
      const [payer, owner] = [random.pick(people), mostly(ownerOf(pair.a))];
      const [deposit, heir] = [random.pick([1_000_000n, 70_000_000n, 5n]), random.pick([0, 1, 1] as const)];
      const until = BigInt(ground.time) + random.pick([60n, 3_000n, 100_000n, 1n]);
      const terms = { deposit, heir, until, consent: random.chance(50) };
      const side = { payer: payer.publicKey, owner: owner.publicKey, commit: commit(pair, owner.publicKey) };
      return move(offerBreedingIx({ ...pair, ...side, ...terms }), payer, owner);
    },
    accept_breeding: () => {
      const pair = pick('offered');
      const [payer, owner] = [random.pick(people), mostly(ownerOf(pair.b))];
      const brood = broodOf(pair);
      const deposit = brood && random.chance(95) ? brood.deposit : 1_000_000n;
      const heir = brood && random.chance(95) ? brood.heir : 0;
      const side = { payer: payer.publicKey, owner: owner.publicKey, commit: commit(pair, owner.publicKey) };
      const ix = acceptBreedingIx({ ...pair, ...side, deposit, heir, consent: random.chance(50) });
      return move(ix, payer, owner);
    },
    withdraw_offer: () => {
      const pair = pick('offered');
      const brood = broodOf(pair);
      const owner = random.chance(60) ? mostly(holder(brood?.owners[0])) : null;
      const ix = withdrawOfferIx({ ...pair, owner: owner?.publicKey ?? null, payers: payersOf(brood) });
      return move(ix, ...(owner ? [owner] : []));
    },
    draw: () => {
      if (random.chance(60)) ground.ledger.setSlot(ground.ledger.slot + 1n);
      return move(drawIx(pick('accepted')));
    },
    reveal: () => {
      const pair = pick('drawn');
      const side = random.pick([0, 1] as const);
      const owner = broodOf(pair)?.owners[side] ?? random.pick(people).publicKey;
      const secret = random.chance(95) ? secretOf(owner) : random.bytes(32);
      return move(revealIx({ ...pair, side, secret }));
    },
    hatch: () => {
      const ready = pairs.filter((one) => broodOf(one)?.secrets.every((secret) => secret !== null));
      const pair = ready.length > 0 && random.chance(95) ? random.pick(ready) : pick('drawn');
      const brood = broodOf(pair);
      const config = data(configAddress(pair.collection));
      const named = config ? decodeConfig(config) : null;
      const minter = mostly(holder(random.chance(50) ? named?.minter : named?.authority));
      const payer = random.pick(people);
      const ix = hatchIx({
        ...pair,
        payer: payer.publicKey,
        minter: minter.publicKey,
        owner: brood?.owners[brood.heir] ?? random.pick(people).publicKey,
        payers: payersOf(brood),
        genome: (random.chance(97) && brood && genomeOf(pair, brood)) || random.bytes(32),
        name: 'Mo',
        uri: uriOf('6'),
        picture: random.bytes(32),
      });
      return move(ix, payer, minter);
    },
    lapse: () => {
      const pair = pick(random.pick(['accepted', 'drawn'] as const));
      if (random.chance(30)) ground.wait(CONSTANTS.REVEAL_SECONDS + 1);
      return move(lapseIx({ ...pair, payers: payersOf(broodOf(pair)) }));
    },
  };

  function genomeOf({ a, b }: (typeof pairs)[0], brood: BreedingState): Uint8Array | null {
    const [one, other] = brood.secrets;
    const [first, second] = [a, b].map(stateOf);
    if (!one || !other || !brood.slotHash || !first || !second) return null;
    const pair = [a.toBytes(), b.toBytes()] as const;
    const chance = broodChance({ secrets: [one, other], slotHash: brood.slotHash, assets: pair });
    return mixGenomes(readSymbiont(first).genome, readSymbiont(second).genome, chance);
  }
}
