import { join } from 'node:path';
import { PublicKey } from '@solana/web3.js';
import { asc } from 'drizzle-orm';
import { EPOCH_TICKS, NO_PREVIOUS } from '#shared/proof/epoch.ts';
import { createWorld, Inputs, restore, step, type Terrain, type World } from '#shared/world/index.ts';
import { breedingWorks } from '../breeding/works.ts';
import { Chain } from '../chain/chain.ts';
import { Companions } from '../chain/companions.ts';
import { Evolving, Minting } from '../chain/growing.ts';
import { serverKeys } from '../chain/keys.ts';
import { Consenting, Moving } from '../chain/moving.ts';
import { Outbox } from '../chain/outbox.ts';
import { Publishing } from '../chain/publishing.ts';
import { Guests } from '../identity/guests.ts';
import { loadArt, loadTerrain } from '../load.ts';
import { type BroodRow, openBrood } from '../store/broods.ts';
import { Cipher } from '../store/cipher.ts';
import { type IdentityRow, type SymbiontRow, symbiontOf, symbiontsOf } from '../store/identities.ts';
import { evolvingIdentities } from '../store/outbox.ts';
import { identities } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { commitZone, epochRow, loadZone, type SavedZone } from '../store/worlds.ts';
import { Models } from '../studio/models.ts';
import { Chronicle, type Standing } from '../zone/chronicle.ts';
import { ZONE_ID } from '../zone/host.ts';
import { Minds } from '../zone/minds.ts';
import { People } from '../zone/people.ts';
import { untrainedBrains } from './brains.ts';

const PUBLIC = 'http://localhost:2567';
const SEED = 5;
const model = loadArt();
let terrain: Terrain | null = null;

/** The chain's side of a server without its rooms: people, a world nobody walks, its epochs and the outbox. */
export class TestOperator {
  readonly store: Store;
  readonly chain: Chain;
  readonly guests: Guests;
  readonly companions: Companions;
  readonly lines: string[] = [];
  /** What the chain has shown, in order. */
  readonly settled: SymbiontRow[] = [];
  /** How far broods came, in order. */
  readonly changed: BroodRow[] = [];
  readonly cipher = new Cipher(new Uint8Array(32));
  readonly models: Models;
  readonly people: IdentityRow[] = [];
  readonly counters = new Map<number, number[]>();
  readonly world: World;
  readonly chronicle: Chronicle;
  private readonly minds = new Minds(untrainedBrains());
  private readonly boxes: Outbox[] = [];

  private constructor(home: string, store: Store, rpcUrl: string, saved: SavedZone, previous: Uint8Array) {
    terrain ??= loadTerrain('hollow.json');
    this.store = store;
    const capacity = this.minds.count + 1;
    const snapshot = saved.snapshots[saved.snapshots.length - 1]?.bytes;
    this.world = snapshot ? restore(terrain, snapshot) : createWorld(terrain, { seed: SEED, capacity });
    this.chronicle = new Chronicle(ZONE_ID, capacity, previous);
    this.chronicle.begin(this.world);
    this.guests = new Guests(store, this.cipher);
    this.models = new Models(store, model);
    this.chain = new Chain({
      rpcUrl,
      embedded: true,
      keys: serverKeys(home),
      publicUrl: PUBLIC,
      zoneId: ZONE_ID,
      worldSeed: () => SEED,
      log: (line) => void this.lines.push(line),
    });
    this.companions = new Companions({
      store,
      chain: this.chain,
      models: this.models,
      publicUrl: PUBLIC,
      wake: () => {},
      log: (line) => void this.lines.push(line),
    });
  }

  /** As it was left: after the last epoch that was saved. */
  static async open(home: string, rpcUrl: string): Promise<TestOperator> {
    const store = await Store.open({ dir: join(home, 'db'), url: null });
    const saved = await loadZone(store, { id: ZONE_ID, name: 'test', seed: SEED });
    const last = await epochRow(store, ZONE_ID, 'latest');
    const operator = new TestOperator(home, store, rpcUrl, saved, last?.hash ?? NO_PREVIOUS);
    for (const row of await store.run((db) => db.select().from(identities).orderBy(asc(identities.id)))) {
      operator.people.push(row);
      operator.counters.set(row.id, row.deeds);
    }
    return operator;
  }

