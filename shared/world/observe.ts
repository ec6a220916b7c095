import { DIR_X, DIR_Y } from './actions.ts';
import {
  BALANCE,
  CAMPS_OF_ENEMIES,
  CRYSTAL,
  FRUIT,
  GUARDIAN,
  HOME_OF,
  RAIDER,
  TILE,
  TRADER,
} from './balance.ts';
import { company, seen } from './company.ts';
import { hotPlace, memoryOf } from './memory.ts';
import { wanted, wantedNear } from './renown.ts';
import { isHome, nodeInReach, stallInReach } from './sense.ts';
import { buyingPrice, dealOf, sellingPrice } from './verbs/trade.ts';
import { ALIVE, type World } from './world.ts';

/** How many values an observation has; each is 0..127, a signed feature is 64 + value. */
export const OBSERVATION_SIZE = 64;
/** The name of this layout, kept in brain files: a brain reads only what it was trained on. */
export const OBSERVATION_LAYOUT = 'world-3';

const HABIT_NAMES = [
  ...['strikes', 'guards', 'gathers', 'robs'].map((f) => `enemy 1 ${f}`),
  ...['harmed me', 'caught my blows', 'was kind to me', 'lost goods to me'].map((f) => `enemy 1 ${f}`),
];
const PLACE_NAMES = ['heat', 'hot dx', 'hot dy'];

/**
 * What stands where in an observation. Where others see what grows, a trader sees stalls: the way to where it should buy
 * and its price there, the way to where it should sell and the price there, and whether there is a deal to be made here.
 */
export const OBSERVATION_NAMES: readonly string[] = [
  ...['health', 'stamina', 'hunger', 'fruit', 'crystal', 'ready', 'windup', 'shield', 'home'],
  ...['home dx', 'home dy', 'home near', 'ground', 'coins'],
  ...['e', 'se', 's', 'sw', 'w', 'nw', 'n', 'ne'].map((d) => `free ${d}`),
  ...['fruit dx', 'fruit dy', 'fruit near', 'fruit amount'],
  ...['crystal dx', 'crystal dy', 'crystal near', 'crystal amount', 'gatherable'],
  ...['dx', 'dy', 'near', 'health', 'goods', 'stance', 'faces me', 'role'].map((f) => `enemy 1 ${f}`),
  ...['dx', 'dy', 'near', 'goods', 'stance'].map((f) => `enemy 2 ${f}`),
  ...['dx', 'dy', 'near', 'goods', 'hurt'].map((f) => `friend ${f}`),
  ...HABIT_NAMES,
  ...['enemies', PLACE_NAMES[0], 'hurt', 'enemy 1 far dx', 'enemy 1 far dy', PLACE_NAMES[1], PLACE_NAMES[2]],
];

/** Features of one kind, as indices: those that tell of what others did before, by which a brain adapts at once. */
export const OBSERVATION_GROUPS = {
  habits: [...HABIT_NAMES, ...PLACE_NAMES].map((name) => OBSERVATION_NAMES.indexOf(name)),
} as const;

/** What a feature holds when it tells nothing: 64 for the signed ones (`dx`, `dy`), else 0. */
export function neutral(feature: number): number {
  return / d[xy]$/.test(OBSERVATION_NAMES[feature]) ? 64 : 0;
}

/** Builds what `observe`, `legal` and the sense functions look things up in. Once per tick, before them. */
export function sight(world: World): void {
  world.grid.build(world.status, ALIVE, world.x, world.y);
}

/**
 * Writes what agent `i` perceives to `out[at .. at + 64]`. The grid must be of this tick (`sight`). Those not alive
 * perceive zeros. Ways to food, crystals and home lead around walls.
 */
export function observe(world: World, i: number, out: Uint8Array, at: number): void {
  if (world.status[i] !== ALIVE) {
    out.fill(0, at, at + OBSERVATION_SIZE);
    return;
  }
  const { terrain } = world;
  const tile = (world.y[i] >> 8) * terrain.width + (world.x[i] >> 8);
  body(world, i, out, at);
  place(world, i, tile, out, at);
  if (world.role[i] === TRADER) stallsAround(world, i, tile, out, at);
  else goodsAround(world, i, tile, out, at);
  company(world, i);
  enemy(world, i, seen.enemy1, out, at + 31);
  secondEnemy(world, i, seen.enemy2, out, at + 39);
  friend(world, i, seen.friend, out, at + 44);
  habits(world, i, seen.enemy1, out, at + 49);
  out[at + 57] = Math.min(127, seen.enemies << 4);
  out[at + 59] = world.hurt[i];
  if (seen.enemy1 < 0) trail(world, i, tile, out, at + 60);
  else {
    out[at + 60] = 64 + clamp((world.x[seen.enemy1] - world.x[i]) >> 6, 63);
    out[at + 61] = 64 + clamp((world.y[seen.enemy1] - world.y[i]) >> 6, 63);
  }
  tidings(world, i, tile, out, at);
}

