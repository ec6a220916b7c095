import {
  ALIVE,
  BALANCE,
  DECISION_TICKS,
  EPOCH_TICKS,
  EVENT,
  type EventName,
  legal,
  OBSERVATION_SIZE,
  observe,
  STRIKE,
  WANDERER,
  type World,
} from '#shared/world/index.ts';
import {
  EVENT_BYTES,
  MOST_EVENTS,
  MOST_OTHERS,
  MOST_OWN,
  NOBODY,
  PART_HEADER,
  PERSON,
  PLAY_BYTES,
} from './part.ts';

/** Who stands within this of somebody acts near them: 8 tiles. */
const NEAR = (BALANCE.sight * 2) / 3;

/** Events that are worth something to somebody, and whether their target is an agent. */
const NOTED = new Map<number, boolean>(
  Object.entries({
    swung: false,
    hit: true,
    blocked: true,
    stole: true,
    down: true,
    gathered: false,
    gave: true,
    banked: false,
    ate: false,
    starved: false,
    sold: false,
    bought: false,
    paid: false,
    spoke: true,
  } satisfies Partial<Record<EventName, boolean>>).map(([name, agents]) => [
    EVENT[name as EventName],
    agents,
  ]),
);

/** What inhabitants, who stand in places 0..count-1, perceived, might do and chose at the last decision. */
export interface Decided {
  readonly count: number;
  /** [count][64]. */
  readonly observations: Uint8Array;
  readonly masks: Uint32Array;
  readonly actions: Uint8Array;
}

/** The plays of one person and of the inhabitants near them in the running epoch, as bytes. */
export interface Notes {
  bytes: Uint8Array;
  length: number;
  own: number;
  others: number;
}

/**
 * Sees what is done near inhabitants and notes it: per decision of an NPC and per four ticks of a player. It reads the
 * world and never changes it, and does nothing that waits.
 */
export class Witness {
  /** By identity. */
  readonly notes = new Map<number, Notes>();
  private readonly mayLearn: (identity: number) => boolean;
  private readonly observations: Uint8Array;
  /** Players of this window: their slots, and per slot who it is, what they may do, their first verb and last intent. */
  private players: number[] = [];
  private readonly who: Int32Array;
  private readonly masks: Uint32Array;
  private readonly verb: Int8Array;
  private readonly intent: Uint8Array;
  /** Per player's slot the two inhabitants nearest to them, -1 for none; nobody is two people's. */
  private readonly beside: Int16Array;
  private readonly distances: Int32Array;
  /** What happened in this window: slot, kind, side, role, amount. */
  private happened: number[] = [];
  private open = false;

  /** @param mayLearn whether what this identity does may be noted */
  constructor(capacity: number, mayLearn: (identity: number) => boolean) {
    this.mayLearn = mayLearn;
    this.observations = new Uint8Array(capacity * OBSERVATION_SIZE);
    this.who = new Int32Array(capacity);
    this.masks = new Uint32Array(capacity);
    this.verb = new Int8Array(capacity);
    this.intent = new Uint8Array(capacity);
    this.beside = new Int16Array(capacity * 2);
    this.distances = new Int32Array(capacity * 2);
  }

  /** Before the step of a decision tick, when the NPCs have decided: looks who is near whom. */
  before(world: World, minds: Decided): void {
    this.players = [];
    this.happened = [];
    this.open = true;
    const near = new Set<number>();
    const people: number[] = [];
    for (let slot = minds.count; slot < world.capacity; slot++)
      if (world.status[slot] === ALIVE && world.role[slot] === WANDERER) people.push(slot);
    for (const slot of people) {
      this.beside.fill(-1, slot * 2, slot * 2 + 2);
      this.distances.fill(NEAR * NEAR + 1, slot * 2, slot * 2 + 2);
    }
    for (let npc = 0; npc < minds.count; npc++) {
      if (world.status[npc] !== ALIVE) continue;
      let nearest = -1;
      let least = NEAR * NEAR + 1;
      for (const slot of people) {
        const dx = world.x[slot] - world.x[npc];
        const dy = world.y[slot] - world.y[npc];
        const distance = dx * dx + dy * dy;
        if (distance > NEAR * NEAR) continue;
        near.add(slot);
        if (distance < least) [nearest, least] = [slot, distance];
      }
      if (nearest >= 0) this.rank(nearest * 2, npc, least);
    }
    for (const slot of near) {
      if (!this.mayLearn(world.tag[slot])) continue;
      this.players.push(slot);
      this.who[slot] = world.tag[slot];
      observe(world, slot, this.observations, slot * OBSERVATION_SIZE);
      this.masks[slot] = legal(world, slot);
      this.verb[slot] = -1;
    }
  }

