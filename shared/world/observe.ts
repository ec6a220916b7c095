import { DIR_X, DIR_Y } from './actions.ts';
import { BALANCE, CAMPS_OF_ENEMIES, CRYSTAL, DAY_TICKS, ENEMIES, FRUIT, HOME_OF, TILE } from './balance.ts';
import { isHome, nodeInReach } from './sense.ts';
import { ALIVE, type World } from './world.ts';

/** How many values an observation has; each is 0..127, a signed feature is 64 + value. */
export const OBSERVATION_SIZE = 64;
/** The name of this layout, kept in brain files: a brain reads only what it was trained on. */
export const OBSERVATION_LAYOUT = 'world-1';

/** What stands where in an observation. */
export const OBSERVATION_NAMES: readonly string[] = [
  ...['one', 'health', 'stamina', 'hunger', 'fruit', 'crystal', 'ready', 'windup', 'shield', 'home'],
  ...['home dx', 'home dy', 'home near', 'ground', 'daylight'],
  ...['e', 'se', 's', 'sw', 'w', 'nw', 'n', 'ne'].map((d) => `free ${d}`),
  ...['fruit dx', 'fruit dy', 'fruit near', 'fruit amount'],
  ...['crystal dx', 'crystal dy', 'crystal near', 'crystal amount', 'gatherable'],
  ...[1, 2].flatMap((n) =>
    ['dx', 'dy', 'near', 'health', 'goods', 'stance', 'faces me', 'role'].map((f) => `enemy ${n} ${f}`),
  ),
  ...['dx', 'dy', 'near', 'goods'].map((f) => `friend ${f}`),
  ...['strikes', 'gathers', 'guards', 'gives'].map((f) => `enemy 1 ${f}`),
  ...[
    'enemies',
    'friends',
    'stomach for more',
    'gathering',
    'guarding',
    'hurt',
    'enemy 1 far dx',
    'enemy 1 far dy',
  ],
];

/** Builds what `observe`, `legal` and the sense functions look things up in. Once per tick, before them. */
export function sight(world: World): void {
  world.grid.build(world.status, ALIVE, world.x, world.y);
}

/** Scratch of `others`: the nearest two enemies, the nearest friend, and how many of each are in sight. */
const seen = { enemy1: -1, enemy2: -1, friend: -1, enemies: 0, friends: 0 };

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
  goodsAround(world, i, tile, out, at);
  others(world, i);
  enemy(world, i, seen.enemy1, out, at + 32);
  enemy(world, i, seen.enemy2, out, at + 40);
  friend(world, i, seen.friend, out, at + 48);
  habits(world, seen.enemy1, out, at + 52);
  out[at + 56] = Math.min(127, seen.enemies << 4);
  out[at + 57] = Math.min(127, seen.friends << 4);
  out[at + 58] = ((BALANCE.carry * 2 - world.fruit[i] - world.crystal[i]) * 127) / (BALANCE.carry * 2);
  out[at + 59] = (world.gathering[i] * 127) / BALANCE.gatherTicks;
  out[at + 60] = world.guarding[i] * 127;
  out[at + 61] = world.hurt[i];
  if (seen.enemy1 < 0) trail(world, i, tile, out, at + 62);
  else {
    out[at + 62] = 64 + clamp((world.x[seen.enemy1] - world.x[i]) >> 6, 63);
    out[at + 63] = 64 + clamp((world.y[seen.enemy1] - world.y[i]) >> 6, 63);
  }
}

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
  out[at] = 127;
  out[at + 1] = (world.health[i] * 127) / BALANCE.health;
  out[at + 2] = (world.stamina[i] * 127) / BALANCE.stamina;
  out[at + 3] = (world.hunger[i] * 127) / BALANCE.hungerMax;
  out[at + 4] = (world.fruit[i] * 127) / BALANCE.carry;
  out[at + 5] = (world.crystal[i] * 127) / BALANCE.carry;
  out[at + 6] = rest > 127 ? 0 : 127 - rest;
  out[at + 7] = world.windup[i] > 0 ? 127 : 0;
  out[at + 8] = world.shield[i] > 0 ? 127 : 0;
  out[at + 9] = isHome(world, i) ? 127 : 0;
}

