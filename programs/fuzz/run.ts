/** Random transactions of all programs against their invariants; the same seed plays the same game. */
import type { CoreKind } from '../testing/svm.ts';
import { brainMoves, sealedBrain } from './brains.ts';
import { breedingMoves } from './breeding.ts';
import { chronicleMoves } from './chronicle.ts';
import { evolutionMoves } from './evolution.ts';
import { Ground, type Move } from './ground.ts';
import { broken, coresOwnAbort } from './invariants.ts';
import { mutate } from './mutate.ts';

export interface Finding {
  seed: number;
  /** Among the seed's transactions. */
  sequence: number;
  moves: string[];
  error: null | number | string;
  what: string[];
  logs: string[];
}

export interface Tally {
  /** Transactions, each a sequence of one to three instructions or more. */
  sequences: number;
  instructions: number;
  /** How often each instruction went through unchanged, in a transaction that did. */
  succeeded: Record<string, number>;
  /** How often each refusal came. */
  refused: Record<string, number>;
  findings: Finding[];
}

/** How many tickets a move has in the draw, where it is not one. */
const WEIGHTS: Record<string, number> = {
  evolve: 9,
  mint: 2,
  publish: 8,
  write: 4,
  challenge: 2,
  top_up: 2,
  stay: 3,
  offer_breeding: 4,
  withdraw_offer: 2,
  accept_breeding: 9,
  draw: 9,
  reveal: 14,
  hatch: 8,
  lapse: 2,
};
/** What a game begins with, undisturbed, so that there is something to play with. */
const OPENING = ['create_collection', 'set_rule', 'register', 'mint', 'create', 'write', 'publish'];
const OPENING_LENGTH = 80;

/** A game lasts so many transactions; then another begins on a fresh ledger, so that none gets stuck. */
const GAME = 1_000;
const MAX_FINDINGS = 20;

export function newTally(): Tally {
  return { sequences: 0, instructions: 0, succeeded: {}, refused: {}, findings: [] };
}

/** Plays `count` transactions from `seed` on, and adds to the tally. Stops early after 20 findings. */
export async function fuzz(
  seed: number,
  count: number,
  core: CoreKind,
  tally: Tally = newTally(),
  progress: (tally: Tally) => void = () => {},
): Promise<Tally> {
  for (let left = count, game = seed; left > 0; left -= GAME, game = (game + 1) >>> 0) {
    play(game, Math.min(left, GAME), core, tally);
    progress(tally);
    // What is native of a ledger that nobody holds any more is only freed between turns of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    if (tally.findings.length >= MAX_FINDINGS) break;
  }
  return tally;
}

/** All the moves, by name. */
export function moves(ground: Ground): Record<string, () => Move> {
  const { file, brain } = sealedBrain(ground);
  return {
    ...evolutionMoves(ground),
    ...breedingMoves(ground),
    ...chronicleMoves(ground, brain, file),
    ...brainMoves(ground, brain),
  };
}

function play(seed: number, count: number, core: CoreKind, tally: Tally): void {
  const ground = new Ground(seed, core);
  const { random } = ground;
  const known = moves(ground);
  const names = Object.keys(known).flatMap((name) => Array<string>(WEIGHTS[name] ?? 1).fill(name));
  for (let sequence = 0; sequence < count; ) {
    if (random.chance(15)) ground.wait(random.pick([1, 1, 40, 40, 700, 90_000]));
    const opening = sequence < OPENING_LENGTH;
    const length = opening ? 1 : random.pick([1, 1, 1, 2, 3]);
    const chosen = Array.from({ length }, () => random.pick(opening ? OPENING : names));
    const parts = chosen.map((name) => known[name]());
    const instructions = parts.flatMap((part) => part.instructions);
    const wrong = !opening && random.chance(25);
    if (wrong) {
      const at = random.below(instructions.length);
      instructions[at] = mutate(ground, instructions[at]);
    }
    const signers = parts.flatMap((part) => part.signers);
    const present = new Set(signers.map(({ publicKey }) => publicKey.toBase58()));
    // nobody signs who is not there
    for (const one of instructions)
      for (const meta of one.keys) meta.isSigner &&= present.has(meta.pubkey.toBase58());
    const result = ground.send(instructions, signers);
    if (!result) continue;
    sequence++;
    tally.sequences++;
    tally.instructions += instructions.length;
    const { error, logs } = result;
    const theirs = coresOwnAbort(ground, instructions, result);
    if (theirs) tally.refused[theirs] = (tally.refused[theirs] ?? 0) + 1;
    if (theirs) continue;
    const what = broken(ground, result);
    if (what.length > 0) tally.findings.push({ seed, sequence, moves: chosen, error, what, logs });
    if (error !== null) tally.refused[error] = (tally.refused[error] ?? 0) + 1;
    if (error !== null || wrong) continue;
    parts.forEach((part, i) => {
      part.done?.();
      tally.succeeded[chosen[i]] = (tally.succeeded[chosen[i]] ?? 0) + 1;
    });
  }
}
