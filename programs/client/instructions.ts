/**
 * The evolution program's instructions. Accounts are put together from the IDL: its order, who signs,
 * what is written, and the addresses that it names.
 */
import { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { GrowthRule } from '#shared/growth/index.ts';
import { EVOLUTION_ID, EVOLUTION_IDL, evolutionCoder, u64 } from './idl.ts';
import { assetAddress, collectionAddress, configAddress, symbiontAddress } from './pdas.ts';

type Accounts = Record<string, PublicKey | null>;

/** Puts an instruction together; a null account is an optional one left out. */
function build(name: string, accounts: Accounts, args: object, signs: string[] = []): TransactionInstruction {
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
 * `zone` may mint and attests deeds (null: none yet).
 */
export function createCollectionIx(args: {
  payer: PublicKey;
  creator: PublicKey;
  index: number;
  name: string;
  uri: string;
  zone: PublicKey | null;
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

/** Names another zone key or, with null, revokes it; the collection's authority signs. */
export function setZoneIx(args: ByAuthority & { zone: PublicKey | null }): TransactionInstruction {
  return build('set_zone', configOf(args), { zone: args.zone ?? PublicKey.default });
}

/** Stops or resumes minting and evolving; the collection's authority signs. */
export function setPausedIx(args: ByAuthority & { paused: boolean }): TransactionInstruction {
  return build('set_paused', configOf(args), { paused: args.paused });
}

/**
 * Mints a symbiont at `assetAddress(collection, genome)`; `payer` and `minter` (the collection's
 * authority or its zone key) sign, and `owner` too if `consent` gives standing consent at once.
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

/** Grows a symbiont by one stage; `payer`, `zone` and, where given, `owner` sign. */
export function evolveIx(args: {
  payer: PublicKey;
  zone: PublicKey;
  /** Signs its consent; null: it stands. */
  owner: PublicKey | null;
  collection: PublicKey;
  asset: PublicKey;
  /** All eight counters as they are now, u32. */
  deeds: ArrayLike<number>;
  /** The version on chain that this starts from. */
  version: bigint;
  uri: string;
  /** 32 bytes: SHA-256 of the new picture. */
  picture: Uint8Array;
}): TransactionInstruction {
  const { payer, zone, owner, collection, asset } = args;
  return build(
    'evolve',
    {
      payer,
      zone,
      owner,
      config: configAddress(collection),
      symbiont: symbiontAddress(asset),
      asset,
      collection,
    },
    {
      deeds: Array.from(args.deeds),
      version: u64(args.version),
      uri: Buffer.from(args.uri),
      picture: [...args.picture],
    },
  );
}