/**
 * The place that this one has in mind, and how hot it is. A guard who looks for an outlaw has in mind where that was last;
 * one raider in four lies in wait where much is carried past: both are as hot as can be.
 */
function tidings(world: World, i: number, tile: number, out: Uint8Array, at: number): void {
  const { terrain, role, heat } = world;
  out[at + 62] = out[at + 63] = 64;
  if (role[i] === GUARDIAN && wanted(world) >= 0) {
    out[at + 58] = 127;
    const node = wantedNear(world);
    if (terrain.nodeSteps[tile * terrain.nodeCount + node] > THERE)
      way(terrain.nodeSteps, terrain.nodeCount, node, tile, terrain.width, out, at + 62);
    return;
  }
  const hot = hotPlace(world, i, tile);
  out[at + 58] = 0;
  if (hot < 0) return;
  const warmth = heat[hot * 2 + (role[i] === RAIDER ? 0 : 1)];
  const waits = role[i] === RAIDER && (i & 3) === 3 && warmth >= BALANCE.ambushFrom;
  out[at + 58] = waits ? 127 : Math.min(126, warmth >> 8);
  way(terrain.placeSteps, terrain.places.length, hot, tile, terrain.width, out, at + 62);
}

/** So many steps from where one looks for somebody, one is there. */
const THERE = 4;

/**
 * With no enemy in sight, the way to where enemies live, so that one can seek or shun them: half of a role knows the
 * one camp, half the other. Nothing once that camp is about as near as one sees.
 */
function trail(world: World, i: number, tile: number, out: Uint8Array, at: number): void {
  const { terrain } = world;
  const camps = CAMPS_OF_ENEMIES[world.role[i]];
  const camp = camps[i % camps.length];
  const stride = terrain.camps.length;
  if (terrain.campSteps[tile * stride + camp] * TILE > BALANCE.sight)
    way(terrain.campSteps, stride, camp, tile, terrain.width, out, at);
  else out[at] = out[at + 1] = 64;
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}

function body(world: World, i: number, out: Uint8Array, at: number): void {
  const rest = world.cooldown[i] << 2;
  out[at] = (world.health[i] * 127) / BALANCE.health;
  out[at + 1] = (world.stamina[i] * 127) / BALANCE.stamina;
  out[at + 2] = (world.hunger[i] * 127) / BALANCE.hungerMax;
  out[at + 3] = (world.fruit[i] * 127) / BALANCE.carry;
  out[at + 4] = (world.crystal[i] * 127) / BALANCE.carry;
  out[at + 5] = rest > 127 ? 0 : 127 - rest;
  out[at + 6] = world.windup[i] > 0 ? 127 : 0;
  out[at + 7] = world.shield[i] > 0 ? 127 : 0;
  out[at + 8] = isHome(world, i) ? 127 : 0;
}

function place(world: World, i: number, tile: number, out: Uint8Array, at: number): void {
  const { terrain } = world;
  const camps = terrain.camps.length;
  const home = HOME_OF[world.role[i]];
  const steps = terrain.campSteps[tile * camps + home];
  way(terrain.campSteps, camps, home, tile, terrain.width, out, at + 9);
  if (steps === 0) {
    out[at + 9] = 64 + clamp((terrain.camps[home].x - world.x[i]) >> 2, 63);
    out[at + 10] = 64 + clamp((terrain.camps[home].y - world.y[i]) >> 2, 63);
  }
  out[at + 11] = steps > 127 ? 0 : 127 - steps;
  out[at + 12] = terrain.ground[tile] * 63;
  out[at + 13] = Math.min(127, world.coins[i]);
  for (let d = 0; d < 8; d++) out[at + 14 + d] = (terrain.ahead[tile * 8 + d] * 127) >> 2;
}

