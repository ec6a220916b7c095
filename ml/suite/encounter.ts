import { EVENT, isEnemy, TILE, WANDERER, type World } from '#shared/world/index.ts';

/**
 * An encounter is between one player and the inhabitants of the judged role that trade blows with them: it begins with
 * the first blow that lands or is caught between them, and ends when the player is down (lost), when all of the others
 * who took part are down (won), or when they have parted: no blow for ten seconds, or for five with nobody who took part
 * within eight tiles. Parted, who took more health from the other has won; as much is a draw, half a victory.
 */
const PARTED_TICKS = 100;
const QUIET_TICKS = 200;
const APART = 8 * TILE;

interface Open {
  readonly others: Set<number>;
  readonly down: Set<number>;
  last: number;
  /** Health that the player took less what was taken from them. */
  balance: number;
}

export interface Outcome {
  readonly player: number;
  /** 1 won, 0 lost, 1/2 a draw. */
  readonly won: number;
  readonly ended: 'player-down' | 'others-down' | 'parted';
  readonly others: number;
}

/** Watches a world for encounters of players with inhabitants of one role. Told of each tick after it. */
export class Encounters {
  readonly outcomes: Outcome[] = [];
  readonly #role: number;
  readonly #open = new Map<number, Open>();

  constructor(role: number) {
    this.#role = role;
  }

  watch(world: World): void {
    const { events } = world;
    for (let e = 0; e < events.count; e++) {
      const kind = events.kind(e);
      const [actor, target] = [events.actor(e), events.target(e)];
      if (kind === EVENT.hit) this.#blow(world, actor, target, events.amount(e));
      else if (kind === EVENT.blocked) this.#blow(world, actor, target, 0);
      else if (kind === EVENT.down) this.#fall(target);
    }
    for (const [player, open] of this.#open) {
      const quiet = world.tick - open.last;
      if (quiet < PARTED_TICKS) continue;
      if (quiet < QUIET_TICKS && [...open.others].some((j) => near(world, player, j))) continue;
      this.#end(player, open, 'parted', open.balance > 0 ? 1 : open.balance < 0 ? 0 : 0.5);
    }
  }

  #blow(world: World, actor: number, target: number, health: number): void {
    if (!isEnemy(world, actor, target)) return;
    const player = world.role[actor] === WANDERER ? actor : target;
    const other = player === actor ? target : actor;
    if (world.role[player] !== WANDERER || world.role[other] !== this.#role) return;
    let open = this.#open.get(player);
    if (!open) {
      open = { others: new Set(), down: new Set(), last: 0, balance: 0 };
      this.#open.set(player, open);
    }
    open.others.add(other);
    open.last = world.tick;
    open.balance += player === actor ? health : -health;
  }

  #fall(who: number): void {
    const own = this.#open.get(who);
    if (own) this.#end(who, own, 'player-down', 0);
    for (const [player, open] of this.#open) {
      if (!open.others.has(who)) continue;
      open.down.add(who);
      if (open.down.size === open.others.size) this.#end(player, open, 'others-down', 1);
    }
  }

  #end(player: number, open: Open, ended: Outcome['ended'], won: number): void {
    this.#open.delete(player);
    this.outcomes.push({ player, won, ended, others: open.others.size });
  }
}

function near(world: World, i: number, j: number): boolean {
  const dx = world.x[j] - world.x[i];
  const dy = world.y[j] - world.y[i];
  return world.status[j] === 1 && dx * dx + dy * dy <= APART * APART;
}
