import { bytesToHex, hexToBytes } from '@noble/hashes/utils';
import {
  appearance,
  encodeDecision,
  encodeDeed,
  encodeInput,
  NO_APPEARANCE,
} from '#shared/proof/canonical.ts';
import { EPOCH_TICKS, type EpochHeader, encodeEpoch, epochHash } from '#shared/proof/epoch.ts';
import { MerkleTree } from '#shared/proof/merkle.ts';
import {
  DECISION_TICKS,
  decodeInputs,
  EVENT,
  INPUT,
  Inputs,
  OBSERVATION_SIZE,
  type World,
  worldHash,
} from '#shared/world/index.ts';
import type { Blob } from '../store/blobs.ts';
import { sha256 } from '../store/cipher.ts';
import type { SymbiontRow } from '../store/identities.ts';
import type { Growth, Plan } from '../store/outbox.ts';
import type { Minds } from './minds.ts';

/** What a deed leaf says of somebody. */
export interface Standing {
  identity: number;
  /** The asset's address, or the identity's key where there is none yet: 32 bytes. */
  asset: Uint8Array;
  counters: readonly number[];
  /** As it was when the epoch ended; null where there is none on chain. */
  symbiont: SymbiontRow | null;
}

/** What a symbiont becomes where its deeds have earned it. */
export interface Grown {
  plan: Plan;
  blobs: Blob[];
}

/** A finished epoch. */
export interface SealedEpoch {
  header: EpochHeader;
  bytes: Uint8Array;
  hash: Uint8Array;
  leaves: Uint8Array[];
  growths: Growth[];
}

/**
 * An epoch that has ended. Its deed leaves are written when it is sealed, for they name what the symbionts become, and
 * drawing that takes longer than a tick may. Epochs are sealed in their order: each links to the one before.
 */
export class ClosedEpoch {
  readonly epoch: number;
  private readonly doers: Standing[];
  private readonly seals: (grown: ReadonlyMap<number, Grown>) => SealedEpoch;
  private sealed: SealedEpoch | null = null;

  constructor(
    epoch: number,
    doers: Standing[],
    seals: (doers: readonly Standing[], grown: ReadonlyMap<number, Grown>) => SealedEpoch,
  ) {
    this.epoch = epoch;
    this.doers = doers;
    this.seals = (grown) => seals(doers, grown);
  }

  /** @throws whatever `grow` throws; then nothing is sealed and it can be tried again */
  async seal(grow: (standing: Standing) => Promise<Grown | null>): Promise<SealedEpoch> {
    const grown = new Map<number, Grown>();
    for (const standing of this.sealed ? [] : this.doers) {
      const next = await grow(standing);
      if (next) grown.set(standing.identity, next);
    }
    return this.sealWith(grown);
  }

  /** Seals it at once; who is not named does not grow by it. */
  sealWith(grown: ReadonlyMap<number, Grown>): SealedEpoch {
    this.sealed ??= this.seals(grown);
    return this.sealed;
  }

  /** Lets its leaves go, where there is no place to keep them. */
  drop(): void {
    this.sealed = { ...this.sealWith(new Map()), leaves: [], growths: [] };
  }
}

/**
 * Law 5: the leaves of the running epoch, hashed as they come, so that closing it costs little. The same ticks give
 * the same root, whether they were lived through or replayed.
 */
export class Chronicle {
  private readonly zone: number;
  private readonly inputs: Inputs;
  private previous: Uint8Array;
  private tree = new MerkleTree();
  private leaves: Uint8Array[] = [];
  private inputLeaves: Uint8Array[] = [];
  private worldBefore: Uint8Array | null = null;
  private epoch = -1;
  private brains: { bytes: Uint8Array[]; counts: number[] } = { bytes: [], counts: [] };
  /** Identities that did something in this epoch. */
  readonly doers = new Set<number>();

  /** @param previous hash of the last header, or 32 zero bytes */
  constructor(zone: number, capacity: number, previous: Uint8Array) {
    this.zone = zone;
    this.inputs = new Inputs(capacity * 3);
    this.previous = previous;
  }

  /** Whether this epoch was followed from its first tick; another one cannot be closed. */
  get whole(): boolean {
    return this.worldBefore !== null;
  }

  get worldHash(): Uint8Array | null {
    return this.worldBefore;
  }

  /** The decisions noted so far in this epoch: how many, and the root over them. */
  get soFar(): { decisions: number; root: Uint8Array } {
    return { decisions: this.leaves.length, root: this.tree.root() };
  }

  /** Names the brains that decide from now on (64 hex digits each, in order of role), and how many NPCs each has. */
  setBrains(ids: readonly string[], counts: readonly number[]): void {
    this.brains = { bytes: ids.map((id) => hexToBytes(id)), counts: [...counts] };
  }

  /** Leaves the running epoch unproved. */
  forget(): void {
    this.worldBefore = null;
    this.doers.clear();
  }

