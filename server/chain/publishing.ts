import { bytesToHex } from '@noble/hashes/utils';
import type { PublicKey } from '@solana/web3.js';
import { decodeEpoch } from '#shared/proof/epoch.ts';
import { CHRONICLE_ERRORS, decodeZone, publishIx, type ZoneState } from '../../programs/client/chronicle.ts';
import type { Log } from '../log.ts';
import type { SymbiontKey } from '../store/identities.ts';
import { type IntentRow, lastPublished, leaveOut } from '../store/outbox.ts';
import { showEpoch } from '../store/showing.ts';
import type { Store } from '../store/store.ts';
import { epochRow, type SavedEpoch } from '../store/worlds.ts';
import type { Chain } from './chain.ts';
import type { Preparation, Seen, Work } from './work.ts';

const PUBLISH_UNITS = 20_000;

export interface PublishingOptions {
  store: Store;
  chain: Chain;
  /** Evolutions need another leaf, for the epoch with theirs is left out. */
  onLeafless: (symbionts: SymbiontKey[]) => Promise<void> | void;
  /** The chronicle holds another last header than ours: the next epoch has to link to it. */
  onUnlinked: (last: Uint8Array) => void;
  log: Log;
}

/**
 * Publishes epochs in the chronicle, each after the one before. One that the chronicle cannot take any more, because
 * another stands in its place or the one before is missing, is left out for all to see, and the next one closed links
 * to what the chronicle holds.
 */
export class Publishing implements Work {
  readonly errors = CHRONICLE_ERRORS;
  readonly voids = new Set([
    'EpochPublished',
    'NotLinked',
    'TickOrder',
    'WorldBroken',
    'Header',
    'OtherZone',
  ]);
  readonly delays = new Set(['NotStanding', 'RingFull', 'WrongOperator']);
  private readonly options: PublishingOptions;

  constructor(options: PublishingOptions) {
    this.options = options;
  }

  async account(): Promise<PublicKey> {
    return this.options.chain.zone;
  }

  async happened(intent: IntentRow, account: Buffer | null): Promise<boolean> {
    if (!account) return false;
    const entry = decodeZone(account).epochs.find(({ epoch }) => epoch === intent.version);
    return entry !== undefined && same(entry.hash, (await this.row(intent)).hash);
  }

  async prepare(intent: IntentRow, account: Buffer | null): Promise<Preparation> {
    const { store, chain } = this.options;
    if (!account) return { is: 'early', why: 'zone: is not registered' };
    const zone = decodeZone(account);
    const row = await this.row(intent);
    const last = await lastPublished(store, intent.zone ?? -1);
    const fault = linkFault(zone, row, last);
    if (fault) return fault;
    const { keys } = chain.options;
    const publish = publishIx({ operator: keys.zone.publicKey, zone: chain.zone, header: row.header });
    const signing = { instructions: [publish], signers: [keys.zone], units: PUBLISH_UNITS };
    return { is: 'transaction', signing, plan: null };
  }

  async show(seen: readonly Seen[]): Promise<void> {
    for (const { intent, signature } of seen) await showEpoch(this.options.store, intent, signature);
  }

  async release(intent: IntentRow, why: string): Promise<void> {
    const { store, chain, onLeafless, onUnlinked, log } = this.options;
    log(`epoch ${intent.version}: is left out: ${why}`);
    const [data] = await chain.accounts([chain.zone]);
    if (!data) throw new Error('zone: is not registered');
    const leafless = await leaveOut(store, intent, why);
    onUnlinked(decodeZone(data).lastHash);
    await onLeafless(leafless);
  }

  private async row(intent: IntentRow): Promise<SavedEpoch> {
    const row = await epochRow(this.options.store, intent.zone ?? -1, intent.version);
    if (!row) throw new Error(`epoch ${intent.version}: is not in the database`);
    return row;
  }
}

/**
 * Why this epoch cannot be published now, or ever. An RPC may answer from the past, so a chronicle that is merely
 * behind what it has shown us before is waited for.
 */
function linkFault(
  zone: ZoneState,
  row: SavedEpoch,
  last: { epoch: number; hash: Uint8Array } | null,
): Preparation | null {
  if (zone.published === 0 && !last) return null;
  if (last && zone.nextEpoch <= last.epoch)
    return { is: 'early', why: `zone: does not show epoch ${last.epoch} (any more)` };
  if (zone.nextEpoch > row.epoch)
    return { is: 'void', why: `the chronicle holds another epoch ${row.epoch} or is past it` };
  const { previous, firstTick, worldHashBefore } = decodeEpoch(row.header);
  if (!same(previous, zone.lastHash))
    return { is: 'void', why: `it links to ${bytesToHex(previous)}, the chronicle's last is another` };
  const follows = firstTick === zone.nextTick && same(worldHashBefore, zone.lastWorld);
  if (row.epoch === zone.nextEpoch && !follows)
    return { is: 'void', why: 'its world does not follow from the last; a number has to be left out' };
  return null;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b);
