import type { Policy } from '#ml/env/policy.ts';
import { DECISION_TICKS, legal, OBSERVATION_SIZE, observe, sight, type World } from '#shared/world/index.ts';
import type { Seat, Zone } from '../zone/zone.ts';

/** Players of a zone whom policies play, as the trainer's scripted players are. */
export class Crowd {
  private readonly zone: Zone;
  private readonly players: { seat: Seat; policy: Policy; seq: number }[] = [];

  constructor(zone: Zone) {
    this.zone = zone;
  }

  add(seat: Seat, policy: Policy): void {
    this.players.push({ seat, policy, seq: 0 });
  }

  /** To be called before each tick. */
  act(): void {
    const { world } = this.zone;
    if (world.tick === 0 || world.tick % DECISION_TICKS !== 0) return;
    sight(world);
    const out = new Uint8Array(1);
    for (const player of this.players) {
      const { slot } = player.seat;
      if (world.status[slot] !== 1) continue;
      player.policy.act(rowOf(world, slot), out);
      this.zone.intend(player.seat, { seq: ++player.seq, action: out[0], arg: 0 });
    }
  }
}

function rowOf(world: World, slot: number) {
  const observations = new Uint8Array(OBSERVATION_SIZE);
  observe(world, slot, observations, 0);
  return {
    observations,
    masks: Uint32Array.of(legal(world, slot)),
    worldSeed: Uint32Array.of(world.seed),
    tick: Uint32Array.of(world.tick),
    npcs: Uint32Array.of(slot),
    count: 1,
    worlds: [world],
    tones: new Uint8Array(1),
  };
}
