import { randomBytes } from 'node:crypto';
import { bytesToHex } from '@noble/hashes/utils';
import type { ArtModel } from '#shared/art/index.ts';
import { NO_DEEDS, ruleNeeds, ruleNext } from '#shared/growth/index.ts';
import type { SymbiontCard } from '#shared/protocol/index.ts';
import { assetAddress } from '../../programs/client/index.ts';
import { friendlyName } from '../identity/words.ts';
import type { Log } from '../log.ts';
import { parentsOf } from '../store/broods.ts';
import type { SymbiontRow } from '../store/identities.ts';
import { hatch, pastOf } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import { studioCollection } from '../store/studio.ts';
import type { Models } from '../studio/models.ts';
import { ModelMissing } from '../studio/models.ts';
import type { Grown, Standing } from '../zone/chronicle.ts';
import type { Known } from '../zone/people.ts';
import { type Chain, collectionOf, ruleOf } from './chain.ts';
import { drawDocuments, type Style } from './documents.ts';

export interface CompanionsOptions {
  store: Store;
  chain: Chain;
  models: Models;
  publicUrl: string;
  /** Something new lies in the outbox. */
  wake: () => void;
  log: Log;
}

/** The symbionts of the players: hatching them and telling of them. The outbox does the rest. */
export class Companions {
  private readonly options: CompanionsOptions;
  private readonly hatching = new Map<number, Promise<SymbiontRow>>();

  constructor(options: CompanionsOptions) {
    this.options = options;
  }

  /** Makes sure that this player has a symbiont; its minting goes through the outbox. */
  async hatch(person: Known): Promise<void> {
    if (person.symbiont) return;
    let hatching = this.hatching.get(person.id);
    if (!hatching) {
      hatching = this.lay(person.id).finally(() => this.hatching.delete(person.id));
      this.hatching.set(person.id, hatching);
    }
    person.symbiont ??= await hatching;
    this.options.wake();
  }

  /** Whether these counters have earned what the symbiont is not yet. */
  grows(person: Pick<Known, 'symbiont'>, counters: readonly number[]): boolean {
    const { symbiont } = person;
    const rule = symbiont && ruleOf(this.options.chain, symbiont);
    if (!symbiont?.consent || !rule) return false;
    return ruleNext(rule, symbiont.stage, symbiont.branch, counters) !== null;
  }

  /** Draws what a symbiont becomes by what it had done at an epoch's end; null where that earns it nothing new. */
  async grow({ counters, symbiont }: Standing): Promise<Grown | null> {
    const { store, chain, models, publicUrl, log } = this.options;
    const rule = symbiont && ruleOf(chain, symbiont);
    const next = symbiont?.consent && rule && ruleNext(rule, symbiont.stage, symbiont.branch, counters);
    if (!next) return null;
    let model: ArtModel;
    try {
      model = await models.byId(symbiont.model);
    } catch (error) {
      if (!(error instanceof ModelMissing)) throw error;
      // Nothing is drawn by another: it waits for its model.
      log(`symbiont ${symbiont.asset}: does not grow: art model ${error.message}`);
      return null;
    }
    const past = (await pastOf(store, symbiont)).filter(({ version }) => version <= symbiont.version);
    const style = await this.styleOf(symbiont.collection);
    const parents = await parentsOf(store, symbiont.asset);
    // Drawing is work, and the world's clock runs on the same thread.
    await new Promise((resolve) => setImmediate(resolve));
    const { genome, name } = symbiont;
    const version = symbiont.version + 1;
    const drawn = drawDocuments(model, publicUrl, {
      ...next,
      ...style,
      genome,
      name,
      deeds: counters,
      version,
      past,
      parents,
    });
    const { picture, uri, blobs } = drawn;
    return { plan: { ...next, version, counters: [...counters], picture: bytesToHex(picture), uri }, blobs };
  }

  card(symbiont: SymbiontRow | null, counters: readonly number[], evolving: boolean): SymbiontCard | null {
    if (!symbiont) return null;
    const { chain } = this.options;
    const rule = ruleOf(chain, symbiont);
    const {
      minted,
      name,
      asset,
      genome,
      stage,
      branch,
      version,
      deeds,
      picture,
      uri,
      signature,
      held,
      consent,
    } = symbiont;
    return {
      name,
      state: !minted ? 'hatching' : evolving && (consent || held === 'moving') ? 'evolving' : 'settled',
      asset: minted ? asset : null,
      collection: minted ? collectionOf(chain, symbiont).toBase58() : null,
      genome: bytesToHex(genome),
      model: symbiont.model,
      stage,
      branch,
      version,
      deeds,
      picture: bytesToHex(picture),
      metadataUri: uri,
      signature,
      held,
      consent,
      next: rule ? ruleNeeds(rule, stage, counters) : null,
    };
  }

  /** What a creator calls things, where the collection is a creator's. */
  async styleOf(collection: string | null): Promise<Style> {
    const row = collection === null ? null : await studioCollection(this.options.store, collection);
    return row ? { symbol: row.draft.symbol, traits: row.draft.traits } : {};
  }

  private async lay(identity: number): Promise<SymbiontRow> {
    const { store, chain, models, publicUrl } = this.options;
    const genome = Uint8Array.from(randomBytes(32));
    let byte = 0;
    const name = friendlyName((below) => genome[byte++] % below);
    const conditions = { genome, stage: 0, branch: 0 };
    const drawn = drawDocuments(models.own, publicUrl, {
      ...conditions,
      name,
      deeds: NO_DEEDS,
      version: 0,
      past: [],
    });
    const asset = assetAddress(chain.collection, genome).toBase58();
    const { picture, uri } = drawn;
    return hatch(store, { identity, genome, name, asset, picture, uri }, drawn.blobs);
  }
}
