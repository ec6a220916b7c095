import { PROTOCOL } from '#shared/protocol/index.ts';
import {
  DECISION_TICKS,
  EMPTY,
  EVENT,
  encodeInputs,
  Inputs,
  step,
  WAIT,
  WANDERER,
  type World,
} from '#shared/world/index.ts';
import type { Minds } from './minds.ts';

/** Players one zone holds at once. */
export const MAX_PLAYERS = 200;
/** How long the agent of a lost connection waits in the world for its player, in ticks. */
export const GRACE_TICKS = 400;

export interface Goods {
  fruit: number;
  crystal: number;
  bankedFruit: number;
  bankedCrystal: number;
  coins: number;
}

export interface Intent {
  seq: number;
  action: number;
  arg: number;
}

/** A player's place in the zone. */
export interface Seat {
  readonly slot: number;
  /** The identity's number, the agent's `tag`. */
  readonly identity: number;
  /** Deeds over the whole life, the caller's own array; the zone raises them as they happen. */
  readonly counters: number[];
  connected: boolean;
  /** The tick at which one who lost the connection leaves. */
  leaveAt: number;
  queue: Intent[];
  lastSeq: number;
  /** The last intent applied and the tick whose step it entered. */
  ack: number;
  ackTick: number;
  goods: Goods | null;
  rest: boolean;
  leaving: boolean;
}

/** Whoever looks on: before the step of a decision tick when all have decided, and after every step. */
export interface Onlooker {
  before(world: World, minds: Minds): void;
  after(world: World, minds: Minds, tick: number): void;
}

/** What one tick did that has to be kept. */
export interface TickRecord {
  tick: number;
  inputs: Uint8Array;
  /** Counters of those whose deeds rose, after the tick. */
  deeds: Map<number, number[]>;
  /** Goods of those who left; null for those who came in and carry theirs now. */
  goods: Map<number, Goods | null>;
}

/** A zone that is full; the message says how full. */
export class ZoneFull extends Error {
  override name = 'ZoneFull';
}

/**
 * One zone without its sockets: who sits where, whose intent enters when. All that moves the world goes through
 * `tick`, as inputs; the record it returns is enough to do the same again.
 */
export class Zone {
  readonly world: World;
  readonly minds: Minds;
  readonly seats = new Map<number, Seat>();
  onlooker: Onlooker | null = null;
  private readonly bySlot: (Seat | undefined)[];
  private readonly inputs: Inputs;
  private speeches: { slot: number; target: number; tone: number }[] = [];

  constructor(world: World, minds: Minds) {
    this.world = world;
    this.minds = minds;
    this.bySlot = new Array(world.capacity);
    this.inputs = new Inputs(world.capacity * 3);
  }

  seatAt(slot: number): Seat | undefined {
    return this.bySlot[slot];
  }

  /**
   * The seat of an identity: the one it still has in the world, or a new one that it takes in the next tick.
   * @throws ZoneFull when every place is taken.
   */
  join(identity: number, goods: Goods, counters: number[]): Seat {
    const present = this.seats.get(identity);
    if (present) {
      present.connected = true;
      present.queue = [];
      present.lastSeq = present.ack = present.ackTick = 0;
      present.rest = true;
      return present;
    }
    const slot = this.freeSlot();
    if (slot < 0) throw new ZoneFull(`players: ${this.seats.size}, at most ${MAX_PLAYERS}`);
    return this.sit(slot, identity, counters, goods);
  }

  /** Someone who already stands in a restored world; they leave when their player does not come back in time. */
  restoreSeat(slot: number, identity: number, counters: number[]): Seat {
    const seat = this.sit(slot, identity, counters, null);
    this.drop(seat);
    return seat;
  }

  /** The connection was lost: the agent stands still and leaves after the grace. */
  drop(seat: Seat): void {
    seat.connected = false;
    seat.leaveAt = this.world.tick + GRACE_TICKS;
    seat.queue = [];
    seat.rest = true;
  }

  /** Takes an intent in; the oldest of a full queue gives way. @returns why it is refused, or null */
  intend(seat: Seat, intent: Intent): string | null {
    if (intent.seq <= seat.lastSeq) return `seq: ${intent.seq}, must be above ${seat.lastSeq}`;
    seat.lastSeq = intent.seq;
    if (seat.queue.length >= PROTOCOL.intentQueue) seat.queue.shift();
    seat.queue.push(intent);
    return null;
  }