  /** After the step of every tick; `tick` is the one that was stepped. */
  after(world: World, minds: Decided, tick: number): void {
    if (!this.open || this.players.length === 0) return;
    for (const slot of this.players) {
      const intent = world.intent[slot];
      this.intent[slot] = intent;
      if (intent >= STRIKE && this.verb[slot] < 0) this.verb[slot] = intent;
    }
    const { events } = world;
    for (let e = 0; e < events.count; e++) {
      const kind = events.kind(e);
      const agents = NOTED.get(kind);
      if (agents === undefined) continue;
      const [actor, target, amount] = [events.actor(e), events.target(e), Math.min(255, events.amount(e))];
      if (actor >= 0)
        this.happened.push(actor, kind, 0, agents && target >= 0 ? world.role[target] : NOBODY, amount);
      if (agents && target >= 0)
        this.happened.push(target, kind, 1, actor >= 0 ? world.role[actor] : NOBODY, amount);
    }
    if (tick % DECISION_TICKS === DECISION_TICKS - 1) this.close(world, minds, tick - DECISION_TICKS + 1);
  }

  /** What this identity has in the running epoch is no longer to be kept. */
  forget(identity: number): void {
    this.notes.delete(identity);
  }

  private close(world: World, minds: Decided, tick: number): void {
    this.open = false;
    // A place may have changed hands, and a mind its owner, since the window began.
    const same = (slot: number) => world.tag[slot] === this.who[slot] && this.mayLearn(this.who[slot]);
    this.players = this.players.filter(same);
    for (const slot of this.players) {
      const action = this.verb[slot] >= 0 ? this.verb[slot] : this.intent[slot];
      // Out of reach, or while a blow is on its way: what one wished, not what one did.
      if (((this.masks[slot] >> action) & 1) === 0) continue;
      const notes = this.notesOf(this.who[slot]);
      if (notes.own >= MOST_OWN) continue;
      notes.own++;
      this.write(notes, tick, {
        slot,
        npc: PERSON,
        role: WANDERER,
        mask: this.masks[slot],
        action,
        from: this.observations,
      });
    }
    for (const slot of this.players)
      for (const npc of this.beside.subarray(slot * 2, slot * 2 + 2)) {
        if (npc < 0 || ((minds.masks[npc] >> minds.actions[npc]) & 1) === 0) continue;
        const notes = this.notesOf(this.who[slot]);
        if (notes.others >= MOST_OTHERS) continue;
        notes.others++;
        this.write(notes, tick, {
          slot: npc,
          npc,
          role: world.role[npc],
          mask: minds.masks[npc],
          action: minds.actions[npc],
          from: minds.observations,
        });
      }
  }

  /** Puts an inhabitant among the two nearest to a player, whose ranks begin at `at`. */
  private rank(at: number, npc: number, distance: number): void {
    const { beside, distances } = this;
    if (distance >= distances[at + 1]) return;
    const second = distance >= distances[at];
    if (!second) [beside[at + 1], distances[at + 1]] = [beside[at], distances[at]];
    const place = second ? at + 1 : at;
    [beside[place], distances[place]] = [npc, distance];
  }

  private notesOf(identity: number): Notes {
    let notes = this.notes.get(identity);
    if (!notes) {
      notes = { bytes: new Uint8Array(16 * 1024), length: PART_HEADER, own: 0, others: 0 };
      this.notes.set(identity, notes);
    }
    return notes;
  }

  private write(
    notes: Notes,
    tick: number,
    play: { slot: number; npc: number; role: number; mask: number; action: number; from: Uint8Array },
  ): void {
    const most = PLAY_BYTES + MOST_EVENTS * EVENT_BYTES;
    if (notes.length + most > notes.bytes.length) {
      const larger = new Uint8Array(notes.bytes.length * 2);
      larger.set(notes.bytes);
      notes.bytes = larger;
    }
    const { bytes, length: at } = notes;
    const offset = tick % EPOCH_TICKS;
    bytes[at] = offset & 255;
    bytes[at + 1] = offset >> 8;
    bytes[at + 2] = play.npc & 255;
    bytes[at + 3] = play.npc >> 8;
    bytes[at + 4] = play.role;
    bytes[at + 5] = play.mask & 255;
    bytes[at + 6] = play.mask >> 8;
    bytes[at + 7] = play.action;
    const o = play.slot * OBSERVATION_SIZE;
    bytes.set(play.from.subarray(o, o + OBSERVATION_SIZE), at + 9);
    let end = at + PLAY_BYTES;
    let events = 0;
    for (let h = 0; h < this.happened.length && events < MOST_EVENTS; h += 5) {
      if (this.happened[h] !== play.slot) continue;
      for (let k = 1; k < 5; k++) bytes[end++] = this.happened[h + k];
      events++;
    }
    bytes[at + 8] = events;
    notes.length = end;
  }
}
