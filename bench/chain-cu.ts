/**
 * Compute units of every instruction of the evolution program, Core's own calls within them and a Merkle path of
 * 15 hashes included, and of the referee (chain-judge.ts), measured on a small ledger in this process. Run on METAPLEX_CORE_SO's binary where that is set.
 */
import { Keypair } from '@solana/web3.js';
import {
  acceptAuthorityIx,
  proposeAuthorityIx,
  setConsentIx,
  setDailyCapIx,
  setMetadataIx,
  setMinterIx,
  setPausedIx,
  setRoyaltiesIx,
  setRuleIx,
  setZoneIx,
} from '../programs/client/index.ts';
import { Couple } from '../programs/testing/couple.ts';
import { type Growing, Scene, uriOf } from '../programs/testing/scene.ts';
import { CORES, type Outcome } from '../programs/testing/svm.ts';
import { DEFAULT_RULE } from '../shared/growth/index.ts';
import { measureJudgeCu } from './chain-judge.ts';
import { median } from './report.ts';

const RUNS = 15;
/** What a player has done by the first stage, and by the second. */
const FIRST = [8, 3, 2, 0, 1, 0, 14, 3];
const SECOND = [30, 12, 9, 2, 4, 3, 60, 12];
/** Counters of ten digits: the longest attributes that Core ever has to read. */
const GREATEST = Array<number>(8).fill(0xffffffff);
const SHARES = [20, 20, 20, 20, 20].map((percentage) => ({
  address: Keypair.generate().publicKey,
  percentage,
}));

/** One life of a collection; addresses differ from run to run, and with them the search for PDAs. */
function life(): Record<string, number> {
  const scene = new Scene(CORES[CORES.length - 1]);
  const authority = { authority: scene.creator.publicKey, collection: scene.collection };
  const owner = { owner: scene.owner.publicKey, collection: scene.collection, asset: scene.asset };
  const by = (instruction: Parameters<Scene['svm']['send']>[0][0], signer = scene.creator): Outcome =>
    scene.svm.send([instruction], [signer]);
  const evolve = (growing: Partial<Growing>): Outcome =>
    scene.evolve(growing, [], scene.publishedDeep(growing));
  const outcomes: Record<string, Outcome> = {
    create_collection: scene.createCollection(),
    set_rule: by(setRuleIx({ ...authority, rule: DEFAULT_RULE })),
    set_zone: by(setZoneIx({ ...authority, zone: scene.court.zone })),
    set_minter: by(setMinterIx({ ...authority, minter: scene.minter.publicKey })),
    set_daily_cap: by(setDailyCapIx({ ...authority, dailyCap: 10 })),
    propose_authority: by(proposeAuthorityIx({ ...authority, proposed: scene.creator.publicKey })),
    accept_authority: by(
      acceptAuthorityIx({ proposed: scene.creator.publicKey, collection: scene.collection }),
    ),
    set_paused: by(setPausedIx({ ...authority, paused: false })),
    mint: scene.mint(),
    set_consent: by(setConsentIx({ ...owner, consent: true }), scene.owner),
    evolve: evolve({ deeds: FIRST }),
    evolve_second: evolve({ deeds: SECOND, version: 1n, uri: uriOf('2') }),
    evolve_longest: evolve({ deeds: GREATEST, version: 2n, uri: uriOf('3') }),
    set_metadata: by(
      setMetadataIx({ ...authority, payer: scene.payer, name: 'Symbionts!', uri: uriOf('d') }),
    ),
    set_royalties: by(setRoyaltiesIx({ ...authority, payer: scene.payer, basisPoints: 500, shares: SHARES })),
    // Core reads the royalties as well; the greatest version
    evolve_royalties: evolve({ deeds: GREATEST, version: 3n, uri: uriOf('4') }),
    ...brood(),
  };
  return Object.fromEntries(
    Object.entries(outcomes).map(([name, { error, cu, logs }]) => {
      if (error !== null) throw new Error(`chain-cu: ${name} failed: ${error}\n${logs.join('\n')}`);
      return [`${name}_cu`, cu];
    }),
  );
}

/** A child, from the offer to the hatching. */
function brood(): Record<string, Outcome> {
  const couple = new Couple(CORES[CORES.length - 1]);
  const agreed = { offer_breeding: couple.offer(), accept_breeding: couple.accept() };
  couple.setSlot(couple.slot + 1n);
  return {
    ...agreed,
    draw: couple.draw(),
    reveal: couple.reveal(0),
    reveal_b: couple.reveal(1),
    hatch: couple.hatch(),
  };
}

/** Medians over several runs. */
export async function measureInstructionCu(): Promise<{ figure: string; value: number }[]> {
  const runs = Array.from({ length: RUNS }, life);
  const evolution = Object.keys(runs[0]).map((figure) => ({
    figure,
    value: median(runs.map((run) => run[figure])),
  }));
  return [...evolution, ...measureJudgeCu()];
}
