import {
  ALIVE,
  BALANCE,
  buyingPrice,
  CRYSTAL,
  FRUIT,
  hotPlace,
  isEnemy,
  memoryOf,
  sellingPrice,
  type World,
} from '#shared/world/index.ts';

/** An NPC's real state, as far as it can speak of it; every number is the world's own. */
export interface Situation {
  role: number;
  npc: number;
  tick: number;
  seed: number;
  health: number;
  hunger: number;
  fruit: number;
  crystal: number;
  coins: number;
  /** What it remembers of the speaker by the rules, 0..32767 each. */
  harm: number;
  kind: number;
  ward: number;
  loot: number;
  /** Whether the speaker is known to rob, and to strike. */
  robs: boolean;
  strikes: boolean;
  /** Enemies (by the rules) that it sees, the speaker not among them. */
  enemies: number;
  /** The place it thinks of as dangerous (for raiders: rich), or null. */
  hot: string | null;
  /** The nearest market, with what it asks and gives now; null where there is none. */
  market: Market | null;
}

export interface Market {
  name: string;
  near: boolean;
  buyFruit: number;
  buyCrystal: number;
  sellFruit: number;
  sellCrystal: number;
}

/** A public habit from here on is a name one has. */
const KNOWN_FOR = 6144;

/** Reads the state of NPC `npc` facing player `player`. Only reads. */
export function situationOf(world: World, npc: number, player: number): Situation {
  const memory = memoryOf(world, npc, player);
  const of = (field: Int32Array): number => (memory < 0 ? 0 : field[memory]);
  const tile = (world.y[npc] >> 8) * world.terrain.width + (world.x[npc] >> 8);
  const hot = hotPlace(world, npc, tile);
  return {
    role: world.role[npc],
    npc,
    tick: world.tick,
    seed: world.seed,
    health: world.health[npc],
    hunger: world.hunger[npc],
    fruit: world.fruit[npc],
    crystal: world.crystal[npc],
    coins: world.coins[npc],
    harm: of(world.harm),
    kind: of(world.kind),
    ward: of(world.ward),
    loot: of(world.loot),
    robs: world.outlaw[player] === 1,
    strikes: world.habitStrike[player] >= KNOWN_FOR,
    enemies: enemiesInSight(world, npc, player),
    hot: hot < 0 ? null : world.terrain.places[hot].name,
    market: nearestMarket(world, npc, tile),
  };
}

function enemiesInSight(world: World, npc: number, player: number): number {
  let count = 0;
  for (let j = 0; j < world.capacity; j++) {
    if (j === npc || j === player || world.status[j] !== ALIVE || !isEnemy(world, npc, j)) continue;
    const [dx, dy] = [world.x[j] - world.x[npc], world.y[j] - world.y[npc]];
    if (Math.abs(dx) <= BALANCE.sight && Math.abs(dy) <= BALANCE.sight) count++;
  }
  return count;
}

function nearestMarket(world: World, npc: number, tile: number): Market | null {
  const { stalls, stallSteps } = world.terrain;
  let best = -1;
  let fewest = 65535;
  for (let s = 0; s < stalls.length; s++) {
    const steps = stallSteps[tile * stalls.length + s];
    if (steps < fewest) [best, fewest] = [s, steps];
  }
  if (best < 0) return null;
  const { x, y, name } = stalls[best];
  const [dx, dy] = [x - world.x[npc], y - world.y[npc]];
  return {
    name,
    near: dx * dx + dy * dy <= BALANCE.tradeReach * BALANCE.tradeReach,
    buyFruit: buyingPrice(world, best, FRUIT),
    buyCrystal: buyingPrice(world, best, CRYSTAL),
    sellFruit: sellingPrice(world, best, FRUIT),
    sellCrystal: sellingPrice(world, best, CRYSTAL),
  };
}

export type Attitude = 'afraid' | 'angry' | 'warm' | 'plain';

/** Harm from which an NPC is afraid or angry, and kindness from which it is fond. */
const MUCH_HARM = 6144;
const MUCH_KINDNESS = 4096;

/** How the NPC feels about the speaker: by the rules' memory alone. Foragers and traders fear, the others rage. */
export function attitudeOf({ harm, kind, role }: Situation): Attitude {
  if (harm >= MUCH_HARM && harm >= kind) return role === 1 || role === 4 ? 'afraid' : 'angry';
  return kind >= MUCH_KINDNESS ? 'warm' : 'plain';
}
