import { WAIT } from './actions.ts';
import {
  BALANCE,
  CRYSTAL,
  DEED,
  ENDURED_TICKS,
  FRUIT,
  HOME_OF,
  RAIDER,
  TILE,
  TONE_EFFECT,
  TRADER,
  WANDERER,
} from './balance.ts';
import { EVENT } from './events.ts';
import { fadeHabits } from './habits.ts';
import { INPUT, Inputs } from './inputs.ts';
import { coolPlaces, fadeMemory, heatUp, remember } from './memory.ts';
import { fadeRenown } from './renown.ts';
import { randomBelow } from './rng.ts';
import { isHome } from './sense.ts';
import { regrowTicks } from './verbs/gather.ts';
import { VERBS } from './verbs/index.ts';
import { fall, landBlow } from './verbs/strike.ts';
import {
  AGENT_FIELDS,
  ALIVE,
  DOWN,
  EMPTY,
  HEADER,
  MEMORY_FIELDS,
  MEMORY_SLOTS,
  type World,
} from './world.ts';

/**
 * Moves the world by one tick (50 ms). Inputs are applied in their order; what is no input (see `Inputs.fault`) or
 * does not fit the state is passed over. What happened stands in `world.events`.
 */
export function step(world: World, inputs: Inputs): void {
  world.events.clear();
  for (let i = 0; i < inputs.count; i++) applyInput(world, inputs.at(i));
  world.grid.build(world.status, ALIVE, world.x, world.y);
  const { capacity, tick, status } = world;
  // Who acts first changes from tick to tick, so that no place in the list is an advantage.
  const start = tick % capacity;
  for (let k = 0; k < capacity; k++) {
    const i = start + k < capacity ? start + k : start + k - capacity;
    if (status[i] === ALIVE) act(world, i);
    else if (status[i] === DOWN && --world.timer[i] <= 0) comeBack(world, i);
  }
  for (let i = 0; i < capacity; i++) if (status[i] === ALIVE) live(world, i, tick + i);
  grow(world);
  if (tick % BALANCE.habitEvery === 0) coolPlaces(world);
  if (tick % BALANCE.stallEvery === 0) supply(world, tick);
  world.header[HEADER.tick] = (tick + 1) | 0;
}

function applyInput(world: World, words: Int32Array): void {
  if (Inputs.fault(words, world.capacity)) return;
  const agent = words[1];
  if (words[0] === INPUT.act) {
    if (world.status[agent] !== ALIVE) return;
    if (world.intent[agent] !== words[2]) world.gathering[agent] = 0;
    world.intent[agent] = words[2];
    world.intentArg[agent] = words[3];
  } else if (words[0] === INPUT.speak) speak(world, agent, words[2], words[3]);
  else if (words[0] === INPUT.join) join(world, words);
  else leave(world, agent);
}

/** What one says changes what an NPC remembers of the speaker, where it hears it; nothing else. */
function speak(world: World, i: number, target: number, tone: number): void {
  if (world.status[i] !== ALIVE || world.status[target] !== ALIVE || world.voice[i] > 0) return;
  const dx = world.x[target] - world.x[i];
  const dy = world.y[target] - world.y[i];
  if (dx * dx + dy * dy > BALANCE.hearing * BALANCE.hearing) return;
  world.voice[i] = BALANCE.voiceCooldown;
  const [harm, kind] = TONE_EFFECT[tone];
  if (harm !== 0) remember(world, target, i, 'harm', harm);
  if (kind !== 0) remember(world, target, i, 'kind', kind);
  world.events.push(EVENT.spoke, i, target, tone);
}

function join(world: World, words: Int32Array): void {
  const agent = words[1];
  if (world.status[agent] !== EMPTY) return;
  world.role[agent] = words[2];
  world.tag[agent] = words[3];
  world.fruit[agent] = words[4];
  world.crystal[agent] = words[5];
  world.bankedFruit[agent] = words[6];
  world.bankedCrystal[agent] = words[7];
  world.coins[agent] = words[2] === TRADER && words[8] === 0 ? BALANCE.traderCoins : words[8];
  world.header[HEADER.coinsIn] += world.coins[agent];
  world.header[HEADER.broughtIn + FRUIT] += words[4] + words[6];
  world.header[HEADER.broughtIn + CRYSTAL] += words[5] + words[7];
  appear(world, agent);
  world.events.push(EVENT.joined, agent, -1, 0);
}

function leave(world: World, agent: number): void {
  if (world.status[agent] === EMPTY) return;
  world.header[HEADER.takenAway + FRUIT] += world.fruit[agent] + world.bankedFruit[agent];
  world.header[HEADER.takenAway + CRYSTAL] += world.crystal[agent] + world.bankedCrystal[agent];
  world.header[HEADER.coinsOut] += world.coins[agent];
  if (world.header[HEADER.wanted] === agent + 1) world.header[HEADER.wanted] = 0;
  for (const field of AGENT_FIELDS) world[field][agent] = 0;
  for (const field of MEMORY_FIELDS) world[field].fill(0, agent * MEMORY_SLOTS, (agent + 1) * MEMORY_SLOTS);
  world.events.push(EVENT.left, agent, -1, 0);
}

