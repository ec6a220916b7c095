/** Random moves of the chronicle: honest and lying operators, challengers, people who recall. */
import { hexToBytes } from '@noble/hashes/utils';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { brainId, decide, decodeBrain, forward, networkOutputs } from '#shared/brain/index.ts';
import {
  type EpochHeader,
  encodeDecision,
  encodeEpoch,
  epochHash,
  MerkleTree,
  NO_PREVIOUS,
} from '#shared/proof/index.ts';
import { judgeIx, type PublishedDecision } from '../client/brains.ts';
import {
  CHRONICLE,
  challengeIx,
  decodeZone,
  forgetIx,
  leaveIx,
  publishIx,
  recallAddress,
  recallIx,
  recallOnIx,
  registerIx,
  setOperatorIx,
  stayIx,
  topUpIx,
  withdrawIx,
  type ZoneState,
  zoneAddress,
} from '../client/chronicle.ts';
import type { Ground, Move } from './ground.ts';

interface Epoch {
  zone: PublicKey;
  header: EpochHeader;
  decision: PublishedDecision;
}

/** `brain`: a sealed one that decides; `file`: what it was made of. */
export function chronicleMoves(
  ground: Ground,
  brain: PublicKey,
  file: Uint8Array,
): Record<string, () => Move> {
  const { random, people } = ground;
  const { network } = decodeBrain(file);
  const zones = people.slice(2, 4).map((authority, i) => {
    const number = 7 + i;
    const zone = zoneAddress(authority.publicKey, number);
    return { authority, number, zone, worldSeed: 99 + i, epochs: [] as Epoch[] };
  });
  for (const { zone } of zones) {
    ground.meet(zone);
    for (const { publicKey } of people) ground.meet(recallAddress(zone, publicKey));
  }
  const mostly = (right: Keypair): Keypair => (random.chance(85) ? right : random.pick(people));
  const stateOf = (zone: PublicKey): ZoneState | null => {
    const stored = ground.account(zone);
    return stored && stored.data.length > 0 ? decodeZone(stored.data) : null;
  };
  const byAuthority = (make: typeof leaveIx) => (): Move => {
    const { authority, zone } = random.pick(zones);
    const by = mostly(authority);
    return { instructions: [make({ authority: by.publicKey, zone })], signers: [by] };
  };

  function publish(): Move {
    const one = random.pick(zones);
    const state = stateOf(one.zone);
    const epoch = (state?.nextEpoch ?? 0) + (random.chance(10) ? 1 + random.below(3) : 0);
    const firstTick = (state?.nextTick ?? 0) + (random.chance(5) ? random.below(1_000) : 0);
    const leaf = {
      zone: one.number,
      epoch,
      tick: firstTick + random.below(600),
      npc: random.below(60),
      brain: hexToBytes(brainId(file)),
      worldSeed: one.worldSeed,
      mask: 1 + random.below(0xfff),
      observations: Uint8Array.from(random.bytes(64), (byte) => byte & 127),
    };
    const logits = new Int32Array(networkOutputs(network));
    forward(network, leaf.observations, logits);
    const right = decide(logits, leaf.mask, leaf.worldSeed, leaf.tick, leaf.npc);
    const action = random.chance(80) ? right : random.below(16);
    const bytes = encodeDecision({ ...leaf, action });
    const tree = new MerkleTree();
    tree.add(bytes);
    tree.add(encodeDecision({ ...leaf, npc: leaf.npc + 1, action }));
    const header: EpochHeader = {
      zone: random.chance(97) ? one.number : random.below(10),
      epoch,
      firstTick,
      lastTick: firstTick + 599,
      decisions: 2,
      deeds: 0,
      inputs: 0,
      worldHashBefore: state && state.published > 0 ? state.lastWorld : random.bytes(32),
      worldHashAfter: random.bytes(32),
      root: tree.root(),
      previous: state && state.published > 0 ? state.lastHash : NO_PREVIOUS,
    };
    const named = people.find(({ publicKey }) => state?.operator.equals(publicKey));
    const operator = mostly(named ?? one.authority);
    const ix = publishIx({ operator: operator.publicKey, zone: one.zone, header: encodeEpoch(header) });
    const decision = { index: 0, leaf: bytes, path: tree.path(0) };
    const done = (): void => {
      one.epochs.push({ zone: one.zone, header, decision });
      if (one.epochs.length > 200) one.epochs.shift();
    };
    return { instructions: [ix], signers: [operator], done };
  }

  /** Headers of a zone, newest first, linked, from a random one on. */
  function headers(zone: (typeof zones)[0], from?: Uint8Array): Uint8Array[] {
    const { epochs } = zone;
    if (epochs.length === 0) return [random.bytes(164)];
    const start = from
      ? epochs.findIndex(({ header }) => Buffer.compare(epochHash(header), from) === 0)
      : random.below(epochs.length);
    const newest = start < 0 ? random.below(epochs.length) : start;
    const linked = epochs.slice(Math.max(0, newest - random.below(3)), newest + 1).reverse();
    return linked.map(({ header }) => encodeEpoch(header));
  }

  return {
    register: () => {
      const { authority, number, worldSeed } = random.pick(zones);
      const by = mostly(authority);
      const bond = random.chance(90)
        ? CHRONICLE.MIN_BOND + BigInt(random.below(1_000))
        : BigInt(random.next());
      const operator = random.pick(people).publicKey;
      const ix = registerIx({ authority: by.publicKey, zone: number, worldSeed, operator, bond });
      return { instructions: [ix], signers: [by] };
    },
    set_operator: () => {
      const { authority, zone } = random.pick(zones);
      const by = mostly(authority);
      const ix = setOperatorIx({ authority: by.publicKey, zone, operator: random.pick(people).publicKey });
      return { instructions: [ix], signers: [by] };
    },
    top_up: () => {
      const payer = random.pick(people);
      const lamports = random.chance(80) ? CHRONICLE.MIN_BOND : random.pick([0n, 1n, 2n ** 64n - 1n]);
      const ix = topUpIx({ payer: payer.publicKey, zone: random.pick(zones).zone, lamports });
      return { instructions: [ix], signers: [payer] };
    },
    publish,
    leave: byAuthority(leaveIx),
    stay: byAuthority(stayIx),
    withdraw: byAuthority(withdrawIx),
    challenge: () => {
      const one = random.pick(zones);
      const challenger = random.pick(people);
      const epoch = one.epochs.length > 0 ? random.pick(one.epochs.slice(-20)) : null;
      const decision = epoch?.decision ?? { index: 0, leaf: random.bytes(131), path: [] };
      const ix = challengeIx({ challenger: challenger.publicKey, zone: one.zone, brain, ...decision });
      return { instructions: [ix], signers: [challenger] };
    },
    judge: () => {
      const one = random.pick(zones);
      const decision = one.epochs.length > 0 ? random.pick(one.epochs).decision : null;
      const asked = decision ?? { index: 0, leaf: random.bytes(131), path: [] };
      const signer = random.pick(people);
      const recall = random.chance(50) ? recallAddress(one.zone, signer.publicKey) : undefined;
      return { instructions: [judgeIx({ zone: one.zone, brain, recall, ...asked })], signers: [signer] };
    },
    recall: () => {
      const [one, payer] = [random.pick(zones), random.pick(people)];
      const ix = recallIx({ payer: payer.publicKey, zone: one.zone, headers: headers(one) });
      return { instructions: [ix], signers: [payer] };
    },
    recall_on: () => {
      const [one, payer] = [random.pick(zones), random.pick(people)];
      const stored = ground.account(recallAddress(one.zone, payer.publicKey));
      // the account's `previous`, after discriminator, zone, root and hash
      const previous = stored && stored.data.length > 136 ? stored.data.subarray(104, 136) : undefined;
      const ix = recallOnIx({ payer: payer.publicKey, zone: one.zone, headers: headers(one, previous) });
      return { instructions: [ix], signers: [payer] };
    },
    forget: () => {
      const [one, payer] = [random.pick(zones), random.pick(people)];
      return { instructions: [forgetIx({ payer: payer.publicKey, zone: one.zone })], signers: [payer] };
    },
  };
}
