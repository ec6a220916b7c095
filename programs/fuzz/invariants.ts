/** What must hold after every transaction, whatever it was. */
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { BRAINS_ID, decodeBrainAccount } from '../client/brains.ts';
import { CHRONICLE_ID, decodeZone, type ZoneState } from '../client/chronicle.ts';
import {
  type BreedingState,
  configAddress,
  decodeAsset,
  decodeBreeding,
  decodeConfig,
  decodeSymbiont,
  EVOLUTION_ID,
  MPL_CORE_ID,
  type SymbiontState,
  symbiontAddress,
} from '../client/index.ts';
import type { Stored } from '../testing/svm.ts';
import type { Ground, Result } from './ground.ts';

/** What no program may end with: these are its own faults, not its refusals. */
const ABORTS = new Set([
  'ProgramFailedToComplete',
  'ProgramEnvironmentSetupFailure',
  'ProgramFailedToCompile',
  'ComputationalBudgetExceeded',
  'UnbalancedInstruction',
  'ModifiedProgramId',
  'ExternalAccountLamportSpend',
  'ExternalAccountDataModified',
  'ExecutableModified',
  'AccountDataSizeChanged',
  'AccountBorrowOutstanding',
  'AccountBorrowFailed',
  'CallDepth',
  'ReentrancyNotAllowed',
  'MaxInstructionTraceLengthExceeded',
]);

const NO_MODEL = new Uint8Array(32);
const ZONE_BYTES = 264 + 64 * 88;
const CORE_ASSET = 1;
const CORE_COLLECTION = 5;

/** Sentences on what does not hold; none: all is well. */
export function broken(ground: Ground, result: Result): string[] {
  const { error, touched } = result;
  if (typeof error === 'string' && ABORTS.has(error)) return [`aborted with ${error}`];
  return [
    ...lamports(ground, result),
    ...(error === null ? touched.flatMap((one) => changed(ground, one, result)) : []),
  ];
}

/**
 * Core itself, called directly, aborts instead of refusing when an asset or collection it is given holds no data,
 * and when a length in its arguments is beyond its memory. The stand-in does the first, and refuses the second.
 * Nothing of ours calls it so. Null: this was something else.
 */
export function coresOwnAbort(
  ground: Ground,
  instructions: readonly TransactionInstruction[],
  { error, logs }: Result,
): string | null {
  if (error !== 'ProgramFailedToComplete') return null;
  const last = logs.filter((line) => line.includes(' invoke [')).at(-1);
  if (last !== `Program ${MPL_CORE_ID} invoke [1]`) return null;
  if (ground.core === 'real binary') return 'Core aborted, called directly';
  const hollow = instructions.some(
    ({ programId, keys }) =>
      programId.equals(MPL_CORE_ID) &&
      keys.slice(0, 2).some(({ pubkey }) => (ground.account(pubkey)?.data.length ?? 0) === 0),
  );
  return hollow ? 'Core aborted on an account without data' : null;
}

type Touched = Result['touched'][0];

