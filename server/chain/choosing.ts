import { PublicKey } from '@solana/web3.js';
import type { OwnedSymbiont } from '#shared/protocol/index.ts';
import {
  configAddress,
  decodeAsset,
  decodeConfig,
  decodeSymbiont,
  symbiontAddress,
} from '../../programs/client/index.ts';
import { WishRefused } from '../refusal.ts';
import { allCollections, assetsOwnedBy, type CollectionRow } from '../store/gallery.ts';
import {
  allSymbiontsOf,
  identitiesById,
  refreshSymbiont,
  type SymbiontRow,
  symbiontAt,
  walkersOf,
} from '../store/identities.ts';
import { isEvolving } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Models } from '../studio/models.ts';
import type { ZoneHost } from '../zone/host.ts';
import type { Known } from '../zone/people.ts';
import type { Chain } from './chain.ts';

export interface ChoosingOptions {
  store: Store;
  chain: Chain;
  models: Models;
  host: Pick<ZoneHost, 'choices' | 'know'>;
}

/** Most symbionts of one owner that are told of at once. */
const MOST_OWNED = 200;
const ELSEWHERE = 'counts the deeds of another world';
const BUSY = () => new WishRefused('asset: another choice is just being made; try again in a moment');
const UNDRAWN = 'is drawn by an art model that is not on this server';

/** Which of the symbionts that somebody owns walks with them. The chain says who owns what. */
export class Choosing {
  private readonly options: ChoosingOptions;

  constructor(options: ChoosingOptions) {
    this.options = options;
  }

  /**
   * From the next tick on this symbiont walks with them. What was earned for the one before stays its own.
   * @throws WishRefused with nothing changed; Error when the chain or the database does not answer
   */
  async choose(person: Known, address: string): Promise<void> {
    const { store, host } = this.options;
    const { symbiont } = person;
    if (symbiont?.asset === address) return;
    if (!symbiont?.minted) throw new WishRefused('asset: your first symbiont is still hatching');
    if (symbiont.held === 'moving') throw new WishRefused('asset: your symbionts are moving to your wallet');
    // What the one before has earned must be kept before it can be chosen again.
    if (!host.choices.reserve(person.id)) throw BUSY();
    try {
      const row = await this.rowOf(person, keyOf(address));
      await this.sendHome(address, person.id);
      await refreshSymbiont(store, row);
      const evolving = await isEvolving(store, row);
      host.choices.choose(person.id, { symbiont: row, counters: row.earned, evolving });
    } catch (error) {
      host.choices.release(person.id);
      throw error;
    }
  }

  /** What somebody owns, as far as it is final, and what of it may walk here. */
  async owned(identity: number): Promise<OwnedSymbiont[]> {
    const { store, chain, models } = this.options;
    const [person] = await identitiesById(store, [identity]);
    const [assets, rows, collections] = await Promise.all([
      assetsOwnedBy(store, person.address, MOST_OWNED),
      allSymbiontsOf(store, identity),
      allCollections(store),
    ]);
    const by = new Map(collections.map((row) => [row.address, row]));
    const named = collections.flatMap(({ model }) => model ?? []);
    const drawable = await models.known(named);
    const active = rows.find((row) => row.active)?.asset ?? null;
    const found = assets.map((row): OwnedSymbiont => {
      const collection = by.get(row.collection);
      const model = collection?.model ?? null;
      return {
        asset: row.address,
        name: row.name,
        genome: Buffer.from(row.genome).toString('hex'),
        stage: row.stage,
        branch: row.branch,
        version: row.version,
        deeds: row.deeds,
        collection: row.collection,
        collectionName: collection?.name ?? '',
        model,
        companion: row.address === active,
        refusal: refusalOf(collection, chain.zone, drawable),
      };
    });
    // What has just been minted is not final yet, and walks already.
    const own = rows.find((row) => row.active && !found.some(({ asset }) => asset === row.asset));
    if (own) found.unshift(this.shownOf(own, by));
    return found.sort((a, b) => Number(b.companion) - Number(a.companion));
  }

