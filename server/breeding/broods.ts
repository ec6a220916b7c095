import { randomBytes } from 'node:crypto';
import { bytesToHex } from '@noble/hashes/utils';
import { PublicKey } from '@solana/web3.js';
import type { BroodCard, Creature, ServerMessages } from '#shared/protocol/index.ts';
import { BALANCE } from '#shared/world/index.ts';
import { configAddress, decodeConfig, decodeSymbiont, symbiontAddress } from '../../programs/client/index.ts';
import { type Chain, collectionOf } from '../chain/chain.ts';
import { within } from '../dialogue/dialogue.ts';
import { WishRefused } from '../refusal.ts';
import { type BroodRow, broodsOf, isBrooding, openBrood } from '../store/broods.ts';
import type { Cipher } from '../store/cipher.ts';
import { identitiesById, type SymbiontRow, symbiontAt } from '../store/identities.ts';
import type { Store } from '../store/store.ts';
import type { Presence, ZoneHost } from '../zone/host.ts';
import type { Known } from '../zone/people.ts';
import { against, type Side } from './pair.ts';
import { PURPOSE } from './step.ts';

/** How long somebody is asked. */
const ASKED_MS = 60_000;
/** Lamports of each side. */
const DEPOSIT = 10_000_000;
/** How long a brood that is over is still told of to who comes back. */
const TOLD_MINUTES = 10;

export interface BroodsOptions {
  store: Store;
  chain: Chain;
  cipher: Cipher;
  host: Pick<ZoneHost, 'presence' | 'zone' | 'people'>;
  /** Tells a player something, wherever they are connected. */
  tell: <K extends 'asked' | 'brood' | 'notice'>(
    identity: number,
    name: K,
    message: ServerMessages[K],
  ) => void;
  /** Something new lies in the outbox. */
  wake: () => void;
  now?: () => number;
}

interface Ask {
  id: number;
  from: number;
  to: number;
  /** Of both, as they were when it was asked. */
  assets: readonly [string, string];
  heir: 0 | 1;
  until: number;
  timer: NodeJS.Timeout;
}

/** Players who want a child of their symbionts: who asks, who agrees, and what they hear of it. The outbox does the rest. */
export class Broods {
  private readonly options: BroodsOptions;
  private readonly asks = new Map<number, Ask>();
  /** Assets for which a brood is just being opened. */
  private readonly opening = new Set<string>();
  private next = 1;

  constructor(options: BroodsOptions) {
    this.options = options;
  }

  /**
   * Asks the player in this place.
   * @param heir whose the child is to be: `me`, who asks, or `you`
   * @throws WishRefused with nothing changed; Error when the chain or the database does not answer
   */
  async ask({ person, seat }: Presence, slot: number, heir: 'me' | 'you'): Promise<void> {
    const { host, tell } = this.options;
    const other = this.playerAt(slot);
    if (!other) throw new WishRefused(`slot: nobody who plays is in place ${slot}`);
    if (other.person.id === person.id) throw new WishRefused('slot: that is you');
    this.requireNear(seat.slot, slot);
    const asks = [...this.asks.values()];
    if (asks.some(({ from }) => from === person.id))
      throw new WishRefused('court: you have asked already; wait for the answer');
    if (asks.some(({ to }) => to === other.person.id))
      throw new WishRefused(`court: ${other.person.name} is being asked already; try again in a moment`);
    const pair = await this.requirePair(person, other.person);
    // Others may have asked meanwhile, and people may have gone.
    if (!host.presence(other.person.id) || [...this.asks.values()].some((one) => one.from === person.id))
      throw new WishRefused('court: try again');
    const id = this.next++;
    const until = performance.now() + ASKED_MS;
    const timer = setTimeout(() => this.expire(id), ASKED_MS);
    timer.unref();
    const assets = [pair[0].asset, pair[1].asset] as const;
    this.asks.set(id, {
      id,
      from: person.id,
      to: other.person.id,
      assets,
      heir: heir === 'me' ? 0 : 1,
      until,
      timer,
    });
    tell(other.person.id, 'asked', {
      id,
      slot: seat.slot,
      name: person.name,
      heir: heir === 'me' ? 'theirs' : 'yours',
      yours: creatureOf(pair[1]),
      theirs: creatureOf(pair[0]),
      seconds: ASKED_MS / 1000,
    });
  }

  /** @throws WishRefused with nothing changed; Error when the chain or the database does not answer */
  async answer(person: Known, id: number, yes: boolean): Promise<void> {
    const { host, tell } = this.options;
    const ask = this.asks.get(id);
    if (!ask || ask.to !== person.id)
      throw new WishRefused(`id: nobody asks you under ${id}, or not any more`);
    clearTimeout(ask.timer);
    this.asks.delete(id);
    const from = host.people.get(ask.from);
    if (!yes) {
      tell(ask.from, 'notice', { level: 'info', text: `${person.name} would rather not have a child now.` });
      return;
    }
    if (!from || !host.presence(ask.from)) throw new WishRefused('answer: they have left');
    const pair = await this.requirePair(from, person);
    if (pair[0].asset !== ask.assets[0] || pair[1].asset !== ask.assets[1])
      throw new WishRefused('answer: another symbiont walks with one of you by now; ask again');
    for (const asset of ask.assets) this.opening.add(asset);
    try {
      await this.open(from, person, pair, ask.heir);
    } finally {
      for (const asset of ask.assets) this.opening.delete(asset);
    }
  }

  /** Tells both how far it is. */
  async changed(row: BroodRow): Promise<void> {
    for (const identity of new Set([row.a, row.b]))
      if (this.options.host.presence(identity))
        this.options.tell(identity, 'brood', await this.card(row, identity));
  }

