import { Client, type Room } from '@colyseus/sdk';
import {
  type DeedsMessage,
  decodeView,
  PROTOCOL,
  type Self,
  type ServerMessages,
  type SymbiontCard,
  type View,
  type Welcome,
  type ZoneState,
} from '#shared/protocol/index.ts';
import { BALANCE, GATHER, type Terrain, WAIT } from '#shared/world/index.ts';

export interface GuestAnswer {
  token: string;
  id: number;
  name: string;
  look: number;
  address: string;
}

export async function newGuest(url: string, wish: object = {}): Promise<GuestAnswer> {
  const answer = await fetch(`${url}/api/guest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  });
  if (!answer.ok) throw new Error(`guest: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as GuestAnswer;
}

/** A player over the real socket, as the page is one. */
export class TestPlayer {
  readonly room: Room<unknown, ZoneState>;
  readonly token: string;
  welcome: Welcome | null = null;
  view: View | null = null;
  deeds: DeedsMessage | null = null;
  card: SymbiontCard | null = null;
  views = 0;
  bytes = 0;
  closed: number | null = null;
  readonly refused: ServerMessages['refused'][] = [];
  readonly chat: ServerMessages['chat'][] = [];
  readonly tales: ServerMessages['tale'][] = [];
  readonly said: ServerMessages['said'][] = [];
  readonly notices: ServerMessages['notice'][] = [];
  private seq = 0;
  private last = -1;
  private readonly amounts = new Map<number, number>();

  private constructor(room: Room<unknown, ZoneState>, token: string) {
    this.room = room;
    this.token = token;
    room.reconnection.enabled = false;
    room.onMessage('welcome', (message: Welcome) => {
      this.welcome = message;
    });
    room.onMessage('view', (bytes: Uint8Array) => {
      this.views++;
      this.bytes += bytes.length;
      this.view = decodeView(bytes);
      for (const { node, amount } of this.view.nodes) this.amounts.set(node, amount);
    });
    room.onMessage('deeds', (message: DeedsMessage) => {
      this.deeds = message;
    });
    room.onMessage('symbiont', (message: SymbiontCard) => {
      this.card = message;
    });
    room.onMessage('refused', (message: ServerMessages['refused']) => void this.refused.push(message));
    room.onMessage('chat', (message: ServerMessages['chat']) => void this.chat.push(message));
    room.onMessage('said', (message: ServerMessages['said']) => void this.said.push(message));
    room.onMessage('notice', (message: ServerMessages['notice']) => void this.notices.push(message));
    room.onMessage('tale', (message: ServerMessages['tale']) => void this.tales.push(message));
    room.onMessage('pong', () => {});
    room.onLeave((code) => {
      this.closed = code;
    });
  }

  static async join(url: string, by?: string | { token: string; proof: string }): Promise<TestPlayer> {
    const opened = typeof by === 'object' ? by.token : (by ?? (await newGuest(url)).token);
    const client = new Client(url.replace(/^http/, 'ws'));
    const room = await client.joinOrCreate<ZoneState>(PROTOCOL.room, {
      token: opened,
      ...(typeof by === 'object' ? { proof: by.proof } : {}),
      version: PROTOCOL.version,
    });
    const player = new TestPlayer(room as unknown as Room<unknown, ZoneState>, opened);
    await until('the first view', () => player.view !== null);
    return player;
  }

  /** From now on does this. @returns the intent's number */
  act(action: number, arg = 0): number {
    this.room.send('act', { seq: ++this.seq, action, arg });
    return this.seq;
  }

  send(type: string, message?: unknown): void {
    this.room.send(type, message);
  }

  async leave(): Promise<void> {
    await this.room.leave();
  }

  /** Walks to the nearest place that holds something, and gathers there; call it again and again. */
  forage(terrain: Terrain): void {
    const self = this.view?.self;
    if (self?.status !== 1) return;
    const tile = (self.y >> 8) * terrain.width + (self.x >> 8);
    let best = -1;
    let steps = 255;
    for (let n = 0; n < terrain.nodeCount; n++) {
      if ((this.amounts.get(n) ?? this.welcome?.nodes[n] ?? 0) === 0) continue;
      const kind = terrain.nodeKind[n];
      if ((kind === 0 ? self.fruit : self.crystal) >= 12) continue;
      const s = terrain.nodeSteps[tile * terrain.nodeCount + n];
      if (s < steps) [steps, best] = [s, n];
    }
    const field = (t: number) =>
      best < 0
        ? terrain.campSteps[t * terrain.camps.length]
        : terrain.nodeSteps[t * terrain.nodeCount + best];
    if (best >= 0 && steps === 0) {
      this.keepTo(GATHER);
      return;
    }
    const way = [1, 3, 5, 7, 2, 4, 6, 8]
      .map((action) => {
        const next = tile + dy(action) * terrain.width + dx(action);
        return { action, next, cost: field(next) };
      })
      .sort((a, b) => a.cost - b.cost)[0];
    this.keepTo(way.cost < field(tile) ? clear(self, terrain, way) : WAIT);
  }

  private keepTo(action: number): void {
    if (action !== this.last) this.act(action);
    this.last = action;
  }
}

const dx = (action: number) => [1, 1, 0, -1, -1, -1, 0, 1][action - 1];
const dy = (action: number) => [0, 1, 1, 1, 0, -1, -1, -1][action - 1];

/** The step, or one aside first where a corner beside the way would catch the body. */
function clear(self: Self, terrain: Terrain, { action, next }: { action: number; next: number }): number {
  const over = (at: number) => Math.sign(Math.trunc(((at & 255) - 128) / (128 - BALANCE.bodyHalf)));
  const [x, y] = [over(self.x), over(self.y)];
  if (dy(action) === 0 && y !== 0 && terrain.blocked[next + y * terrain.width]) return y > 0 ? 7 : 3;
  if (dx(action) === 0 && x !== 0 && terrain.blocked[next + x]) return x > 0 ? 5 : 1;
  return action;
}

/** Waits until it holds, looking every `pollMs`. @throws Error naming what did not happen within `ms` */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 20_000,
  pollMs = 20,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: did not happen within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