/** The direction of the next step along falling distances, as two signed features; 64, 64 where there is none. */
function way(
  steps: Uint8Array | Uint16Array,
  stride: number,
  field: number,
  tile: number,
  width: number,
  out: Uint8Array,
  at: number,
): void {
  let best = steps[tile * stride + field];
  let direction = -1;
  // Straight steps first: a diagonal is taken only where it is shorter.
  for (let k = 0; k < 8; k++) {
    const d = k < 4 ? k * 2 : (k - 4) * 2 + 1;
    const next = steps[(tile + DIR_Y[d] * width + DIR_X[d]) * stride + field];
    if (next < best) {
      best = next;
      direction = d;
    }
  }
  out[at] = direction < 0 ? 64 : 64 + 63 * DIR_X[direction];
  out[at + 1] = direction < 0 ? 64 : 64 + 63 * DIR_Y[direction];
}

function goodsAround(world: World, i: number, tile: number, out: Uint8Array, at: number): void {
  const { terrain, nodeAmount } = world;
  const { nodeCount, nodeKind, nodeSteps } = terrain;
  const row = tile * nodeCount;
  let fruit = -1;
  let crystal = -1;
  let fruitSteps = 255;
  let crystalSteps = 255;
  for (let n = 0; n < nodeCount; n++) {
    const steps = nodeSteps[row + n];
    if (nodeAmount[n] === 0) continue;
    if (nodeKind[n] === FRUIT) {
      if (steps < fruitSteps) {
        fruit = n;
        fruitSteps = steps;
      }
    } else if (steps < crystalSteps) {
      crystal = n;
      crystalSteps = steps;
    }
  }
  good(world, i, tile, fruit, fruitSteps, FRUIT, out, at + 22);
  good(world, i, tile, crystal, crystalSteps, CRYSTAL, out, at + 26);
  out[at + 30] = nodeInReach(world, i) >= 0 ? 127 : 0;
}

/**
 * A trader's markets: the stall whose cheaper good is cheapest to reach and buy, and the one that pays most for what is
 * carried (or, with empty hands, for anything). Prices count 14 each, so that nine coins are 126; a step counts against them.
 */
function stallsAround(world: World, i: number, tile: number, out: Uint8Array, at: number): void {
  const { terrain } = world;
  const count = terrain.stalls.length;
  const carries = world.crystal[i] > 0 ? CRYSTAL : world.fruit[i] > BALANCE.provisions ? FRUIT : -1;
  let [buy, low, cheap] = [-1, 0x7fffffff, 0];
  let [sell, high, dear] = [-1, -0x7fffffff, 0];
  for (let s = 0; s < count; s++) {
    const steps = terrain.stallSteps[tile * count + s];
    const price = Math.min(buyingPrice(world, s, FRUIT), buyingPrice(world, s, CRYSTAL));
    if (price * STEPS_A_COIN + steps < low) [buy, low, cheap] = [s, price * STEPS_A_COIN + steps, price];
    const pays =
      carries < 0
        ? Math.max(sellingPrice(world, s, FRUIT), sellingPrice(world, s, CRYSTAL))
        : sellingPrice(world, s, carries);
    if (pays * STEPS_A_COIN - steps > high) [sell, high, dear] = [s, pays * STEPS_A_COIN - steps, pays];
  }
  stall(world, i, tile, buy, cheap, out, at + 22);
  stall(world, i, tile, sell, dear, out, at + 26);
  const here = stallInReach(world, i);
  out[at + 30] = here >= 0 && dealOf(world, i, here) >= 0 ? 127 : 0;
}

/** So many steps of way weigh as much as one coin. */
const STEPS_A_COIN = 12;

function stall(
  world: World,
  i: number,
  tile: number,
  s: number,
  price: number,
  out: Uint8Array,
  at: number,
): void {
  const { terrain } = world;
  if (s < 0) {
    out[at] = out[at + 1] = 64;
    out[at + 2] = out[at + 3] = 0;
    return;
  }
  const steps = terrain.stallSteps[tile * terrain.stalls.length + s];
  if (steps <= 1) {
    out[at] = 64 + clamp((terrain.stalls[s].x - world.x[i]) >> 3, 63);
    out[at + 1] = 64 + clamp((terrain.stalls[s].y - world.y[i]) >> 3, 63);
  } else way(terrain.stallSteps, terrain.stalls.length, s, tile, terrain.width, out, at);
  out[at + 2] = steps > 127 ? 0 : 127 - steps;
  out[at + 3] = price * 14;
}