  /** What somebody who joins has missed or still waits for, the oldest first. */
  async greet(identity: number): Promise<void> {
    const rows = await broodsOf(this.options.store, identity, TOLD_MINUTES);
    for (const row of rows.reverse()) this.options.tell(identity, 'brood', await this.card(row, identity));
  }

  private async open(a: Known, b: Known, pair: [SymbiontRow, SymbiontRow], heir: 0 | 1): Promise<void> {
    const { store, chain, cipher, wake } = this.options;
    const secret = () => cipher.seal(Uint8Array.from(randomBytes(32)), PURPOSE);
    const owners = await this.holders([a.id, b.id], pair);
    const row = await openBrood(store, {
      a: a.id,
      b: b.id,
      assetA: pair[0].asset,
      assetB: pair[1].asset,
      collection: collectionOf(chain, pair[0]).toBase58(),
      ownerA: owners[0],
      ownerB: owners[1],
      secretA: secret(),
      secretB: secret(),
      heir,
      deposit: DEPOSIT,
    });
    wake();
    await this.changed(row);
  }

  /** Whose their assets are on chain. */
  private async holders(ids: number[], pair: [SymbiontRow, SymbiontRow]): Promise<[string, string]> {
    const rows = new Map((await identitiesById(this.options.store, ids)).map((row) => [row.id, row]));
    const [a, b] = ids.map((id) => rows.get(id)?.address);
    if (!a || !b || pair.some(({ held }) => held === 'moving'))
      throw new WishRefused('symbiont: one of you is just moving to a wallet');
    return [a, b];
  }

  /** @throws WishRefused where these two cannot have a child now */
  private async requirePair(a: Known, b: Known): Promise<[SymbiontRow, SymbiontRow]> {
    const { store, chain } = this.options;
    const now = Math.floor((this.options.now ?? Date.now)() / 1000);
    const symbionts = [a.symbiont, b.symbiont];
    const present = symbionts.filter((one) => one !== null);
    const collection = present[0] ? collectionOf(chain, present[0]) : chain.collection;
    const places = present.map(({ asset }) => symbiontAddress(new PublicKey(asset)));
    const [config, ...accounts] = await chain.accounts([configAddress(collection), ...places]);
    const states = new Map(present.map(({ asset }, i) => [asset, accounts[i]]));
    const sides = [a, b].map((person): Side => {
      const account = person.symbiont && states.get(person.symbiont.asset);
      const state = account ? decodeSymbiont(account) : null;
      return { name: person.name, symbiont: person.symbiont, state };
    });
    const why = against(sides[0], sides[1], now);
    if (why) throw new WishRefused(why);
    if (!config) throw new WishRefused('collection: is not on chain');
    const { paused, minter, supply, minted } = decodeConfig(config);
    if (paused) throw new WishRefused('collection: is paused: nothing hatches in it now');
    if (!minter?.equals(chain.options.keys.zone.publicKey))
      throw new WishRefused('collection: names another minter than this world');
    if (supply > 0 && minted >= supply) throw new WishRefused('collection: is full: no more will hatch');
    const assets = present.map(({ asset }) => asset);
    if (assets.some((asset) => this.opening.has(asset)) || (await isBrooding(store, assets)))
      throw new WishRefused('symbiont: one of you is on the way to a child already');
    return [present[0], present[1]];
  }

  private requireNear(one: number, other: number): void {
    const { zone } = this.options.host;
    if (!within(zone.world, one, other, BALANCE.hearing))
      throw new WishRefused(`slot: is further away than ${BALANCE.hearing / 256} tiles`);
  }

  private playerAt(slot: number): Presence | null {
    const { host } = this.options;
    for (const { id } of host.people.values()) {
      const presence = host.presence(id);
      if (presence?.seat.slot === slot) return presence;
    }
    return null;
  }

  private expire(id: number): void {
    const ask = this.asks.get(id);
    if (!this.asks.delete(id) || !ask) return;
    const name = this.options.host.people.get(ask.to)?.name ?? 'They';
    this.options.tell(ask.from, 'notice', { level: 'info', text: `${name} did not answer.` });
  }

  private async card(row: BroodRow, identity: number): Promise<BroodCard> {
    const { store } = this.options;
    const mine = row.a === identity ? 0 : 1;
    const keys = [
      { identity: row.a, asset: row.assetA },
      { identity: row.b, asset: row.assetB },
    ];
    const [people, ...symbionts] = await Promise.all([
      identitiesById(store, [row.a, row.b]),
      ...keys.map((key) => symbiontAt(store, key)),
    ]);
    const other = people.find(({ id }) => id === keys[1 - mine].identity);
    const wallet = people.find(({ id }) => id === identity)?.secret === null;
    const waits = (mine === 0 && row.state === 'agreed') || (mine === 1 && row.state === 'offered');
    const { child, genome, name, picture } = row;
    return {
      id: row.id,
      with: other?.name ?? '',
      heir: row.heir === mine ? 'yours' : 'theirs',
      state: row.state,
      yours: creatureOf(symbionts[mine]),
      theirs: creatureOf(symbionts[1 - mine]),
      child:
        child && genome && name && picture && row.state !== 'failed'
          ? {
              asset: child,
              name,
              genome: bytesToHex(genome),
              stage: 0,
              branch: 0,
              picture: bytesToHex(picture),
              model: symbionts[0]?.model ?? null,
            }
          : null,
      sign: wallet && waits,
      error: row.error,
    };
  }
}

const creatureOf = (row: SymbiontRow | null): Creature => ({
  name: row?.name ?? '',
  genome: row ? bytesToHex(row.genome) : '00'.repeat(32),
  stage: row?.stage ?? 0,
  branch: row?.branch ?? 0,
  picture: row ? bytesToHex(row.picture) : '',
  model: row?.model ?? null,
});
