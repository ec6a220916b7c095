import { hexToBytes } from '@noble/hashes/utils';
import { type Keypair, PublicKey } from '@solana/web3.js';
import { ruleNext } from '#shared/growth/index.ts';
import { CHRONICLE } from '../../programs/client/chronicle.ts';
import {
  decodeAsset,
  decodeSymbiont,
  EVOLUTION_ERRORS,
  evolveIx,
  mintIx,
  symbiontAddress,
} from '../../programs/client/index.ts';
import type { Guests } from '../identity/guests.ts';
import type { Log } from '../log.ts';
import { gather } from '../store/gather.ts';
import {
  type IdentityRow,
  identitiesOf,
  keyOfSymbiont,
  type SymbiontKey,
  type SymbiontRow,
  symbiontKey,
  symbiontsAt,
} from '../store/identities.ts';
import { type IntentRow, lastPublished, type Plan, personOf, takeLeaf } from '../store/outbox.ts';
import { type Showing, showSymbionts } from '../store/showing.ts';
import type { Store } from '../store/store.ts';
import { type Chain, collectionOf, ruleOf } from './chain.ts';
import type { Preparation, Seen, Work } from './work.ts';

const MINT_UNITS = 150_000;
const EVOLVE_UNITS = 120_000;
/** A leaf that will leave the chronicle's ring within so many epochs is not worth sending. */
const RING_MARGIN = 3;
/** Which epoch is the newest is asked that often: a new one comes every thirty seconds. */
const NEWEST_MS = 1000;

export interface GrowingOptions {
  store: Store;
  chain: Chain;
  guests: Guests;
  /** The chain has shown what the symbiont is now, and whether it goes on evolving. */
  onSettled: (identity: number, symbiont: SymbiontRow, evolving: boolean) => Promise<void> | void;
  /** An evolution needs another leaf. */
  onLeafless: (symbionts: SymbiontKey[]) => Promise<void> | void;
  log: Log;
}

abstract class Growing implements Work {
  readonly errors = EVOLUTION_ERRORS;
  abstract readonly voids: ReadonlySet<string>;
  abstract readonly delays: ReadonlySet<string>;
  protected readonly options: GrowingOptions;

  protected readonly person: (id: number) => Promise<IdentityRow | null>;
  private readonly find: (key: string) => Promise<SymbiontRow | null>;

  constructor(options: GrowingOptions) {
    this.options = options;
    this.find = gather((keys) => symbiontsAt(options.store, keys.map(symbiontKey)));
    this.person = gather((ids) => identitiesOf(options.store, ids));
  }

  abstract prepare(intent: IntentRow, account: Buffer | null): Promise<Preparation>;
  abstract release(intent: IntentRow, why: string): Promise<void>;

  async account(intent: IntentRow): Promise<PublicKey> {
    return symbiontAddress(new PublicKey(intent.asset));
  }

  async happened(intent: IntentRow, account: Buffer | null): Promise<boolean> {
    return account !== null && Number(decodeSymbiont(account).version) >= intent.version;
  }

  /** The chain's word is what counts: another may have brought a proof, or an older one. */
  async show(seen: readonly Seen[]): Promise<void> {
    const { store, onSettled, log } = this.options;
    const shown = await showSymbionts(store, await Promise.all(seen.map((one) => this.showing(one))));
    for (const [i, { symbiont, next }] of shown.entries()) {
      const { kind, identity } = seen[i].intent;
      log(`${kind} of ${symbiont.asset}: version ${symbiont.version}, stage ${symbiont.stage}`);
      await onSettled(identity as number, symbiont, next);
    }
  }

  private async showing({ intent, account, signature }: Seen): Promise<Showing> {
    if (!account) throw new Error(`${intent.kind} ${intent.id}: there is nothing to show`);
    const { stage, branch, deeds, picture, version } = decodeSymbiont(account);
    const rule = ruleOf(this.options.chain, await this.symbiontOf(intent));
    const uri = await this.uriOf(intent, picture);
    return {
      intent,
      now: { stage, branch, version: Number(version), deeds, picture, uri, signature },
      earned: (saved) => rule !== null && ruleNext(rule, stage, branch, saved) !== null,
    };
  }

  protected async symbiontOf(intent: IntentRow): Promise<SymbiontRow> {
    const symbiont = await this.find(keyOfSymbiont({ identity: personOf(intent), asset: intent.asset }));
    if (!symbiont) throw new Error(`identity ${intent.identity}: has no symbiont ${intent.asset}`);
    return symbiont;
  }

  /** The URI that goes with this picture: the plan's, or what the asset says where it grew by another leaf. */
  private async uriOf(intent: IntentRow, picture: Uint8Array): Promise<string> {
    const { plan } = intent;
    if (plan && Buffer.from(plan.picture, 'hex').equals(picture)) return plan.uri;
    const { asset, uri } = await this.symbiontOf(intent);
    const address = new PublicKey(asset);
    const [data] = await this.options.chain.accounts([address]);
    return data ? decodeAsset(address, data).uri : uri;
  }
}