  private shownOf(row: SymbiontRow, by: ReadonlyMap<string, CollectionRow>): OwnedSymbiont {
    const collection = row.collection ?? this.options.chain.collection.toBase58();
    const { asset, name, stage, branch, version, deeds, model } = row;
    return {
      asset,
      name,
      genome: Buffer.from(row.genome).toString('hex'),
      stage,
      branch,
      version,
      deeds,
      collection,
      collectionName: by.get(collection)?.name ?? '',
      model,
      companion: true,
      refusal: null,
    };
  }

  /** The symbiont as the chain has it now, with the counters that it goes on from. */
  private async rowOf(person: Known, asset: PublicKey): Promise<SymbiontRow> {
    const { store, chain, models } = this.options;
    const [core, own] = await chain.accounts([asset, symbiontAddress(asset)]);
    if (!core || core.length <= 1 || !own) throw new WishRefused('asset: no symbiont has this address');
    const { owner, name, uri, collection } = decodeAsset(asset, core);
    if (owner.toBase58() !== person.address) throw new WishRefused('asset: belongs to somebody else');
    if (!collection) throw new WishRefused('asset: is in no collection');
    const [config] = await chain.accounts([configAddress(collection)]);
    if (!config) throw new WishRefused('asset: is in no collection of symbionts');
    const { zone, rule, model } = decodeConfig(config);
    if (!zone?.equals(chain.zone)) throw new WishRefused(`asset: its collection ${ELSEWHERE}`);
    const drawnBy = model && Buffer.from(model).toString('hex');
    if (drawnBy && !(await models.known([drawnBy])).has(drawnBy))
      throw new WishRefused(`asset: its collection ${UNDRAWN}`);
    const state = decodeSymbiont(own);
    const kept = await symbiontAt(store, { identity: person.id, asset: asset.toBase58() });
    const isWorlds = collection.equals(chain.collection);
    const [identity] = await identitiesById(store, [person.id]);
    const isGuest = identity.linked === null;
    return {
      identity: person.id,
      asset: asset.toBase58(),
      genome: state.genome,
      name,
      minted: true,
      stage: state.stage,
      branch: state.branch,
      version: Number(state.version),
      deeds: state.deeds,
      picture: state.picture,
      uri,
      signature: kept?.signature ?? null,
      held: isGuest ? 'guest' : 'wallet',
      consent: isGuest || state.consent?.equals(owner) === true,
      active: true,
      // What it earned here and is not on chain yet goes on; what another's deeds brought it counts too.
      earned: state.deeds.map((deed, i) => Math.max(deed, kept?.earned[i] ?? 0)),
      collection: isWorlds ? null : collection.toBase58(),
      rule: isWorlds ? null : rule,
      model: drawnBy,
    };
  }

  /** With whomever it walked before it was passed on, it walks no more; something of theirs does instead. */
  private async sendHome(asset: string, owner: number): Promise<void> {
    const { store, host } = this.options;
    for (const identity of await walkersOf(store, asset)) {
      if (identity === owner) continue;
      const other = (await allSymbiontsOf(store, identity)).find((row) => row.asset !== asset && row.minted);
      if (!host.choices.reserve(identity)) throw BUSY();
      await host.know(identity).catch((error) => {
        host.choices.release(identity);
        throw error;
      });
      host.choices.choose(
        identity,
        other ? { symbiont: other, counters: other.earned, evolving: false } : null,
      );
    }
  }
}

function refusalOf(
  collection: CollectionRow | undefined,
  zone: PublicKey,
  drawable: ReadonlySet<string>,
): string | null {
  if (!collection) return 'Its collection is not known here yet.';
  if (collection.zone !== zone.toBase58()) return `Its collection ${ELSEWHERE}.`;
  if (collection.model !== null && !drawable.has(collection.model)) return `Its collection ${UNDRAWN}.`;
  return null;
}

function keyOf(address: string): PublicKey {
  try {
    return new PublicKey(address);
  } catch {
    throw new WishRefused('asset: must be a Solana address');
  }
}