function lamports(ground: Ground, { touched, fee, payer, signed, error }: Result): string[] {
  const out: string[] = [];
  const sum = (side: 'before' | 'after') =>
    touched.reduce((total, one) => total + (one[side]?.lamports ?? 0n), 0n);
  if (sum('before') - sum('after') !== fee)
    out.push(`lamports: ${sum('before')} became ${sum('after')}, fee ${fee}`);
  for (const { key, before, after } of touched) {
    const lost = (before?.lamports ?? 0n) - (after?.lamports ?? 0n);
    const person = ground.people.some(({ publicKey }) => publicKey.equals(key));
    if (person && lost > 0n && !signed.has(key.toBase58())) out.push(`${key} paid without signing`);
    if (error !== null && lost !== (key.equals(payer) ? fee : 0n))
      out.push(`${key} changed in a refused transaction`);
  }
  return out;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function changed(ground: Ground, { key, before, after }: Touched, { signed, touched }: Result): string[] {
  const out: string[] = [];
  const claim = (holds: boolean, what: string): void => {
    if (!holds) out.push(`${key}: ${what}`);
  };
  const had = before?.data.length ?? 0;
  if (had === 0 || !before) {
    if (after?.owner.equals(CHRONICLE_ID) && after.data.length === ZONE_BYTES) bond(ground, after, claim);
    return out;
  }
  const gone = !after || after.data.length === 0;
  if (before.owner.equals(CHRONICLE_ID) && had === ZONE_BYTES) {
    claim(!gone, 'a zone is gone');
    if (after && !gone) {
      if (before.lamports === after.lamports && same(before.data, after.data)) return out;
      zone(decodeZone(before.data), decodeZone(after.data), signed, claim);
      bond(ground, after, claim);
    }
    return out;
  }
  if (after && same(before.data, after.data)) return out;
  if (before.owner.equals(EVOLUTION_ID)) evolution(before, after, gone, signed, claim);
  if (before.owner.equals(BRAINS_ID)) brain(before, after, gone, signed, claim);
  if (before.owner.equals(MPL_CORE_ID)) core(ground, key, before, after, { signed, touched }, claim);
  return out;
}

type Claim = (holds: boolean, what: string) => void;
type Signed = ReadonlySet<string>;
const by = (signed: Signed, key: PublicKey | null): boolean => key !== null && signed.has(key.toBase58());
const alike = (a: PublicKey | null, b: PublicKey | null): boolean => a?.toBase58() === b?.toBase58();

/** A zone's lamports are its rent and its bond, neither more nor less. */
function bond(ground: Ground, after: Stored, claim: Claim): void {
  const held = after.lamports - ground.rent(after.data.length);
  const { bond } = decodeZone(after.data);
  // lamports can be sent to any account; fewer than the bond there must never be
  claim(held >= bond, `holds ${held} beside its rent for a bond of ${bond}`);
}

function zone(a: ZoneState, b: ZoneState, signed: Signed, claim: Claim): void {
  claim(alike(a.authority, b.authority), 'the authority changed');
  claim(
    alike(a.operator, b.operator) || by(signed, a.authority),
    'the operator changed without the authority',
  );
  claim(
    a.leavingSince === b.leavingSince || by(signed, a.authority),
    'leaves or stays without the authority',
  );
  claim(a.worldSeed === b.worldSeed && a.zone === b.zone, 'number or seed changed');
  const counts = ['published', 'missed', 'late', 'nextEpoch', 'nextTick'] as const;
  for (const name of counts) claim(b[name] >= a[name], `${name} fell`);
  // within one transaction the authority may name the operator that then publishes
  const operator = by(signed, a.operator) || by(signed, a.authority);
  claim(b.published === a.published || operator, 'published without the operator');
  claim(
    a.marked.every((epoch, i) => b.marked[i] === epoch),
    'a mark is gone',
  );
  const withdrawn = by(signed, a.authority) && (a.leavingSince !== null || b.leavingSince !== null);
  claim(b.bond >= a.bond || withdrawn || b.marked.length > a.marked.length, 'the bond fell for no reason');
}

function evolution(before: Stored, after: Stored | null, gone: boolean, signed: Signed, claim: Claim): void {
  const brood = tryDecode(decodeBreeding, before.data);
  claim(!gone || brood !== null, 'an account of evolution is gone');
  if (!after || gone) return;
  claim(
    after.owner.equals(EVOLUTION_ID) && after.data.length === before.data.length,
    'changed hands or size',
  );
  claim(same(before.data.subarray(0, 8), after.data.subarray(0, 8)), 'changed its type');
  if (brood) {
    breeding(brood, decodeBreeding(after.data), signed, claim);
    return;
  }
  const config = tryDecode(decodeConfig, before.data);
  if (config) {
    const next = decodeConfig(after.data);
    const ours =
      by(signed, config.authority) || (by(signed, config.proposed) && alike(config.proposed, next.authority));
    // proposed before, or within this transaction by the authority
    const accepted = by(signed, next.authority) && (alike(config.proposed, next.authority) || ours);
    claim(alike(config.authority, next.authority) || accepted, 'the authority changed');
    claim(alike(config.minter, next.minter) || ours || accepted, 'the minter changed without the authority');
    claim(
      config.dailyCap === next.dailyCap || ours || accepted,
      'the daily cap changed without the authority',
    );
    claim(alike(config.proposed, next.proposed) || ours || accepted, 'proposed by nobody');
    claim(alike(config.collection, next.collection), 'the collection changed');
    claim(alike(config.zone, next.zone) || ours, 'the zone changed without the authority');
    claim(config.paused === next.paused || ours, 'paused without the authority');
    claim(config.price === next.price || ours || accepted, 'the price changed without the authority');
    claim(
      alike(config.treasury, next.treasury) || ours || accepted,
      'the treasury changed without the authority',
    );
    claim(
      config.supply === next.supply ||
        ((ours || accepted) && (config.supply === 0 || next.supply < config.supply)),
      'the supply changed without the authority, or was raised',
    );
    claim(next.supply === 0 || next.minted <= next.supply, 'more minted than there may be');
    claim(
      same(config.model ?? NO_MODEL, next.model ?? NO_MODEL) || ((ours || accepted) && config.minted === 0),
      'the model changed after a mint or without the authority',
    );
    const rule = JSON.stringify(config.rule) === JSON.stringify(next.rule);
    claim(rule || (ours && config.minted === 0), 'the rule changed after a mint or without the authority');
    claim(next.minted >= config.minted, 'minted fell');
    claim(
      next.minted === config.minted || ours || by(signed, config.minter) || by(signed, next.minter),
      'minted by nobody',
    );
    return;
  }
  const [a, b] = [decodeSymbiont(before.data), decodeSymbiont(after.data)];
  claim(alike(a.asset, b.asset) && alike(a.config, b.config) && same(a.genome, b.genome), 'another symbiont');
  claim(b.version >= a.version, 'the version fell');
  claim(
    a.deeds.every((deed, i) => b.deeds[i] >= deed),
    'a deed was undone',
  );
  const steps = Number(b.version - a.version);
  claim(b.stage - a.stage === steps, 'stage and version do not go together');
  claim(steps > 0 || (same(a.picture, b.picture) && a.branch === b.branch), 'changed without a new version');
  const line = ({ parents, generation }: SymbiontState): string => JSON.stringify([parents, generation]);
  claim(line(a) === line(b), 'other parents');
  claim(a.branch === 0 || a.branch === b.branch, 'the branch changed');
  claim(
    b.consent === null || alike(a.consent, b.consent) || by(signed, b.consent),
    'consent that nobody gave',
  );
}

/** Within one transaction a brood may end and another begin, which the offering owner signs. */
function breeding(a: BreedingState, b: BreedingState, signed: Signed, claim: Claim): void {
  claim(String(a.assets) === String(b.assets) && alike(a.config, b.config), 'another pair');
  if (a.state === 'accepted' && b.state === 'drawn') claim(b.slotHash !== null, 'drawn without a hash');
  const anew = by(signed, b.owners[0]) && b.state !== 'drawn';
  const fixed = ({ owners, payers, commits, deposit, heir }: BreedingState): string =>
    [owners[0], payers[0], commits[0].join(), deposit, heir].join(' ');
  claim(fixed(a) === fixed(b) || anew, 'an offer changed without who made it');
  if (anew) return;
  const order = ['offered', 'accepted', 'drawn'];
  claim(order.indexOf(b.state) >= order.indexOf(a.state), 'a brood went back');
  if (a.state === 'offered' && b.state !== 'offered')
    claim(by(signed, b.owners[1]), 'accepted without the owner');
  if (a.state !== 'offered')
    claim(alike(a.owners[1], b.owners[1]) && same(a.commits[1], b.commits[1]), 'the other side changed');
  if (a.slotHash) claim(b.slotHash !== null && same(a.slotHash, b.slotHash), 'the slot was drawn twice');
  for (const side of [0, 1]) {
    const [had, has] = [a.secrets[side], b.secrets[side]];
    claim(!had || (has !== null && same(had, has)), 'a secret is gone');
  }
}

function brain(before: Stored, after: Stored | null, gone: boolean, signed: Signed, claim: Claim): void {
  const a = tryDecode(decodeBrainAccount, before.data);
  // zeros that nobody has begun
  if (!a) return;
  const ours = by(signed, a.author);
  claim(ours, 'a brain changed without its author');
  claim(!gone || !a.sealed, 'a sealed brain is gone');
  if (!after || gone) return;
  const b = tryDecode(decodeBrainAccount, after.data);
  claim(b !== null && alike(a.author, b.author) && a.id === b.id, 'another brain');
  if (!a.sealed) return;
  const bare = (data: Uint8Array): Uint8Array => Uint8Array.from(data).fill(0, 192, 200);
  claim(same(bare(before.data), bare(after.data)), 'a sealed brain changed in more than its price');
}

function core(
  ground: Ground,
  key: PublicKey,
  before: Stored,
  after: Stored | null,
  { signed, touched }: Pick<Result, 'signed' | 'touched'>,
  claim: Claim,
): void {
  if (before.data[0] === CORE_COLLECTION) collection(ground, key, before, after, { signed, touched }, claim);
  if (before.data[0] !== CORE_ASSET) return;
  const a = decodeAsset(key, before.data);
  claim(after?.owner.equals(MPL_CORE_ID) === true && after.data[0] === CORE_ASSET, 'the asset is gone');
  if (!after) return;
  const b = decodeAsset(key, after.data);
  claim(alike(a.owner, b.owner) || by(signed, a.owner), 'the asset changed hands without its owner');
  claim(alike(a.collection, b.collection), 'the asset left its collection');
  const symbiont = touched.find((one) => one.key.equals(symbiontAddress(key)));
  const grew = symbiont?.before && symbiont.after && !same(symbiont.before.data, symbiont.after.data);
  const shown =
    JSON.stringify([a.name, a.uri, a.attributes]) === JSON.stringify([b.name, b.uri, b.attributes]);
  claim(shown || grew === true, 'the asset shows what its symbiont is not');
}

/** All but how many were minted is the program's to change, for its authority. */
function collection(
  ground: Ground,
  key: PublicKey,
  before: Stored,
  after: Stored | null,
  { signed, touched }: Pick<Result, 'signed' | 'touched'>,
  claim: Claim,
): void {
  claim(
    after?.owner.equals(MPL_CORE_ID) === true && after.data[0] === CORE_COLLECTION,
    'a collection is gone',
  );
  if (!after) return;
  const place = configAddress(key);
  // in Core's collection its update authority follows its type
  claim(same(after.data.subarray(1, 33), place.toBytes()), 'the config lost its collection');
  const config = touched.find((one) => one.key.equals(place));
  const ours = [config?.before, config?.after, ground.account(place)].some(
    (stored) => stored && by(signed, tryDecode(decodeConfig, stored.data)?.authority ?? null),
  );
  claim(
    ours || same(withoutCounts(before.data), withoutCounts(after.data)),
    'the collection changed by nobody',
  );
}

function withoutCounts(data: Uint8Array): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const name = view.getUint32(33, true);
  const end = 41 + name + view.getUint32(37 + name, true);
  return Uint8Array.from(data).fill(0, end, end + 8);
}

function tryDecode<T>(decode: (data: Uint8Array) => T, data: Uint8Array): T | null {
  try {
    return decode(data);
  } catch {
    return null;
  }
}
