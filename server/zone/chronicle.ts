import { hexToBytes } from '@noble/hashes/utils';
import { encodeDecision, encodeDeed, encodeInput } from '#shared/proof/canonical.ts';
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
import { sha256 } from '../store/cipher.ts';
import type { Minds } from './minds.ts';

/** What a deed leaf says of somebody. */
export interface Standing {
  /** The asset's address, or the identity's key where there is none yet: 32 bytes. */
  asset: Uint8Array;
  version: number;
  counters: readonly number[];
  /** What it becomes where the counters have earned it: `appearance` of picture and URI, or NO_APPEARANCE. */
  appearance: Uint8Array;
}

/** A finished epoch. */
export interface ClosedEpoch {
  header: EpochHeader;
  bytes: Uint8Array;
  hash: Uint8Array;
  leaves: Uint8Array[];
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

  /** Closes the epoch whose last tick was just noted and starts the next; null where it was not followed whole. */
  close(world: World, standing: (identity: number) => Standing | null): ClosedEpoch | null {
    const before = this.worldBefore;
    if (before === null) {
      this.begin(world);
      return null;
    }
    const decisions = this.leaves.length;
    const people = [...this.doers].sort((a, b) => a - b);
    for (const identity of people) {
      const who = standing(identity);
      if (!who) continue;
      const { asset, counters, appearance } = who;
      const version = BigInt(who.version);
      this.leaf(encodeDeed({ zone: this.zone, epoch: this.epoch, asset, version, counters, appearance }));
    }
    const deeds = this.leaves.length - decisions;
    for (const leaf of this.inputLeaves) this.leaf(leaf);
    const firstTick = this.epoch * EPOCH_TICKS;
    const { leaves } = this;
    const inputs = this.inputLeaves.length;
    const root = this.tree.root();
    const { previous, zone, epoch } = this;
    this.begin(world);
    const header: EpochHeader = {
      zone,
      epoch,
      firstTick,
      lastTick: firstTick + EPOCH_TICKS - 1,
      decisions,
      deeds,
      inputs,
      worldHashBefore: before,
      worldHashAfter: this.worldBefore as Uint8Array,
      root,
      previous,
    };
    this.previous = epochHash(header);
    return { header, bytes: encodeEpoch(header), hash: this.previous, leaves };
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
