/** The evolution program's instructions by which two symbionts have a child. */
import { PublicKey, type TransactionInstruction } from '@solana/web3.js';
import { type Accounts, build } from './instructions.ts';
import { assetAddress, breedingAddress, configAddress, symbiontAddress } from './pdas.ts';
import { u64 } from './program.ts';

const SLOT_HASHES = new PublicKey('SysvarS1otHashes111111111111111111111111111');

/** The two symbionts of a brood. */
export interface Pair {
  collection: PublicKey;
  /** Of who offers. */
  a: PublicKey;
  /** Of who accepts. */
  b: PublicKey;
}

/** What both sides agree on. */
export interface BroodTerms {
  /** Lamports that each lays down: MIN_DEPOSIT to MAX_DEPOSIT. */
  deposit: bigint;
  /** Whose the child will be: 0 who offers, 1 who accepts. */
  heir: 0 | 1;
}

interface Agreeing extends Pair, BroodTerms {
  /** Pays the deposit (and, of an offer, the rent) and gets it back. */
  payer: PublicKey;
  /** Of its side's asset; signs. */
  owner: PublicKey;
  /** 32 bytes: `broodCommit` of the side's secret, the brood's address and its owner's. */
  commit: Uint8Array;
  /** Standing consent to the child's evolutions, should it be theirs. */
  consent: boolean;
}

const placesOf = ({ collection, a, b }: Pair): Accounts => ({
  config: configAddress(collection),
  collection,
  breeding: breedingAddress(a, b),
  asset_a: a,
  symbiont_a: symbiontAddress(a),
  asset_b: b,
  symbiont_b: symbiontAddress(b),
});

/** Offers a brood; `payer` and `owner` (of `a`) sign. `until`: Unix seconds, a minute to seven days from now. */
export function offerBreedingIx(args: Agreeing & { until: bigint }): TransactionInstruction {
  const { payer, owner, deposit, until, heir, consent } = args;
  const commit = [...args.commit];
  return build(
    'offer_breeding',
    { ...placesOf(args), payer, owner },
    { commit, deposit: u64(deposit), until: u64(until), heir, consent },
  );
}

/** Accepts an offer of these terms; `payer` and `owner` (of `b`) sign. Both parents rest from then on. */
export function acceptBreedingIx(args: Agreeing): TransactionInstruction {
  const { payer, owner, deposit, heir, consent } = args;
  const commit = [...args.commit];
  return build(
    'accept_breeding',
    { ...placesOf(args), payer, owner },
    { commit, deposit: u64(deposit), heir, consent },
  );
}

/** Takes an offer back; `owner`, who made it, signs. Null: anyone, once it has run out or `a` has changed hands. */
export function withdrawOfferIx(
  args: Pair & { owner: PublicKey | null; payers: readonly [PublicKey, ...unknown[]] },
): TransactionInstruction {
  return build('withdraw_offer', { ...placesOf(args), owner: args.owner, payer_a: args.payers[0] }, {});
}

/** Takes the hash of the slot of the acceptance: in a later slot, and before 512 more have gone by. */
export function drawIx(pair: Pair): TransactionInstruction {
  return build('draw', { ...placesOf(pair), slot_hashes: SLOT_HASHES }, {});
}

/** Shows a side's secret (32 bytes), once the slot is drawn. */
export function revealIx(args: Pair & { side: 0 | 1; secret: Uint8Array }): TransactionInstruction {
  return build('reveal', placesOf(args), { side: args.side, secret: [...args.secret] });
}

/** Mints the child at `assetAddress(collection, genome)`; `payer` and `minter` (as for a mint) sign. */
export function hatchIx(
  args: Pair & {
    payer: PublicKey;
    minter: PublicKey;
    /** The heir. */
    owner: PublicKey;
    /** Who paid the deposits. */
    payers: readonly [PublicKey, PublicKey];
    /** `mixGenomes` of the parents' by `broodChance`. */
    genome: Uint8Array;
    name: string;
    uri: string;
    /** 32 bytes: SHA-256 of the picture. */
    picture: Uint8Array;
  },
): TransactionInstruction {
  const { payer, minter, owner, payers, genome, name, uri, picture } = args;
  const asset = assetAddress(args.collection, genome);
  const [payer_a, payer_b] = payers;
  return build(
    'hatch',
    { ...placesOf(args), payer, minter, owner, payer_a, payer_b, asset, symbiont: symbiontAddress(asset) },
    { genome: [...genome], name, uri, picture: [...picture] },
  );
}

/** Ends a brood of which nothing comes; anyone may. */
export function lapseIx(args: Pair & { payers: readonly [PublicKey, PublicKey] }): TransactionInstruction {
  const [payer_a, payer_b] = args.payers;
  return build('lapse', { ...placesOf(args), payer_a, payer_b }, {});
}