/** Stands at home, whole and for a while unharmed. */
function appear(world: World, i: number): void {
  const { terrain, header } = world;
  const camp = terrain.camps[HOME_OF[world.role[i]]];
  const span = (camp.radius * 2) >> 8;
  world.x[i] = camp.x;
  world.y[i] = camp.y;
  for (let attempt = 0; attempt < 8; attempt++) {
    const x =
      (((camp.x - camp.radius) >> 8) + randomBelow(header, HEADER.random, span + 1)) * TILE + TILE / 2;
    const y =
      (((camp.y - camp.radius) >> 8) + randomBelow(header, HEADER.random, span + 1)) * TILE + TILE / 2;
    const far = (x - camp.x) * (x - camp.x) + (y - camp.y) * (y - camp.y) > camp.radius * camp.radius;
    if (far || terrain.blocked[(y >> 8) * terrain.width + (x >> 8)]) continue;
    world.x[i] = x;
    world.y[i] = y;
    break;
  }
  world.status[i] = ALIVE;
  world.health[i] = BALANCE.health;
  world.stamina[i] = BALANCE.stamina;
  world.shield[i] = BALANCE.shieldTicks;
  world.facing[i] = 2;
  world.timer[i] = world.hurt[i] = 0;
}

function comeBack(world: World, i: number): void {
  world.hunger[i] = Math.min(world.hunger[i], BALANCE.eatAt - 10);
  appear(world, i);
  world.events.push(EVENT.returned, i, -1, 0);
}

function act(world: World, i: number): void {
  world.guarding[i] = 0;
  if (world.cooldown[i] > 0) world.cooldown[i]--;
  if (world.shield[i] > 0) world.shield[i]--;
  if (world.hurt[i] > 0) world.hurt[i]--;
  if (world.voice[i] > 0) world.voice[i]--;
  if (world.windup[i] > 0 && --world.windup[i] === 0) landBlow(world, i);
  if (world.intent[i] !== WAIT) VERBS[world.intent[i]](world, i);
}

/** Needs of the body, and what is done at home without thinking. `phase` spreads them over the ticks. */
function live(world: World, i: number, phase: number): void {
  const home = phase % BALANCE.homeEvery === 0 && isHome(world, i);
  if (phase % BALANCE.staminaEvery === 0 && world.stamina[i] < BALANCE.stamina && !world.guarding[i])
    world.stamina[i]++;
  if (phase % BALANCE.hungerEvery === 0 && world.hunger[i] < BALANCE.hungerMax) world.hunger[i]++;
  if (world.hunger[i] >= BALANCE.eatAt) eat(world, i, home);
  const heals = world.health[i] < BALANCE.health && world.hunger[i] < BALANCE.hungerHealLimit;
  if (heals && (home || phase % BALANCE.healEvery === 0)) world.health[i]++;
  if (home && world.role[i] !== TRADER) bring(world, i);
  if (phase % BALANCE.habitEvery === 0) {
    fadeHabits(world, i);
    if (world.role[i] === WANDERER) fadeRenown(world, i);
    else fadeMemory(world, i);
    if (world.role[i] !== RAIDER && world.fruit[i] + world.crystal[i] >= BALANCE.heatGoods)
      heatUp(world, i, 0, BALANCE.heatCarry);
  }
  if (++world.endured[i] >= ENDURED_TICKS) {
    world.endured[i] = 0;
    world.events.push(EVENT.deed, i, DEED.endured, 1);
  }
  if (world.hunger[i] >= BALANCE.hungerMax && phase % BALANCE.starveEvery === 0) starve(world, i);
}

function eat(world: World, i: number, home: boolean): void {
  if (world.fruit[i] > 0) world.fruit[i]--;
  else if (home && world.bankedFruit[i] > 0) world.bankedFruit[i]--;
  else return;
  world.header[HEADER.eaten + FRUIT]++;
  world.hunger[i] = Math.max(0, world.hunger[i] - BALANCE.fruitFeeds);
  world.events.push(EVENT.ate, i, -1, 0);
}

/** At home, what is carried beyond provisions goes to the store, one piece at a time. Traders keep theirs to sell. */
function bring(world: World, i: number): void {
  const kind = world.crystal[i] > 0 ? CRYSTAL : world.fruit[i] > BALANCE.provisions ? FRUIT : -1;
  if (kind < 0) return;
  world.goods(kind)[i]--;
  world.banked(kind)[i]++;
  world.events.push(EVENT.banked, i, -1, kind);
  world.events.push(EVENT.deed, i, DEED.banked, 1);
}

function starve(world: World, i: number): void {
  world.health[i]--;
  world.events.push(EVENT.starved, i, -1, 1);
  if (world.health[i] > 0) return;
  world.events.push(EVENT.down, -1, i, 0);
  fall(world, i);
}

function grow(world: World): void {
  const { nodeTimer, nodeAmount, terrain } = world;
  for (let n = 0; n < nodeTimer.length; n++) {
    if (nodeTimer[n] === 0 || --nodeTimer[n] > 0) continue;
    const kind = terrain.nodeKind[n];
    nodeAmount[n]++;
    if (nodeAmount[n] < BALANCE.nodeMax[kind]) nodeTimer[n] = regrowTicks(world, kind);
  }
}

/** Stalls are supplied and eaten from: their stock moves towards what the place has of itself, which itself changes. */
function supply(world: World, tick: number): void {
  const { stock, want, terrain, header } = world;
  for (let k = 0; k < stock.length; k++) {
    if (tick % BALANCE.wantEvery === 0) {
      const jitter = randomBelow(header, HEADER.random, BALANCE.wantJitter) - (BALANCE.wantJitter >> 1);
      want[k] = Math.max(0, Math.min(BALANCE.stallMax, terrain.stalls[k >> 1].base[k & 1] + jitter));
    }
    if (stock[k] < want[k]) stock[k]++;
    else if (stock[k] > want[k]) stock[k]--;
  }
}
