import { encodeCell, encodeView, PROTOCOL, type SeenEvent } from '#shared/protocol/index.ts';
import { EMPTY, EVENT, TILE, type World } from '#shared/world/index.ts';

const CELL = PROTOCOL.cellTiles * TILE;

interface PlacedEvent extends SeenEvent {
  column: number;
  row: number;
}

/** What each player sees. A cell's inhabitants are packed once per view and copied to everyone near it. */
export class Views {
  private readonly world: World;
  private readonly columns: number;
  private readonly rows: number;
  private readonly cells: Uint8Array[];
  private readonly members: number[][];
  private readonly nodes: Int32Array;
  private readonly nodeTick: Float64Array;
  /** Where each one stood last, for events of those who are gone. */
  private readonly place: Int32Array;
  private events: PlacedEvent[] = [];
  private packedTick = -1;

  constructor(world: World) {
    this.world = world;
    this.columns = Math.ceil((world.terrain.width * TILE) / CELL);
    this.rows = Math.ceil((world.terrain.height * TILE) / CELL);
    this.cells = new Array(this.columns * this.rows);
    this.members = Array.from({ length: this.columns * this.rows }, () => []);
    this.nodes = world.nodeAmount.slice();
    this.nodeTick = new Float64Array(world.terrain.nodeCount);
    this.place = new Int32Array(world.capacity);
  }

  /** Notes what the step just done changed. */
  observe(): void {
    const { world } = this;
    for (let n = 0; n < this.nodes.length; n++) {
      if (this.nodes[n] === world.nodeAmount[n]) continue;
      this.nodes[n] = world.nodeAmount[n];
      this.nodeTick[n] = world.tick;
    }
    for (let i = 0; i < world.capacity; i++)
      if (world.status[i] !== EMPTY) this.place[i] = this.cellOf(world.x[i], world.y[i]);
    const { events } = world;
    for (let e = 0; e < events.count; e++) {
      const kind = events.kind(e);
      if (kind === EVENT.deed) continue;
      const actor = events.actor(e);
      const target = events.target(e);
      const cell = this.place[actor >= 0 ? actor : target];
      this.events.push({
        kind,
        actor,
        target,
        amount: events.amount(e),
        column: cell % this.columns,
        row: Math.floor(cell / this.columns),
      });
    }
  }

  /** Forgets the events that every view has told. */
  told(): void {
    this.events = [];
  }

  /** The view of the one in `slot`; `since` is the tick of its last view, or the tick of its welcome. */
  encode(slot: number, ack: number, ackTick: number, since: number): Uint8Array {
    this.pack();
    const { world } = this;
    const column = this.place[slot] % this.columns;
    const row = Math.floor(this.place[slot] / this.columns);
    const reach = PROTOCOL.cellReach;
    const cells: Uint8Array[] = [];
    for (let r = Math.max(0, row - reach); r <= Math.min(this.rows - 1, row + reach); r++)
      for (let c = Math.max(0, column - reach); c <= Math.min(this.columns - 1, column + reach); c++) {
        const cell = this.cells[r * this.columns + c];
        if (cell.length > 2) cells.push(cell);
      }
    const nodes: number[] = [];
    for (let n = 0; n < this.nodes.length; n++) if (this.nodeTick[n] > since) nodes.push(n);
    const events: SeenEvent[] = [];
    for (const event of this.events) {
      if (Math.abs(event.column - column) > reach || Math.abs(event.row - row) > reach) continue;
      if (events.push(event) === PROTOCOL.viewEvents) break;
    }
    return encodeView(world, { ack, ackTick, slot, cells, nodes, events });
  }

  private pack(): void {
    const { world } = this;
    if (this.packedTick === world.tick) return;
    this.packedTick = world.tick;
    for (const list of this.members) list.length = 0;
    for (let i = 0; i < world.capacity; i++)
      if (world.status[i] !== EMPTY) this.members[this.cellOf(world.x[i], world.y[i])].push(i);
    for (let c = 0; c < this.cells.length; c++) this.cells[c] = encodeCell(world, this.members[c]);
  }

  private cellOf(x: number, y: number): number {
    return Math.floor(y / CELL) * this.columns + Math.floor(x / CELL);
  }
}
