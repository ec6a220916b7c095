/** Random moves of the brains program: uploads in pieces, seals, prices, questions to the referee. */
import { hexToBytes } from '@noble/hashes/utils';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { brainId } from '#shared/brain/index.ts';
import {
  allocateBrainIxs,
  brainAddress,
  brainSpace,
  closeBrainIx,
  createBrainIx,
  evaluateIx,
  sealBrainIx,
  setPriceIx,
  uploadBrain,
  WRITE_BYTES,
  writeBrainIx,
} from '../client/brains.ts';
import { brainFile } from '../testing/court.ts';
import { vectorNetwork } from '../testing/vectors.ts';
import type { Ground, Move } from './ground.ts';

const NETWORK = 'negative logits, shifted';

/** The brain that the zones' decisions name, sealed before the game begins. */
export function sealedBrain(ground: Ground): { file: Uint8Array; brain: PublicKey } {
  const [author] = ground.people;
  const file = brainFile(vectorNetwork(NETWORK));
  const brain = brainAddress(author.publicKey, brainId(file));
  const of = { payer: author.publicKey, author: author.publicKey, file, licence: 'MIT' };
  for (const instructions of uploadBrain({ ...of, lamports: Number(ground.rent(brainSpace(file))) })) {
    const own = instructions.filter(({ programId }) => !programId.toBase58().startsWith('ComputeBudget'));
    const result = ground.send(own, [author]);
    if (result?.error !== null)
      throw new Error(`the brain was not sealed: ${result?.error}\n${result?.logs.join('\n')}`);
  }
  ground.meet(brain);
  return { file, brain };
}

interface Upload {
  author: Keypair;
  file: Uint8Array;
  brain: PublicKey;
  /** Bytes written. */
  at: number;
}

export function brainMoves(ground: Ground, sealed: PublicKey): Record<string, () => Move> {
  const { random, people } = ground;
  const uploads: Upload[] = [];
  let made = 0;

  /** A new upload for every one that was sealed or has grown old, so that there is always one under way. */
  function current(): Upload {
    if (uploads.length < 3) {
      const author = random.pick(people);
      const provenance = { seed: made++ } as Parameters<typeof brainFile>[1];
      const file = brainFile(vectorNetwork(NETWORK), provenance);
      const brain = brainAddress(author.publicKey, brainId(file));
      ground.meet(brain);
      uploads.push({ author, file, brain, at: 0 });
    }
    return random.pick(uploads);
  }

  const drop = (one: Upload): void => {
    const place = uploads.indexOf(one);
    if (place >= 0) uploads.splice(place, 1);
  };
  const mostly = (right: Keypair): Keypair => (random.chance(90) ? right : random.pick(people));

  return {
    create: () => {
      const { author, file, brain } = current();
      const payer = random.pick(people);
      const id = hexToBytes(brainId(file));
      const lamports = Number(ground.rent(brainSpace(file)));
      const upload = { payer: payer.publicKey, author: author.publicKey, file, lamports, licence: 'MIT' };
      const begin = createBrainIx({
        author: author.publicKey,
        brain,
        id,
        fileBytes: file.length,
        licence: 'MIT',
      });
      return { instructions: [...allocateBrainIxs(upload), begin], signers: [payer, author] };
    },
    write: () => {
      const one = current();
      const by = mostly(one.author);
      const offset = random.chance(95) ? one.at : random.next();
      const end = Math.min(one.file.length, one.at + WRITE_BYTES);
      const ix = writeBrainIx({
        author: by.publicKey,
        brain: one.brain,
        offset,
        bytes: one.file.subarray(one.at, end),
      });
      const done = (): void => {
        if (offset === one.at) one.at = end;
      };
      return { instructions: [ix], signers: [by], done };
    },
    seal: () => {
      const one = uploads.find(({ at, file }) => at >= file.length) ?? current();
      const by = mostly(one.author);
      const ix = sealBrainIx({ author: by.publicKey, brain: one.brain });
      return { instructions: [ix], signers: [by], done: () => drop(one) };
    },
    close: () => {
      const one = current();
      const by = random.chance(30) ? one.author : random.pick(people);
      const ix = closeBrainIx({ author: by.publicKey, brain: one.brain });
      return { instructions: [ix], signers: [by], done: () => drop(one) };
    },
    set_price: () => {
      const brain = random.chance(50) ? sealed : current().brain;
      const by = mostly(people[0]);
      const price = BigInt(random.next()) * BigInt(random.next());
      return { instructions: [setPriceIx({ author: by.publicKey, brain, price })], signers: [by] };
    },
    evaluate: () => {
      const brain = random.chance(80) ? sealed : current().brain;
      const observations = Uint8Array.from(random.bytes(64), (byte) =>
        random.chance(99) ? byte & 127 : byte,
      );
      const draw = { mask: random.below(0x10000), worldSeed: random.next(), tick: random.next(), npc: 3 };
      return { instructions: [evaluateIx({ brain, observations, ...draw })], signers: [random.pick(people)] };
    },
  };
}
