import { randomBytes } from 'node:crypto';
import { bytesToHex } from '@noble/hashes/utils';
import type { ArtModel } from '#shared/art/index.ts';
import { ruleNeeds, ruleNext } from '#shared/growth/index.ts';
import type { SymbiontCard } from '#shared/protocol/index.ts';
import { assetAddress } from '../../programs/client/index.ts';
import { friendlyName } from '../identity/words.ts';
import type { SymbiontRow } from '../store/identities.ts';
import { hatch, plansOf } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Grown, Standing } from '../zone/chronicle.ts';
import type { Known } from '../zone/people.ts';
import type { Chain } from './chain.ts';
import { drawDocuments } from './documents.ts';

export interface CompanionsOptions {
  store: Store;
  chain: Chain;
  model: ArtModel;
  publicUrl: string;
  /** Something new lies in the outbox. */
  wake: () => void;
}

const NO_DEEDS: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0];

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
    const { rule } = this.options.chain;
    if (!symbiont?.consent || !rule) return false;
    return ruleNext(rule, symbiont.stage, symbiont.branch, counters) !== null;
  }

  /** Draws what a symbiont becomes by what it had done at an epoch's end; null where that earns it nothing new. */
  async grow({ identity, counters, symbiont }: Standing): Promise<Grown | null> {
    const { store, chain, model, publicUrl } = this.options;
    const { rule } = chain;
    const next = symbiont?.consent && rule && ruleNext(rule, symbiont.stage, symbiont.branch, counters);
    if (!next) return null;
    const past = await plansOf(store, identity);
    // Drawing is work, and the world's clock runs on the same thread.
    await new Promise((resolve) => setImmediate(resolve));
    const { genome, name } = symbiont;
    const version = symbiont.version + 1;
    const drawn = drawDocuments(model, publicUrl, { ...next, genome, name, deeds: counters, version, past });
    const { picture, uri, blobs } = drawn;
    return { plan: { ...next, version, counters: [...counters], picture: bytesToHex(picture), uri }, blobs };
  }

  card(symbiont: SymbiontRow | null, counters: readonly number[], evolving: boolean): SymbiontCard | null {
    if (!symbiont) return null;
    const { rule, collection } = this.options.chain;
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
      collection: minted ? collection.toBase58() : null,
      genome: bytesToHex(genome),
      model: null,
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

  private async lay(identity: number): Promise<SymbiontRow> {
    const { store, chain, model, publicUrl } = this.options;
    const genome = Uint8Array.from(randomBytes(32));
    let byte = 0;
    const name = friendlyName((below) => genome[byte++] % below);
    const conditions = { genome, stage: 0, branch: 0 };
    const drawn = drawDocuments(model, publicUrl, {
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
