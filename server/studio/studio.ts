import { LAMPORTS_PER_SOL, PublicKey } from '@solana/web3.js';
import type {
  StudioAnswer,
  StudioApi,
  StudioCollection,
  StudioDraft,
  StudioManage,
  StudioStep,
} from '#shared/protocol/index.ts';
import { STUDIO } from '#shared/protocol/index.ts';
import {
  CONSTANTS,
  collectionAddress,
  createCollectionIx,
  setRoyaltiesIx,
} from '../../programs/client/index.ts';
import { keyOf, requireSignature } from '../base58.ts';
import { type Chain, pause } from '../chain/chain.ts';
import { Refusal } from '../refusal.ts';
import { blobByHash } from '../store/blobs.ts';
import { collectionAt } from '../store/gallery.ts';
import type { Store } from '../store/store.ts';
import {
  changeDraft,
  dropDraft,
  keepDraft,
  modelFile,
  nextIndex,
  type StudioRow,
  setStudioState,
  studioCollection,
  studioCollectionsOf,
} from '../store/studio.ts';
import { EMPTY, FIXED, NAME, UNKNOWN } from './blank.ts';
import { cardSpace, type ModelCard, registerIxs } from './card.ts';
import { type Found, isModelRegistered, lookUp, modelOf, onChain } from './chain.ts';
import { examine } from './library.ts';
import { managePlan, requireRule } from './manage.ts';
import { ModelMissing, type Models } from './models.ts';
import { hashOfUri, readPapers, writePapers } from './papers.ts';
import { doneStep, type Plan, planSteps, refusalOf } from './steps.ts';

export interface StudioOptions {
  store: Store;
  chain: Chain;
  models: Models;
  publicUrl: string;
}

/** Indices of a creator that are looked at for a free one. */
const MOST_TRIES = 64;
/** How long a confirmation waits for the chain, and after how long what it never showed has not happened. */
const PATIENCE_MS = 8_000;
const POLL_MS = 400;
const EXPIRED_MS = 150_000;
/** Lamports of test SOL, and below which a wallet is given them. */
const TEST_SOL = 10 * LAMPORTS_PER_SOL;

/** A collection here or on chain, as its creator meets it. */
export interface Standing {
  row: StudioRow;
  found: Found | null;
}

/**
 * Collections of creators, from a draft to one that stands on chain. The chain is what counts: every step can be
 * asked for again, and what happened meanwhile is found there.
 */
export class Studio {
  readonly options: StudioOptions;

  constructor(options: StudioOptions) {
    this.options = options;
  }

  /** Keeps a draft; its address is fixed from now on. @throws Refusal with nothing changed */
  async draft(creator: string, draft: StudioDraft): Promise<StudioAnswer> {
    const { store, chain } = this.options;
    this.checkTerms(draft);
    const key = new PublicKey(creator);
    let index = await nextIndex(store, creator);
    for (let tries = 0; tries < MOST_TRIES; tries++, index++) {
      const address = collectionAddress(key, index);
      const [taken] = await chain.accounts([address]);
      if (taken) continue;
      const papers = await this.papers(address.toBase58(), draft);
      const given = { creator, draft, ...papers };
      const kept = await keepDraft(store, given, { index, address: address.toBase58() }, STUDIO.collections);
      if (kept === 'name') throw NAME();
      if (kept === 'collections')
        throw new Refusal(
          409,
          'collections',
          `you have ${STUDIO.collections} here, which is the limit; delete a draft first`,
        );
      if (kept !== 'index') return this.answer({ row: kept, found: null });
    }
    throw new Refusal(409, 'index', `none of ${MOST_TRIES} is free; try again`);
  }

  /** Changes a draft. @throws Refusal where the chain holds something of it */
  async change(creator: string, address: string, draft: StudioDraft): Promise<StudioAnswer> {
    const { store } = this.options;
    const standing = await this.look(await this.ownOf(creator, address));
    this.checkTerms(draft);
    if (standing.row.state !== 'draft') throw FIXED();
    const papers = await this.papers(address, draft);
    const kept = await changeDraft(store, address, { creator, draft, ...papers });
    if (kept === 'name') throw NAME();
    if (kept === 'state') throw FIXED();
    return this.answer({ row: kept, found: null });
  }

