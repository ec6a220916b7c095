import { Packr } from 'msgpackr';
import type { DecisionRows, Policy } from '#ml/env/policy.ts';
import {
  BALANCE,
  EPOCH_TICKS,
  EVENT,
  OBSERVATION_SIZE,
  ROLE_NAMES,
  WANDERER,
  type World,
} from '#shared/world/index.ts';
import { decodePart, PERSON, writePartHeader } from '../log/part.ts';
import { epochRoot, type LogKey, sealPart } from '../log/seal.ts';
import { type Notes, Witness } from '../log/witness.ts';
import type { ExportedEpoch } from '../trainer/export.ts';

/** Health that a good is worth where losses are compared: a blow of a player. */
const GOOD = BALANCE.strikeDamage[WANDERER];

/** A mind that can be replaced by another, and of which it is noted what it decides. */
export interface Seatable extends Policy {
  inner: Policy;
}

/**
 * Keeps the log of play of a world that no server runs: the server's own witness, parts, seals and roots. Whoever decides
 * for inhabitants must be `heard`.
 */
export class Ear {
  readonly #decided;
  readonly #witness: Witness;
  readonly #key: LogKey;
  readonly #zone: number;
  #rotated: { epoch: number; notes: Map<number, Notes> }[] = [];
  readonly #epochs: ExportedEpoch[] = [];
  /** Decisions of inhabitants in the log, by role. */
  readonly #met = new Array<number>(ROLE_NAMES.length).fill(0);
  /** Health they lost to people, a good counting as GOOD. */
  readonly #lost = new Array<number>(ROLE_NAMES.length).fill(0);

  /** @param count inhabitants, who stand first; @param capacity of the world */
  constructor(options: { count: number; capacity: number; key: LogKey; zone: number }) {
    const { count, capacity } = options;
    this.#key = options.key;
    this.#zone = options.zone;
    this.#decided = {
      count,
      observations: new Uint8Array(count * OBSERVATION_SIZE),
      masks: new Uint32Array(count),
      actions: new Uint8Array(count),
    };
    this.#witness = new Witness(capacity, () => true);
  }

  /** The same mind, heard by this log. */
  heard(policy: Policy): Seatable {
    const { observations, masks, actions } = this.#decided;
    const seatable: Seatable = {
      name: policy.name,
      inner: policy,
      act(rows: DecisionRows, out: Uint8Array): void {
        seatable.inner.act(rows, out);
        for (let r = 0; r < rows.count; r++) {
          const npc = rows.npcs[r];
          const at = r * OBSERVATION_SIZE;
          observations.set(rows.observations.subarray(at, at + OBSERVATION_SIZE), npc * OBSERVATION_SIZE);
          masks[npc] = rows.masks[r];
          actions[npc] = out[r];
        }
      },
    };
    return seatable;
  }

  /** Before each tick, when all have decided. */
  before(world: World, decides: boolean): void {
    if (decides) this.#witness.before(world, this.#decided);
  }

  /** After each tick; the world already shows the next one. */
  after(world: World): void {
    const tick = world.tick - 1;
    this.#witness.after(world, this.#decided, tick);
    if (world.tick % EPOCH_TICKS !== 0) return;
    const notes = new Map(this.#witness.notes);
    this.#witness.notes.clear();
    if (notes.size > 0) this.#rotated.push({ epoch: Math.floor(tick / EPOCH_TICKS), notes });
  }

  /** The role whose inhabitants lost most to people in the log so far; else the one met most. */
  get concerned(): string {
    const most = (values: readonly number[]) => values.indexOf(Math.max(...values));
    return ROLE_NAMES[Math.max(...this.#lost) > 0 ? most(this.#lost) : most(this.#met)];
  }

  /** The log of all epochs that are over, as the teacher's child process is given it. */
  async export(): Promise<Uint8Array> {
    for (const { epoch, notes } of this.#rotated) {
      const sealed = [];
      for (const [identity, { bytes, length, own, others }] of notes) {
        const who = this.#key.pseudonym(identity);
        const part = bytes.subarray(0, length);
        writePartHeader(part, { zone: this.#zone, epoch, who }, own + others);
        for (const { npc, role, events } of decodePart(part).plays) {
          if (npc === PERSON) continue;
          this.#met[role]++;
          for (const { kind, side, role: by, amount } of events)
            if (side === 1 && by === WANDERER)
              this.#lost[role] += kind === EVENT.stole ? GOOD : kind === EVENT.hit ? amount : 0;
        }
        sealed.push({
          zone: this.#zone,
          ...(await sealPart(this.#key, { epoch, who, own, others, bytes: part })),
        });
      }
      sealed.sort((a, b) => Buffer.compare(a.who, b.who));
      this.#epochs.push({ epoch, root: epochRoot(sealed.map(({ hash }) => hash)), rows: sealed });
    }
    this.#rotated = [];
    const packr = new Packr();
    return Buffer.concat(this.#epochs.map((epoch) => packr.pack(epoch)));
  }
}