  /** Starts the epoch that begins at the world's tick. */
  begin(world: World): void {
    this.epoch = Math.floor(world.tick / EPOCH_TICKS);
    this.worldBefore = worldHash(world);
    this.tree = new MerkleTree();
    this.leaves = [];
    this.inputLeaves = [];
    this.doers.clear();
  }

  /**
   * Notes a tick after its step. `minds` still holds what the NPCs perceived before it.
   * @param encoded the tick's inputs
   */
  note(world: World, tick: number, encoded: Uint8Array, minds: Minds): void {
    if (!this.whole) return;
    const { zone, epoch } = this;
    if (tick % DECISION_TICKS === 0) this.noteDecisions(tick, encoded, minds, world.seed);
    this.inputLeaves.push(encodeInput({ zone, epoch, tick, hash: sha256(encoded) }));
    const { events } = world;
    for (let e = 0; e < events.count; e++) {
      const actor = events.actor(e);
      if (events.kind(e) === EVENT.deed && actor >= minds.count) this.doers.add(world.tag[actor]);
    }
  }

  /**
   * Closes the epoch whose last tick was just noted and starts the next; null where it was not followed whole.
   * @param growing those that need a leaf although they may have done nothing
   */
  close(
    world: World,
    standing: (identity: number) => Standing | null,
    growing: Iterable<number> = [],
  ): ClosedEpoch | null {
    const before = this.worldBefore;
    if (before === null) {
      this.begin(world);
      return null;
    }
    const { zone, epoch, tree, leaves, inputLeaves } = this;
    const people = new Set([...this.doers, ...growing]);
    const doers = [...people].sort((a, b) => a - b).flatMap((identity) => standing(identity) ?? []);
    this.begin(world);
    const after = this.worldBefore as Uint8Array;
    return new ClosedEpoch(epoch, doers, (who, grown) => {
      const decisions = leaves.length;
      const add = (bytes: Uint8Array): number => {
        leaves.push(bytes);
        return tree.add(bytes);
      };
      const at = new Map<number, number>();
      const assets = new Map(who.map(({ identity, symbiont }) => [identity, symbiont?.asset ?? '']));
      for (const { identity, asset, counters, symbiont } of who) {
        const plan = grown.get(identity)?.plan;
        const shape = plan ? appearance(hexToBytes(plan.picture), plan.uri) : NO_APPEARANCE;
        const version = BigInt(symbiont?.version ?? 0);
        at.set(identity, add(encodeDeed({ zone, epoch, asset, version, counters, appearance: shape })));
      }
      for (const leaf of inputLeaves) add(leaf);
      const firstTick = epoch * EPOCH_TICKS;
      const header: EpochHeader = {
        zone,
        epoch,
        firstTick,
        lastTick: firstTick + EPOCH_TICKS - 1,
        decisions,
        deeds: who.length,
        inputs: inputLeaves.length,
        worldHashBefore: before,
        worldHashAfter: after,
        root: tree.root(),
        previous: this.previous,
      };
      this.previous = epochHash(header);
      const growths = [...grown].map(([identity, { plan, blobs }]): Growth => {
        const index = at.get(identity) as number;
        const path = tree.path(index).map(bytesToHex);
        return {
          identity,
          asset: assets.get(identity) as string,
          plan,
          blobs,
          proof: { index, leaf: bytesToHex(leaves[index]), path },
        };
      });
      return { header, bytes: encodeEpoch(header), hash: this.previous, leaves, growths };
    });
  }

  /** From now on links to this header: the chain has taken another one than ours. */
  relink(previous: Uint8Array): void {
    this.previous = previous;
  }

  private noteDecisions(tick: number, encoded: Uint8Array, minds: Minds, worldSeed: number): void {
    const { inputs, zone, epoch } = this;
    inputs.clear();
    decodeInputs(encoded, inputs);
    for (let i = 0; i < inputs.count; i++) {
      const words = inputs.at(i);
      const npc = words[1];
      if (words[0] !== INPUT.act || npc >= minds.count) continue;
      this.leaf(
        encodeDecision({
          zone,
          epoch,
          tick,
          npc,
          brain: this.brainOf(npc),
          worldSeed,
          mask: minds.masks[npc],
          observations: minds.observations.slice(npc * OBSERVATION_SIZE, (npc + 1) * OBSERVATION_SIZE),
          action: words[2],
        }),
      );
    }
  }

  private brainOf(npc: number): Uint8Array {
    let first = 0;
    for (let role = 0; role < this.brains.counts.length; role++) {
      first += this.brains.counts[role];
      if (npc < first) return this.brains.bytes[role];
    }
    throw new RangeError(`npc ${npc}: has no brain`);
  }

  private leaf(bytes: Uint8Array): void {
    this.leaves.push(bytes);
    this.tree.add(bytes);
  }
}