  async drop(creator: string, address: string): Promise<void> {
    const { row } = await this.look(await this.ownOf(creator, address));
    if (row.state !== 'draft' || !(await dropDraft(this.options.store, address))) throw FIXED();
  }

  async mine(wallet: string): Promise<StudioCollection[]> {
    const rows = await studioCollectionsOf(this.options.store, wallet);
    return (await this.lookAll(rows)).map((one) => this.shown(one));
  }

  /** One, with transactions for what is not done. @throws Refusal */
  async one(wallet: string, address: string): Promise<StudioAnswer> {
    return this.answer(await this.find(wallet, address));
  }

  /**
   * Finds out what became of a transaction, or of all there was. Waits a few seconds for the chain to show it.
   * @throws Refusal
   */
  async confirm(wallet: string, address: string, signature?: string): Promise<StudioAnswer> {
    const { store, chain } = this.options;
    if (signature !== undefined) requireSignature('signature', signature);
    let standing = await this.find(wallet, address);
    if (signature === undefined || standing.row.state === 'registered') return this.answer(standing);
    const [known] = await chain.statuses([signature]);
    // What the chain has refused already leaves a draft as it is.
    const state = standing.row.state === 'draft' && !known?.error ? 'signed' : undefined;
    await setStudioState(store, address, { state, signature, error: null });
    const before = standing.row.state;
    for (const end = Date.now() + PATIENCE_MS; ; await pause(POLL_MS)) {
      const [status] = await chain.statuses([signature]);
      if (status?.error) {
        const error = await this.whyRefused(signature, status.error);
        await setStudioState(store, address, { error, ...(before === 'draft' ? { state: 'draft' } : {}) });
      }
      standing = await this.find(wallet, address);
      if (status?.error || status?.confirmed || Date.now() > end) return this.answer(standing);
    }
  }

  private async whyRefused(signature: string, error: string): Promise<string> {
    const held = await this.options.chain.connection.getTransaction(signature, {
      commitment: 'confirmed',
      maxSupportedTransactionVersion: 0,
    });
    const said = refusalOf(JSON.parse(error), held?.meta?.logMessages ?? []);
    return said.replace('would refuse', 'refused');
  }

  /** @throws Refusal */
  async manage(wallet: string, address: string, wish: StudioManage): Promise<StudioStep> {
    const { chain } = this.options;
    const { found } = await this.find(wallet, address);
    if (!found) throw new Refusal(409, 'collection', 'is not on chain yet');
    if (wish.do === 'model' && wish.model !== null) await this.requireModel(wish.model, 'model');
    const plan = managePlan(chain, new PublicKey(address), new PublicKey(wallet), found.config, wish);
    return (await planSteps(chain, new PublicKey(wallet), [plan]))[0];
  }

  /** Test SOL for a wallet, where they are worth nothing. @throws Refusal on a cluster */
  async testSol(wallet: string): Promise<StudioApi['POST /api/studio/test-sol']> {
    const { chain } = this.options;
    if (!chain.options.embedded)
      throw new Refusal(403, 'ledger', 'is a real cluster: fill your wallet yourself');
    const key = new PublicKey(wallet);
    const had = await chain.connection.getBalance(key, 'confirmed');
    if (had >= TEST_SOL)
      return { lamports: 0, balance: had, note: 'Your wallet has test SOL enough; they are worth nothing.' };
    const signature = await chain.connection.requestAirdrop(key, TEST_SOL);
    for (let i = 0; i < PATIENCE_MS / POLL_MS; i++) {
      const [status] = await chain.statuses([signature]);
      if (status?.confirmed) break;
      await pause(POLL_MS);
    }
    const balance = await chain.connection.getBalance(key, 'confirmed');
    const note = 'Test SOL of this world’s own ledger: they are worth nothing anywhere else.';
    return { lamports: TEST_SOL, balance, note };
  }

  balance(wallet: string): Promise<number> {
    return this.options.chain.connection.getBalance(new PublicKey(wallet), 'confirmed');
  }

