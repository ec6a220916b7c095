/**
 * The referee in compute units: one decision re-executed with its Merkle path, challenges and epochs; and
 * what a brain and a zone cost. Measured on a small ledger in this process.
 */
import { ComputeBudgetProgram, type PublicKey } from '@solana/web3.js';
import { BRAIN_HEADER_BYTES, evaluateIx, judgeIx, packedBytes } from '../programs/client/brains.ts';
import { leaveIx, recallIx, setOperatorIx, stayIx, topUpIx } from '../programs/client/chronicle.ts';
import { brainFile, Court } from '../programs/testing/court.ts';
import { Scene } from '../programs/testing/scene.ts';
import { createNetwork, type Layer } from '../shared/brain/index.ts';
import { encodeDecision, encodeEpoch } from '../shared/proof/index.ts';
import { median } from './report.ts';

/** Decisions of one epoch: 60 NPCs deciding every fourth of 600 ticks, and one leaf of inputs a tick. */
const LEAVES = 60 * 150 + 600;
/** Decisions measured; their observations differ, and with them how many activations are zero. */
const DECISIONS = 31;
/** Base fee of a transaction with one signature, lamports. */
const FEE = 5_000n;
const EPOCHS_A_DAY = 2_880n;

/** Weights over the whole range, so that as few activations as ever are zero. */
function dense(widths: number[], shifts: number[]): Layer[] {
  return shifts.map((shift, l) => ({
    inputs: widths[l],
    outputs: widths[l + 1],
    shift,
    weights: Int8Array.from({ length: widths[l] * widths[l + 1] }, (_, i) => ((i * 7919) % 255) - 127),
    bias: new Int32Array(widths[l + 1]).fill(20_000),
  }));
}

const observationsOf = (npc: number, length = 64): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => 1 + ((i * 37 + npc * 101) % 127));

/** 128-128-128-16, every input at work. */
function largest(court: Court): number {
  const network = createNetwork(dense([128, 128, 128, 16], [9, 9, 8]));
  const file = brainFile(network);
  court.must(court.upload(file));
  const units = ComputeBudgetProgram.setComputeUnitLimit({ units: 1_400_000 });
  const brain = court.brainAt(file);
  const base = court.must(court.send(units)).cu;
  const runs = Array.from({ length: DECISIONS }, (_, npc) => {
    const question = { mask: 0xffff, worldSeed: 1, tick: 4, npc, observations: observationsOf(npc, 128) };
    return court.must(court.send([units, evaluateIx({ brain, ...question })])).cu - base;
  });
  return median(runs);
}

/** Compute units of the referee's and the chronicle's instructions, medians. */
export function measureJudgeCu(): { figure: string; value: number }[] {
  const court = Court.sitting();
  const { zone, brain, authority, stranger } = court;
  const judge = (epoch: Court['epochs'][number], index: number): number =>
    court.must(court.send(judgeIx({ zone, brain, ...court.published(epoch, index) }))).cu;
  const cost = (outcome: ReturnType<Court['send']>): number => court.must(outcome).cu;
  const figures: Record<string, number> = {};
  const publishes: number[] = [];

  // a tree of one leaf has no path: the decision alone, its leaf's hash included
  const alone: number[] = [];
  for (let npc = 0; npc < DECISIONS; npc++) {
    court.setTime(court.time + 30);
    const leaf = encodeDecision(court.decision({ npc, observations: observationsOf(npc) }));
    const epoch = court.epoch([leaf]);
    publishes.push(cost(court.publish(epoch)));
    alone.push(judge(epoch, 0));
  }
  const npcs = Array.from({ length: DECISIONS }, (_, npc) =>
    encodeDecision(court.decision({ npc, observations: observationsOf(npc) })),
  );
  const filler = Array.from({ length: LEAVES - DECISIONS }, (_, i) =>
    encodeDecision(court.decision({ npc: i, action: 0 })),
  );
  const whole = court.epoch([...npcs, ...filler]);
  publishes.push(cost(court.publish(whole)));
  figures.judge_cu = median(alone);
  figures.judge_path_cu = median(npcs.map((_, index) => judge(whole, index))) - figures.judge_cu;
  figures.judge_largest_cu = largest(court);
  figures.publish_cu = median(publishes);
  figures.challenge_lost_cu = cost(court.challenge(court.published(whole, 5)));
  const right = court.decision();
  const wrong = court.epoch([encodeDecision({ ...right, action: (right.action + 1) % 12 })]);
  court.must(court.publish(wrong));
  figures.challenge_won_cu = cost(court.challenge(court.published(wrong)));

  const of = { authority: authority.publicKey, zone };
  const payer = stranger.publicKey;
  figures.set_operator_cu = cost(court.send(setOperatorIx({ ...of, operator: payer }), authority));
  figures.top_up_cu = cost(court.send(topUpIx({ payer, zone, lamports: 1n }), stranger));
  figures.leave_cu = cost(court.send(leaveIx(of), authority));
  figures.stay_cu = cost(court.send(stayIx(of), authority));
  const headers = court.epochs.slice(-5).reverse();
  figures.recall_five_cu = cost(
    court.send(
      recallIx({ payer, zone, headers: headers.map(({ header }) => encodeEpoch(header)) }),
      stranger,
    ),
  );
  figures.register_cu = cost(court.register({ zone: 8 }));
  const another = brainFile(court.network, { bench: true });
  figures.seal_cu = cost(court.upload(another));
  return Object.entries(figures).map(([figure, value]) => ({ figure, value }));
}

/** What stays on the chain and what a day costs, lamports. */
export function measureLamports(): { figure: string; value: number }[] {
  const court = new Court();
  const bytes = BRAIN_HEADER_BYTES + packedBytes(court.network.layers);
  const rent = court.svm.svm.minimumBalanceForRentExemption(BigInt(bytes));
  const scene = Scene.living('stand-in');
  const held = (key: PublicKey): number => Number(scene.svm.account(key)?.lamports ?? 0n);
  return [
    { figure: 'lamports_brain', value: Number(rent) },
    { figure: 'lamports_symbiont', value: held(scene.asset) + held(scene.symbiont) },
    { figure: 'lamports_zone_day', value: Number(FEE * EPOCHS_A_DAY) },
  ];
}
