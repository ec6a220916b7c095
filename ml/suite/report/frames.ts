import type { World } from '#shared/world/index.ts';
import { suiteMap } from '../maps/index.ts';
import { replay, type Session } from '../session.ts';

/** A session as a page shows it: where everybody is and what they do, a few times a second. */
export interface Frames {
  readonly width: number;
  readonly height: number;
  readonly agents: number;
  /** Frames in all, and how many are one second of the world. */
  readonly count: number;
  readonly perSecond: number;
  readonly roles: readonly number[];
  /** [count][agents][6]: x u16 and y u16 in 1/16 tile, what it does u8 (see DOING), health u4 and goods u4; little-endian. */
  readonly data: string;
}

/** Every so many ticks. */
const EVERY = 8;
export const DOING = {
  absent: 0,
  stands: 1,
  walks: 2,
  strikes: 3,
  guards: 4,
  gathers: 5,
  trades: 6,
  down: 7,
  hurt: 8,
} as const;

function doing(world: World, i: number): number {
  if (world.status[i] === 0) return DOING.absent;
  if (world.status[i] === 2) return DOING.down;
  if (world.windup[i] > 0) return DOING.strikes;
  if (world.hurt[i] > 115) return DOING.hurt;
  if (world.guarding[i]) return DOING.guards;
  if (world.gathering[i] > 0) return DOING.gathers;
  if (world.intent[i] === 13) return DOING.trades;
  return world.intent[i] >= 1 && world.intent[i] <= 8 ? DOING.walks : DOING.stands;
}

/** Replays a session from its inputs and keeps what a page needs. @param watch told of every tick */
export function framesOf(session: Session, watch: (world: World) => void = () => {}): Frames {
  const { capacity, inputs } = session;
  const { width, height } = suiteMap(session.map);
  const count = Math.floor(inputs.length / EVERY);
  const bytes = new Uint8Array(count * capacity * 6);
  const view = new DataView(bytes.buffer);
  const roles: number[] = new Array(capacity).fill(0);
  replay(session, (world) => {
    watch(world);
    if (world.tick % EVERY !== 0) return;
    const frame = world.tick / EVERY - 1;
    for (let i = 0; i < capacity; i++) {
      if (world.status[i] !== 0) roles[i] = world.role[i];
      const at = (frame * capacity + i) * 6;
      view.setUint16(at, world.x[i] >> 4, true);
      view.setUint16(at + 2, world.y[i] >> 4, true);
      bytes[at + 4] = doing(world, i);
      const goods = Math.min(15, world.fruit[i] + world.crystal[i]);
      bytes[at + 5] = (Math.round((world.health[i] * 15) / 100) << 4) | goods;
    }
  });
  return {
    width,
    height,
    agents: capacity,
    count,
    perSecond: 20 / EVERY,
    roles,
    data: Buffer.from(bytes).toString('base64'),
  };
}