  /**
   * A collection that this wallet made, manages or was offered.
   * @throws Refusal 404 for everybody else
   */
  async find(wallet: string, address: string): Promise<Standing> {
    const { store } = this.options;
    keyOf('address', address);
    const row = (await studioCollection(store, address)) ?? (await this.unwritten(wallet, address));
    if (!row) throw UNKNOWN();
    const standing = await this.look(row);
    const { authority, proposed } = standing.found?.config ?? {};
    const theirs = [authority?.toBase58(), proposed?.toBase58(), row.creator];
    if (!theirs.includes(wallet)) throw UNKNOWN();
    return standing;
  }

  private async ownOf(creator: string, address: string): Promise<StudioRow> {
    keyOf('address', address);
    const row = await studioCollection(this.options.store, address);
    if (row?.creator !== creator) throw UNKNOWN();
    return row;
  }

  /** A collection on chain that this server has no row of: made elsewhere, or before its database was lost. */
  private async unwritten(wallet: string, address: string): Promise<StudioRow | null> {
    const known = await collectionAt(this.options.store, address);
    if (known?.authority !== wallet) return null;
    const now = new Date(0);
    return {
      address,
      creator: wallet,
      index: 0,
      nameKey: '',
      draft: { ...EMPTY, name: known.name, rule: known.rule as StudioDraft['rule'] },
      uri: '',
      state: 'made',
      signature: null,
      error: null,
      created: now,
      updated: now,
    };
  }

  private look(row: StudioRow): Promise<Standing> {
    return this.lookAll([row]).then(([one]) => one);
  }

  /** Reads the chain, and keeps what it shows that is new. */
  private async lookAll(rows: readonly StudioRow[]): Promise<Standing[]> {
    const { store, chain, models } = this.options;
    const wanted = rows.map(({ address, creator, draft }) => ({ address, creator, model: draft.model }));
    const found = await lookUp(chain, wanted, (model) => models.isShipped(model));
    return Promise.all(
      rows.map(async (before, i): Promise<Standing> => {
        const now = found[i];
        const { state, error } = now ? madeState(before, now) : await this.waitingState(before);
        const draft = now ? await this.draftOf(before, now) : before.draft;
        let row: StudioRow = { ...before, state, error, draft };
        if (state !== before.state)
          row = (await setStudioState(store, before.address, { state, error })) ?? row;
        return { row: { ...row, draft }, found: now };
      }),
    );
  }

  /** What became of a transaction that did not make the collection, or not yet. */
  private async waitingState(row: StudioRow): Promise<Told> {
    if (row.state !== 'signed' || row.signature === null) return { state: 'draft', error: row.error };
    const [status] = await this.options.chain.statuses([row.signature]);
    // It was another step's, and is done.
    if (status?.confirmed && !status.error) return { state: 'draft', error: null };
    if (status?.error)
      return { state: 'draft', error: row.error ?? (await this.whyRefused(row.signature, status.error)) };
    if (Date.now() - row.updated.getTime() < EXPIRED_MS) return { state: 'signed', error: null };
    return { state: 'draft', error: 'The transaction did not happen: the chain has not taken it in time.' };
  }

  /** What was meant, as far as the chain does not say otherwise. */
  private async draftOf({ draft, uri }: StudioRow, { config, core }: Found): Promise<StudioDraft> {
    const hash = core.uri === uri ? null : hashOfUri(core.uri);
    const papers =
      core.uri === uri
        ? draft
        : readPapers(hash && ((await blobByHash(this.options.store, hash))?.body ?? null));
    return {
      ...draft,
      symbol: papers.symbol,
      description: papers.description,
      licence: papers.licence,
      traits: papers.traits,
      name: core.name,
      model: modelOf(config),
      rule: config.rule as StudioDraft['rule'],
      supply: config.supply,
      price: Number(config.price),
      treasury: config.treasury?.toBase58() ?? null,
      dailyCap: config.dailyCap,
    };
  }

  private shown({ row, found }: Standing): StudioCollection {
    const { address, state, draft, signature, error, created } = row;
    return {
      address,
      state,
      draft,
      signature,
      error,
      onChain: found && onChain(this.options.chain, found),
      created: created.getTime(),
    };
  }