  /** A new outbox over the same database, as after a start. */
  outbox(): Outbox {
    const { store, chain, guests } = this;
    const log = (line: string) => void this.lines.push(line);
    const working = {
      store,
      chain,
      guests,
      log,
      onSettled: (_identity: number, symbiont: SymbiontRow) => void this.settled.push(symbiont),
      onLeafless: () => {},
      onUnlinked: (last: Uint8Array) => this.chronicle.relink(last),
    };
    const works = {
      ...breedingWorks({
        ...working,
        cipher: this.cipher,
        models: this.models,
        publicUrl: PUBLIC,
        styleOf: (collection) => this.companions.styleOf(collection),
        onChanged: (brood) => void this.changed.push(brood),
      }),
      mint: new Minting(working),
      evolve: new Evolving(working),
      epoch: new Publishing(working),
      transfer: new Moving(working),
      consent: new Consenting(working),
    };
    const box = new Outbox({ store, chain, works, log });
    this.boxes.push(box);
    return box;
  }

  /** A guest whose symbiont is to be minted. */
  async guest(): Promise<IdentityRow> {
    const { identity } = await this.guests.create({});
    this.people.push(identity);
    this.counters.set(identity.id, identity.deeds);
    await this.hatch(identity);
    return identity;
  }

  async hatch(identity: IdentityRow): Promise<void> {
    const symbiont = await symbiontOf(this.store, identity.id);
    await this.companions.hatch(new People().know(identity, symbiont, false));
  }

  async assetOf(identity: number): Promise<PublicKey> {
    return new PublicKey((await symbiontOf(this.store, identity))?.asset ?? '');
  }

  /** Both have agreed to have a child; what follows lies in the outbox. `heir`: 0 the first's, 1 the second's. */
  async brood(a: IdentityRow, b: IdentityRow, heir: 0 | 1 = 1): Promise<BroodRow> {
    const secret = () => this.cipher.seal(crypto.getRandomValues(new Uint8Array(32)), 'brood');
    return openBrood(this.store, {
      a: a.id,
      b: b.id,
      assetA: (await this.assetOf(a.id)).toBase58(),
      assetB: (await this.assetOf(b.id)).toBase58(),
      collection: this.chain.collection.toBase58(),
      ownerA: a.address,
      ownerB: b.address,
      secretA: secret(),
      secretB: secret(),
      heir,
      deposit: 10_000_000,
    });
  }

  /** One epoch goes by, in which these people did something; it is saved with what follows from it. */
  async epoch(doers: ReadonlyMap<number, number[]>): Promise<void> {
    const { world, chronicle, store } = this;
    const inputs = new Inputs(world.capacity * 3);
    const none = new Uint8Array(0);
    for (let i = 0; i < EPOCH_TICKS; i++) {
      const { tick } = world;
      inputs.clear();
      step(world, inputs);
      chronicle.note(world, tick, none, this.minds);
    }
    for (const [identity, counters] of doers) this.counters.set(identity, counters);
    const standings = new Map<number, Standing>();
    for (const identity of new Set([...doers.keys(), ...(await evolvingIdentities(store))])) {
      const symbiont = await symbiontOf(store, identity);
      if (!symbiont?.minted) continue;
      const counters = this.counters.get(identity) as number[];
      const asset = new PublicKey(symbiont.asset).toBytes();
      standings.set(identity, { identity, asset, counters, symbiont });
    }
    const closed = chronicle.close(world, (id) => standings.get(id) ?? null, standings.keys());
    if (!closed) throw new Error('the epoch was not whole');
    const { header, bytes, hash, growths } = await closed.seal((s) => this.companions.grow(s));
    await commitZone(store, {
      zone: ZONE_ID,
      throughTick: world.tick - 1,
      journal: [],
      deeds: doers,
      goods: new Map(),
      evolutions: [],
      choices: [],
      snapshots: [{ tick: world.tick, bytes: world.bytes.slice() }],
      epochs: [{ epoch: header.epoch, header: bytes, hash, growths }],
      pruneBefore: world.tick,
      leavesFrom: 0,
    });
  }

  /**
   * Opens evolutions that saved deeds have earned and nobody has opened: what was shown while those deeds were on
   * their way did not see them. In the room the next deed brings them.
   * @returns how many
   */
  async reconsider(): Promise<number> {
    const { store, companions, counters, world } = this;
    const rows = await symbiontsOf(store, [...counters.keys()]);
    const evolutions = [...counters].flatMap(([identity, deeds]) => {
      const symbiont = rows.get(identity);
      if (!symbiont?.minted || !companions.grows({ symbiont }, deeds)) return [];
      return [{ identity, asset: symbiont.asset, version: symbiont.version + 1, counters: deeds }];
    });
    const none = { journal: [], goods: new Map(), deeds: new Map(), snapshots: [], epochs: [] };
    const at = { zone: ZONE_ID, throughTick: world.tick - 1, pruneBefore: null, leavesFrom: 0, choices: [] };
    return (await commitZone(store, { ...none, ...at, evolutions })).length;
  }

  async close(): Promise<void> {
    for (const box of this.boxes) await box.stop();
    await this.store.close().catch(() => {});
  }
}