function good(
  world: World,
  i: number,
  tile: number,
  node: number,
  steps: number,
  kind: number,
  out: Uint8Array,
  at: number,
): void {
  const { terrain } = world;
  if (node < 0) {
    out[at] = out[at + 1] = 64;
    out[at + 2] = out[at + 3] = 0;
    return;
  }
  if (steps <= 1) {
    out[at] = 64 + clamp((terrain.nodeX[node] - world.x[i]) >> 3, 63);
    out[at + 1] = 64 + clamp((terrain.nodeY[node] - world.y[i]) >> 3, 63);
  } else way(terrain.nodeSteps, terrain.nodeCount, node, tile, terrain.width, out, at);
  out[at + 2] = steps > 42 ? 0 : 127 - steps * 3;
  out[at + 3] = (world.nodeAmount[node] * 127) / BALANCE.nodeMax[kind];
}

/** 127 beside one, 0 at the edge of sight; the greater of both axes, so that no root is needed. */
function nearness(dx: number, dy: number): number {
  const far = Math.max(dx < 0 ? -dx : dx, dy < 0 ? -dy : dy);
  return (127 - (far * 127) / BALANCE.sight) | 0;
}

function enemy(world: World, i: number, j: number, out: Uint8Array, at: number): void {
  if (j < 0) {
    out.fill(0, at, at + 8);
    out[at] = out[at + 1] = 64;
    return;
  }
  const dx = world.x[j] - world.x[i];
  const dy = world.y[j] - world.y[i];
  out[at] = 64 + clamp(dx >> 4, 63);
  out[at + 1] = 64 + clamp(dy >> 4, 63);
  out[at + 2] = nearness(dx, dy);
  out[at + 3] = (world.health[j] * 127) / BALANCE.health;
  out[at + 4] = ((world.fruit[j] + world.crystal[j]) * 127) / (BALANCE.carry * 2);
  out[at + 5] = world.windup[j] > 0 ? 127 : world.guarding[j] ? 64 : 0;
  out[at + 6] = -dx * DIR_X[world.facing[j]] - dy * DIR_Y[world.facing[j]] >= 0 ? 127 : 0;
  out[at + 7] = world.shield[j] > 0 ? 0 : 31 + world.role[j] * 24;
}

function secondEnemy(world: World, i: number, j: number, out: Uint8Array, at: number): void {
  if (j < 0) {
    out[at] = out[at + 1] = 64;
    out[at + 2] = out[at + 3] = out[at + 4] = 0;
    return;
  }
  const dx = world.x[j] - world.x[i];
  const dy = world.y[j] - world.y[i];
  out[at] = 64 + clamp(dx >> 4, 63);
  out[at + 1] = 64 + clamp(dy >> 4, 63);
  out[at + 2] = nearness(dx, dy);
  out[at + 3] = ((world.fruit[j] + world.crystal[j]) * 127) / (BALANCE.carry * 2);
  out[at + 4] = world.windup[j] > 0 ? 127 : world.guarding[j] ? 64 : 0;
}

function friend(world: World, i: number, j: number, out: Uint8Array, at: number): void {
  if (j < 0) {
    out[at] = out[at + 1] = 64;
    out[at + 2] = out[at + 3] = out[at + 4] = 0;
    return;
  }
  const dx = world.x[j] - world.x[i];
  const dy = world.y[j] - world.y[i];
  out[at] = 64 + clamp(dx >> 6, 63);
  out[at + 1] = 64 + clamp(dy >> 6, 63);
  out[at + 2] = nearness(dx, dy);
  out[at + 3] = ((world.fruit[j] + world.crystal[j]) * 127) / (BALANCE.carry * 2);
  out[at + 4] = world.hurt[j];
}

/**
 * What the nearest enemy did lately, as everybody knows, and what this one remembers of it: the part of the observation
 * that lets one brain play each opponent differently.
 */
function habits(world: World, i: number, j: number, out: Uint8Array, at: number): void {
  out.fill(0, at, at + 8);
  if (j < 0) return;
  out[at] = world.role[i] === RAIDER && world.dreaded[j] ? 127 : world.habitStrike[j] >> 8;
  out[at + 1] = world.habitGuard[j] >> 8;
  out[at + 2] = world.habitGather[j] >> 8;
  out[at + 3] = world.outlaw[j] ? 127 : world.infamy[j] >> 8;
  const k = memoryOf(world, i, j);
  if (k < 0) return;
  out[at + 4] = world.harm[k] >> 8;
  out[at + 5] = world.ward[k] >> 8;
  out[at + 6] = world.kind[k] >> 8;
  out[at + 7] = world.loot[k] >> 8;
}