function place(world: World, i: number, tile: number, out: Uint8Array, at: number): void {
  const { terrain, tick } = world;
  const camps = terrain.camps.length;
  const home = HOME_OF[world.role[i]];
  const steps = terrain.campSteps[tile * camps + home];
  way(terrain.campSteps, camps, home, tile, terrain.width, out, at + 10);
  if (steps === 0) {
    out[at + 10] = 64 + clamp((terrain.camps[home].x - world.x[i]) >> 2, 63);
    out[at + 11] = 64 + clamp((terrain.camps[home].y - world.y[i]) >> 2, 63);
  }
  out[at + 12] = steps > 127 ? 0 : 127 - steps;
  out[at + 13] = terrain.ground[tile] * 63;
  const hour = tick % DAY_TICKS;
  out[at + 14] = ((hour * 2 < DAY_TICKS ? hour : DAY_TICKS - hour) * 254) / DAY_TICKS;
  for (let d = 0; d < 8; d++) out[at + 15 + d] = (terrain.ahead[tile * 8 + d] * 127) >> 2;
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
  good(world, i, tile, fruit, fruitSteps, FRUIT, out, at + 23);
  good(world, i, tile, crystal, crystalSteps, CRYSTAL, out, at + 27);
  out[at + 31] = nodeInReach(world, i) >= 0 ? 127 : 0;
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

function others(world: World, i: number): void {
  const { grid, x, y, role } = world;
  const enemies = ENEMIES[role[i]];
  const range = BALANCE.sight;
  const left = Math.max(0, grid.column(x[i] - range));
  const right = Math.min(grid.columns - 1, grid.column(x[i] + range));
  const top = Math.max(0, grid.column(y[i] - range));
  const bottom = Math.min(grid.rows - 1, grid.column(y[i] + range));
  let d1 = 0x7fffffff;
  let d2 = 0x7fffffff;
  let df = 0x7fffffff;
  seen.enemy1 = seen.enemy2 = seen.friend = -1;
  seen.enemies = seen.friends = 0;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      for (let j = grid.first[row * grid.columns + column]; j >= 0; j = grid.next[j]) {
        if (j === i) continue;
        const dx = x[j] - x[i];
        const dy = y[j] - y[i];
        if (dx > range || dx < -range || dy > range || dy < -range) continue;
        const distance = dx * dx + dy * dy;
        if ((enemies >> role[j]) & 1) {
          seen.enemies++;
          if (distance < d1) {
            d2 = d1;
            seen.enemy2 = seen.enemy1;
            d1 = distance;
            seen.enemy1 = j;
          } else if (distance < d2) {
            d2 = distance;
            seen.enemy2 = j;
          }
        } else {
          seen.friends++;
          if (distance < df) {
            df = distance;
            seen.friend = j;
          }
        }
      }
    }
  }
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

function friend(world: World, i: number, j: number, out: Uint8Array, at: number): void {
  if (j < 0) {
    out[at] = out[at + 1] = 64;
    out[at + 2] = out[at + 3] = 0;
    return;
  }
  const dx = world.x[j] - world.x[i];
  const dy = world.y[j] - world.y[i];
  out[at] = 64 + clamp(dx >> 4, 63);
  out[at + 1] = 64 + clamp(dy >> 4, 63);
  out[at + 2] = nearness(dx, dy);
  out[at + 3] = ((world.fruit[j] + world.crystal[j]) * 127) / (BALANCE.carry * 2);
}

/** What the nearest enemy did lately: the part of the observation that lets one brain play each opponent differently. */
function habits(world: World, j: number, out: Uint8Array, at: number): void {
  if (j < 0) {
    out.fill(0, at, at + 4);
    return;
  }
  out[at] = world.habitStrike[j] >> 8;
  out[at + 1] = world.habitGather[j] >> 8;
  out[at + 2] = world.habitGuard[j] >> 8;
  out[at + 3] = world.habitGive[j] >> 8;
}