  private async answer(standing: Standing): Promise<StudioAnswer> {
    const { chain } = this.options;
    const { row, found } = standing;
    const wallet = new PublicKey(row.creator);
    const steps = await Promise.all([this.registering(standing), this.creating(standing)]);
    const plans = steps.flat().filter((one): one is Plan => 'instructions' in one);
    const planned = await planSteps(chain, wallet, plans);
    return {
      collection: this.shown({ row, found }),
      steps: steps.flat().map((one) => ('instructions' in one ? planned[plans.indexOf(one)] : one)),
    };
  }

  private async registering({ row, found }: Standing): Promise<(Plan | StudioStep)[]> {
    const { store, chain, models, publicUrl } = this.options;
    const { model, licence } = row.draft;
    if (model === null || models.isShipped(model)) return [];
    const what = `Registers the art model ${model.slice(0, 12)}… in your name: its hash, what it was trained from, its licence.`;
    const registered = found?.registered ?? (await isModelRegistered(chain, row.creator, model));
    if (registered) return [doneStep('register', what)];
    const file = await modelFile(store, model);
    if (!file) throw new Refusal(409, 'model', new ModelMissing(model).message);
    const facts = examine(file);
    const uri = `${publicUrl}/api/studio/models/${model}`;
    const card: ModelCard = { ...facts, bytes: file.length, licence, uri };
    const rent = await chain.connection.getMinimumBalanceForRentExemption(cardSpace(card));
    const author = new PublicKey(row.creator);
    return [{ kind: 'register', what, instructions: (payer) => registerIxs(payer, author, card, rent) }];
  }

  private async creating({ row, found }: Standing): Promise<(Plan | StudioStep)[]> {
    const { chain } = this.options;
    const { draft, index, uri } = row;
    const creator = new PublicKey(row.creator);
    const collection = new PublicKey(row.address);
    const what = `Makes the collection “${draft.name}” with its rule of growth, supply and price.`;
    const royalties = draft.royalties && {
      basisPoints: draft.royalties.basisPoints,
      shares: draft.royalties.shares.map((one) => ({ ...one, address: new PublicKey(one.address) })),
    };
    const share = (payer: PublicKey) =>
      royalties ? [setRoyaltiesIx({ payer, authority: creator, collection, ...royalties })] : [];
    if (found) return [doneStep('create', what)];
    const create = (payer: PublicKey) =>
      createCollectionIx({
        payer,
        creator,
        index,
        name: draft.name,
        uri,
        zone: chain.zone,
        minter: chain.options.keys.zone.publicKey,
        dailyCap: draft.dailyCap,
        rule: draft.rule,
        supply: draft.supply,
        price: BigInt(draft.price),
        treasury: draft.treasury ? new PublicKey(draft.treasury) : creator,
        model: draft.model === null ? null : Uint8Array.from(Buffer.from(draft.model, 'hex')),
      });
    const instructions = (payer: PublicKey) => [create(payer), ...share(payer)];
    return [{ kind: 'create', what: royalties ? `${what} Sets its royalties.` : what, instructions }];
  }

  /** @throws Refusal */
  private checkTerms(draft: StudioDraft): void {
    requireRule(draft.rule);
    if (draft.treasury !== null) keyOf('treasury', draft.treasury);
    draft.royalties?.shares.forEach((one, i) => {
      keyOf(`royalties.shares.${i}.address`, one.address);
    });
  }

  private async papers(address: string, draft: StudioDraft) {
    const { models, publicUrl } = this.options;
    if (draft.model !== null) await this.requireModel(draft.model, 'model');
    const papers = writePapers(await models.byId(draft.model), publicUrl, address, draft);
    if (Buffer.byteLength(papers.uri) > CONSTANTS.MAX_URI)
      throw new Error(`PUBLIC_URL: makes URIs of more than ${CONSTANTS.MAX_URI} bytes`);
    return papers;
  }

  private async requireModel(id: string, field: string): Promise<void> {
    if (!(await this.options.models.known([id])).has(id))
      throw new Refusal(409, field, 'is not on this server; bring its file first');
  }
}

type Told = Pick<StudioRow, 'state' | 'error'>;

const madeState = ({ error }: StudioRow, { registered }: Found): Told =>
  registered ? { state: 'registered', error: null } : { state: 'made', error };