  /** What a player said to somebody enters the next tick; beyond one sentence a player it is dropped. */
  speak(seat: Seat, target: number, tone: number): void {
    if (this.seats.get(seat.identity) !== seat || this.speeches.some((s) => s.slot === seat.slot)) return;
    this.speeches.push({ slot: seat.slot, target, tone });
  }

  /** Moves the world by one tick. */
  tick(): TickRecord {
    const { world, inputs } = this;
    const { tick } = world;
    const record: TickRecord = { tick, inputs: new Uint8Array(0), deeds: new Map(), goods: new Map() };
    inputs.clear();
    if (tick === 0) this.settle();
    for (const seat of this.seats.values()) this.enter(seat, record);
    for (const { slot, target, tone } of this.speeches) inputs.speak(slot, target, tone);
    this.speeches = [];
    if (tick % DECISION_TICKS === 0) this.decide();
    record.inputs = encodeInputs(inputs);
    if (tick % DECISION_TICKS === 0) this.onlooker?.before(world, this.minds);
    step(world, inputs);
    this.onlooker?.after(world, this.minds, tick);
    this.count(record);
    for (const identity of record.goods.keys()) {
      const seat = this.seats.get(identity);
      if (seat?.leaving) this.clear(seat);
    }
    return record;
  }

  /** NPCs come into a new world. */
  private settle(): void {
    for (let npc = 0; npc < this.minds.count; npc++)
      this.inputs.join(npc, { role: this.minds.roleOf(npc), tag: npc });
  }

  private enter(seat: Seat, record: TickRecord): void {
    const { world, inputs } = this;
    const { slot, identity } = seat;
    if (!seat.connected && world.tick >= seat.leaveAt) {
      record.goods.set(identity, goodsOf(world, slot));
      inputs.leave(slot);
      seat.leaving = true;
      return;
    }
    if (seat.goods) {
      inputs.join(slot, { role: WANDERER, tag: identity, ...seat.goods });
      record.goods.set(identity, null);
      seat.goods = null;
    }
    const intent = seat.queue.shift();
    if (intent) {
      inputs.act(slot, intent.action, intent.arg);
      seat.ack = intent.seq;
      seat.ackTick = world.tick;
    } else if (seat.rest) inputs.act(slot, WAIT);
    seat.rest = false;
  }

  private decide(): void {
    const { world, minds, inputs } = this;
    minds.decide(world);
    for (let npc = 0; npc < minds.count; npc++)
      if (minds.decides(world, npc)) inputs.act(npc, minds.actions[npc]);
  }

  private count(record: TickRecord): void {
    const { events } = this.world;
    for (let e = 0; e < events.count; e++) {
      if (events.kind(e) !== EVENT.deed) continue;
      const seat = this.bySlot[events.actor(e)];
      if (!seat) continue;
      const deed = events.target(e);
      seat.counters[deed] = Math.min(0xffffffff, seat.counters[deed] + events.amount(e));
      record.deeds.set(seat.identity, [...seat.counters]);
    }
  }

  private sit(slot: number, identity: number, counters: number[], goods: Goods | null): Seat {
    const seat: Seat = {
      slot,
      identity,
      counters,
      connected: true,
      leaveAt: 0,
      queue: [],
      lastSeq: 0,
      ack: 0,
      ackTick: 0,
      goods,
      rest: false,
      leaving: false,
    };
    this.seats.set(identity, seat);
    this.bySlot[slot] = seat;
    return seat;
  }

  private clear(seat: Seat): void {
    this.seats.delete(seat.identity);
    this.bySlot[seat.slot] = undefined;
  }

  private freeSlot(): number {
    const { world } = this;
    if (this.seats.size >= MAX_PLAYERS) return -1;
    for (let slot = this.minds.count; slot < world.capacity; slot++)
      if (!this.bySlot[slot] && world.status[slot] === EMPTY) return slot;
    return -1;
  }
}

/** What an agent holds now. */
function goodsOf(world: World, slot: number): Goods {
  return {
    fruit: world.fruit[slot],
    crystal: world.crystal[slot],
    bankedFruit: world.bankedFruit[slot],
    bankedCrystal: world.bankedCrystal[slot],
    coins: world.coins[slot],
  };
}
