/**
 * The evolution program's instructions. Accounts are put together from the IDL: its order, who signs,
 * what is written, and the addresses that it names.
 */
import { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { GrowthRule } from '#shared/growth/index.ts';
import { EVOLUTION_ID, EVOLUTION_IDL, evolutionCoder } from './idl.ts';
import { assetAddress, collectionAddress, configAddress, symbiontAddress } from './pdas.ts';
import { u64 } from './program.ts';

export type Accounts = Record<string, PublicKey | null>;

/** Puts an instruction of this program together by its name; a null account is an optional one left out. */
export function build(
  name: string,
  accounts: Accounts,
  args: object,
  signs: string[] = [],
): TransactionInstruction {
  const instruction = EVOLUTION_IDL.instructions.find((one) => one.name === name);
  if (!instruction) throw new Error(`evolution: the IDL has no instruction "${name}"`);
  const keys = instruction.accounts.map((account) => {
    if ('accounts' in account) throw new Error(`evolution: ${name}: nested accounts are not supported`);
    const given = account.address ? new PublicKey(account.address) : accounts[account.name];
    if (given === undefined) throw new Error(`evolution: ${name}: account "${account.name}" is missing`);
    if (given === null) return { pubkey: EVOLUTION_ID, isSigner: false, isWritable: false };
    return {
      pubkey: given,
      isSigner: Boolean(account.signer) || signs.includes(account.name),
      isWritable: Boolean(account.writable),
    };
  });
  return new TransactionInstruction({
    programId: EVOLUTION_ID,
    keys,
    data: evolutionCoder.instruction.encode(name, args),
  });
}

const ruleArgs = (rule: GrowthRule): object => ({
  steps: rule.steps,
  branch_stage: rule.branchStage,
  branches: rule.branches,
});

/**
 * Makes a collection; `payer` and `creator` sign. It lies at `collectionAddress(creator, index)`.
 */
export function createCollectionIx(args: {
  payer: PublicKey;
  creator: PublicKey;
  index: number;
  name: string;
  uri: string;
  /** The chronicle's zone whose deeds count (`zoneAddress`), registered or not; null: none yet. */
  zone: PublicKey | null;
  /** Who may mint besides the creator; null: nobody. */
  minter: PublicKey | null;
  /** Evolutions of one symbiont a day (UTC), at most (u16); 0: as many as it earns. */
  dailyCap: number;
  /** How many there will ever be (u32), bred ones among them; 0, as unless given: no limit. */
  supply?: number;
  /** Lamports that a mint costs whoever is not the authority, at most MAX_PRICE; 0 unless given. */
  price?: bigint;
  /** Whom the price is paid to; may be null (nobody) only without a price. */
  treasury?: PublicKey | null;
  /** 32 bytes: SHA-256 of the art model that draws it; null, as unless given: the world's own. */
  model?: Uint8Array | null;
  rule: GrowthRule;
}): TransactionInstruction {
  const collection = collectionAddress(args.creator, args.index);
  return build(
    'create_collection',
    { payer: args.payer, creator: args.creator, config: configAddress(collection), collection },
    {
      index: args.index,
      name: args.name,
      uri: args.uri,
      zone: args.zone ?? PublicKey.default,
      minter: args.minter ?? PublicKey.default,
      daily_cap: args.dailyCap,
      supply: args.supply ?? 0,
      price: u64(args.price ?? 0n),
      treasury: args.treasury ?? PublicKey.default,
      model: [...(args.model ?? new Uint8Array(32))],
      rule: ruleArgs(args.rule),
    },
  );
}

interface ByAuthority {
  authority: PublicKey;
  collection: PublicKey;
}

const configOf = ({ authority, collection }: ByAuthority): Accounts => ({
  authority,
  config: configAddress(collection),
});

/** Replaces the rule before the first mint; the collection's authority signs. */
export function setRuleIx(args: ByAuthority & { rule: GrowthRule }): TransactionInstruction {
  return build('set_rule', configOf(args), { rule: ruleArgs(args.rule) });
}

/** Names another zone whose deeds count or, with null, none; the collection's authority signs. */
export function setZoneIx(args: ByAuthority & { zone: PublicKey | null }): TransactionInstruction {
  return build('set_zone', configOf(args), { zone: args.zone ?? PublicKey.default });
}

/** Names another minter or, with null, none; the collection's authority signs. */
export function setMinterIx(args: ByAuthority & { minter: PublicKey | null }): TransactionInstruction {
  return build('set_minter', configOf(args), { minter: args.minter ?? PublicKey.default });
}

/** Limits the evolutions of one symbiont a day (u16; 0: no limit); the collection's authority signs. */
export function setDailyCapIx(args: ByAuthority & { dailyCap: number }): TransactionInstruction {
  return build('set_daily_cap', configOf(args), { daily_cap: args.dailyCap });
}

/** Lowers how many there will ever be (u32), never below what is minted; the collection's authority signs. */
export function setSupplyIx(args: ByAuthority & { supply: number }): TransactionInstruction {
  return build('set_supply', configOf(args), { supply: args.supply });
}

/** Sets what a mint costs (lamports, at most MAX_PRICE) and whom it is paid to; the authority signs. */
export function setPriceIx(
  args: ByAuthority & { price: bigint; treasury: PublicKey | null },
): TransactionInstruction {
  const treasury = args.treasury ?? PublicKey.default;
  return build('set_price', configOf(args), { price: u64(args.price), treasury });
}

/** Names the art model (32 bytes; null: the world's own) before the first mint; the authority signs. */
export function setModelIx(args: ByAuthority & { model: Uint8Array | null }): TransactionInstruction {
  return build('set_model', configOf(args), { model: [...(args.model ?? new Uint8Array(32))] });
}

/** Offers authority to another key, a multisig's too, or takes the offer back (null); the authority signs. */
export function proposeAuthorityIx(
  args: ByAuthority & { proposed: PublicKey | null },
): TransactionInstruction {
  return build('propose_authority', configOf(args), { proposed: args.proposed ?? PublicKey.default });
}

/** Takes authority over; whom it was proposed to signs. */
export function acceptAuthorityIx(args: {
  proposed: PublicKey;
  collection: PublicKey;
}): TransactionInstruction {
  const { proposed, collection } = args;
  return build('accept_authority', { proposed, config: configAddress(collection) }, {});
}

/** Stops or resumes minting and evolving; the collection's authority signs. */
export function setPausedIx(args: ByAuthority & { paused: boolean }): TransactionInstruction {
  return build('set_paused', configOf(args), { paused: args.paused });
}

/** Gives the collection another name and URI, neither shorter; its authority signs, `payer` pays the rent. */
export function setMetadataIx(
  args: ByAuthority & { payer: PublicKey; name: string; uri: string },
): TransactionInstruction {
  const { payer, collection, name, uri } = args;
  return build('set_metadata', { ...configOf(args), payer, collection }, { name, uri });
}

/** Who shares in royalties, and how much. */
export interface RoyaltyShare {
  address: PublicKey;
  /** All together 100. */
  percentage: number;
}

/**
 * Sets the collection's royalties (u16, 10,000 at most, and one to five shares of different people); its
 * authority signs, `payer` pays the rent.
 */
export function setRoyaltiesIx(
  args: ByAuthority & { payer: PublicKey; basisPoints: number; shares: readonly RoyaltyShare[] },
): TransactionInstruction {
  const { payer, collection, basisPoints, shares } = args;
  return build(
    'set_royalties',
    { ...configOf(args), payer, collection },
    { basis_points: basisPoints, shares },
  );
}

/**
 * Mints a symbiont at `assetAddress(collection, genome)`; `payer` and `minter` (the collection's
 * authority or its minter) sign, and `owner` too if `consent` gives standing consent at once.
 */
export function mintIx(args: {
  payer: PublicKey;
  minter: PublicKey;
  owner: PublicKey;
  collection: PublicKey;
  /** 32 bytes. */
  genome: Uint8Array;
  name: string;
  uri: string;
  /** 32 bytes: SHA-256 of the picture. */
  picture: Uint8Array;
  consent: boolean;
  /** The collection's, where `payer` has its price to pay; not needed for its authority or without a price. */
  treasury?: PublicKey | null;
}): TransactionInstruction {
  const { payer, minter, owner, collection } = args;
  const asset = assetAddress(collection, args.genome);
  return build(
    'mint',
    {
      payer,
      minter,
      owner,
      config: configAddress(collection),
      collection,
      asset,
      symbiont: symbiontAddress(asset),
      treasury: args.treasury ?? null,
    },
    {
      genome: [...args.genome],
      name: args.name,
      uri: args.uri,
      picture: [...args.picture],
      consent: args.consent,
    },
    args.consent ? ['owner'] : [],
  );
}

/** Gives or takes back standing consent; the asset's owner signs. */
export function setConsentIx(args: {
  owner: PublicKey;
  collection: PublicKey;
  asset: PublicKey;
  consent: boolean;
}): TransactionInstruction {
  const { owner, collection, asset } = args;
  return build(
    'set_consent',
    { owner, config: configAddress(collection), symbiont: symbiontAddress(asset), asset },
    { consent: args.consent },
  );
}

/** A deed leaf that a zone published. */
export interface PublishedDeed {
  /** Its index among the epoch's leaves. */
  index: number;
  /** As `encodeDeed` wrote it. */
  leaf: Uint8Array;
  /** The hashes up to the root, the leaf's neighbour first; their number follows from the zone's own count. */
  path: readonly Uint8Array[];
}

/**
 * Grows a symbiont by one stage; anyone may bring the proof. `payer` and, where given, `owner` sign.
 * Nothing but the leaf's own picture and URI will do.
 */
export function evolveIx(
  args: {
    payer: PublicKey;
    /** Signs its consent; null: it stands. */
    owner: PublicKey | null;
    collection: PublicKey;
    asset: PublicKey;
    /** The collection's zone: its account in the chronicle. */
    zone: PublicKey;
    uri: string;
    /** 32 bytes: SHA-256 of the new picture. */
    picture: Uint8Array;
  } & PublishedDeed,
): TransactionInstruction {
  const { payer, owner, collection, asset, zone } = args;
  return build(
    'evolve',
    {
      payer,
      owner,
      config: configAddress(collection),
      symbiont: symbiontAddress(asset),
      asset,
      collection,
      zone_account: zone,
    },
    {
      index: args.index,
      picture: [...args.picture],
      leaf: Buffer.from(args.leaf),
      path: Buffer.concat(args.path),
      uri: Buffer.from(args.uri),
    },
  );
}