/** Brings a symbiont into the world's collection. */
export class Minting extends Growing {
  override readonly voids = new Set<string>();
  override readonly delays = new Set(['Paused']);

  override async prepare(intent: IntentRow): Promise<Preparation> {
    const { chain, guests } = this.options;
    const { keys } = chain.options;
    const [symbiont, identity] = await Promise.all([this.symbiontOf(intent), this.person(personOf(intent))]);
    if (!identity) throw new Error(`identity ${intent.identity}: is not there`);
    const guest = guests.keypair(identity);
    const { genome, name, uri, picture, deeds } = symbiont;
    const plan: Plan = {
      stage: 0,
      branch: 0,
      version: 0,
      counters: deeds,
      picture: Buffer.from(picture).toString('hex'),
      uri,
    };
    const mint = mintIx({
      payer: keys.payer.publicKey,
      minter: keys.zone.publicKey,
      owner: guest?.publicKey ?? new PublicKey(identity.address),
      collection: chain.collection,
      genome,
      name,
      uri,
      picture,
      consent: guest !== null,
    });
    return {
      is: 'transaction',
      signing: { instructions: [mint], signers: [keys.zone, ...(guest ? [guest] : [])], units: MINT_UNITS },
      plan,
    };
  }

  override async release(): Promise<void> {}
}

/** Grows a symbiont by the deed leaf of a published epoch. Nobody has to sign but who pays. */
export class Evolving extends Growing {
  private newest = -1;
  private newestAt = Number.NEGATIVE_INFINITY;
  override readonly voids = new Set([
    'EpochMarked',
    'EpochNotHeld',
    'Leaf',
    'OtherZone',
    'Path',
    'OtherAsset',
    'WrongAppearance',
    'WrongVersion',
    'DeedsDecrease',
    'RuleNotMet',
    'UriShorter',
  ]);
  override readonly delays = new Set([
    'Paused',
    'CapReached',
    'ConsentMissing',
    'ZoneNotStanding',
    'WrongZone',
  ]);

  override async prepare(intent: IntentRow, account: Buffer | null): Promise<Preparation> {
    const { chain } = this.options;
    const { plan, proof, epoch, zone } = intent;
    if (!plan || !proof || epoch === null || zone === null) return { is: 'void', why: 'leaf: there is none' };
    if (!account) return { is: 'early', why: 'symbiont: is not on chain' };
    if (Number(decodeSymbiont(account).version) + 1 !== intent.version)
      return { is: 'early', why: 'symbiont: an earlier evolution is not on chain' };
    if ((await this.newestEpoch(zone)) - epoch >= CHRONICLE.RING_EPOCHS - RING_MARGIN)
      return { is: 'void', why: `leaf: epoch ${epoch} is leaving the chronicle's ring` };
    const symbiont = await this.symbiontOf(intent);
    const { asset, held, consent } = symbiont;
    // The guest's consent stands until the move; the wallet has to give its own.
    if (held === 'wallet' && !consent) return { is: 'void', why: 'consent: its owner has not given it' };
    const owner = held === 'wallet' ? null : await this.consenting(intent, account);
    const evolve = evolveIx({
      payer: chain.options.keys.payer.publicKey,
      owner: owner?.publicKey ?? null,
      collection: collectionOf(chain, symbiont),
      asset: new PublicKey(asset),
      zone: chain.zone,
      uri: plan.uri,
      picture: hexToBytes(plan.picture),
      index: proof.index,
      leaf: hexToBytes(proof.leaf),
      path: proof.path.map(hexToBytes),
    });
    const signers = owner ? [owner] : [];
    return { is: 'transaction', signing: { instructions: [evolve], signers, units: EVOLVE_UNITS }, plan };
  }

  /** The guest's key that has to sign, where what it came to own bears no consent of its own. */
  private async consenting(intent: IntentRow, account: Buffer): Promise<Keypair | null> {
    const identity = await this.person(personOf(intent));
    const key = identity && this.options.guests.keypair(identity);
    return key && !decodeSymbiont(account).consent?.equals(key.publicKey) ? key : null;
  }

  /** The newest published epoch, or which it was a moment ago. */
  private async newestEpoch(zone: number): Promise<number> {
    const now = performance.now();
    if (now - this.newestAt > NEWEST_MS) {
      this.newest = (await lastPublished(this.options.store, zone))?.epoch ?? -1;
      this.newestAt = now;
    }
    return this.newest;
  }

  override async release(intent: IntentRow, why: string): Promise<void> {
    const { store, onLeafless, log } = this.options;
    log(`evolution ${intent.id}: waits for another leaf: ${why}`);
    await takeLeaf(store, intent.id, why);
    await onLeafless([{ identity: personOf(intent), asset: intent.asset }]);
  }
}
