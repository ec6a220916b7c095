import { DEAL, TRADE } from '../actions.ts';
import { BALANCE, CRYSTAL, FRUIT } from '../balance.ts';
import { EVENT } from '../events.ts';
import { stallInReach } from '../sense.ts';
import { HEADER, type World } from '../world.ts';

/** One good changes hands at the stall in reach, for coins. */
export function trade(world: World, i: number): void {
  const stall = stallInReach(world, i);
  const deal = stall < 0 ? -1 : dealOf(world, i, stall);
  if (deal < 0) return;
  const kind = deal === DEAL.buyFruit || deal === DEAL.sellFruit ? FRUIT : CRYSTAL;
  const buys = deal === DEAL.buyFruit || deal === DEAL.buyCrystal;
  const price = buys ? buyingPrice(world, stall, kind) : sellingPrice(world, stall, kind);
  const by = buys ? 1 : -1;
  world.stock[stall * 2 + kind] -= by;
  world.goods(kind)[i] += by;
  world.coins[i] -= by * price;
  world.header[buys ? HEADER.broughtIn + kind : HEADER.takenAway + kind]++;
  world.header[buys ? HEADER.coinsOut : HEADER.coinsIn] += price;
  world.cooldown[i] = BALANCE.tradeCooldown;
  world.events.push(buys ? EVENT.bought : EVENT.sold, i, stall, kind);
  world.events.push(EVENT.paid, i, buys ? 0 : 1, price);
}

/** What a stall asks for one more of a kind: 9 coins when it is empty, 1 when it is full. */
export function buyingPrice(world: World, stall: number, kind: number): number {
  return priceAt(world.stock[stall * 2 + kind]);
}

/** What a stall gives for one more: what it will ask for it then, so that nobody gains by going back and forth. */
export function sellingPrice(world: World, stall: number, kind: number): number {
  return priceAt(world.stock[stall * 2 + kind] + 1);
}

function priceAt(stock: number): number {
  return BALANCE.priceMax - ((((BALANCE.priceMax - 1) * stock) / BALANCE.stallMax) | 0);
}

/** The deal that agent `i` makes at a stall by its intent's argument (see DEAL), or -1: there is none to be made. */
export function dealOf(world: World, i: number, stall: number): number {
  if (world.cooldown[i] > 0 || world.windup[i] > 0) return -1;
  const wish = world.intent[i] === TRADE ? world.intentArg[i] : DEAL.best;
  if (wish !== DEAL.best) return canDeal(world, i, stall, wish) ? wish : -1;
  const sellFruit = world.fruit[i] > BALANCE.provisions ? sellingPrice(world, stall, FRUIT) : 0;
  const sellCrystal = world.crystal[i] > 0 ? sellingPrice(world, stall, CRYSTAL) : 0;
  if (
    sellCrystal >= BALANCE.fairPrice &&
    sellCrystal >= sellFruit &&
    canDeal(world, i, stall, DEAL.sellCrystal)
  )
    return DEAL.sellCrystal;
  if (sellFruit >= BALANCE.fairPrice && canDeal(world, i, stall, DEAL.sellFruit)) return DEAL.sellFruit;
  const fruit = buyingPrice(world, stall, FRUIT);
  const crystal = buyingPrice(world, stall, CRYSTAL);
  if (crystal < BALANCE.fairPrice && crystal <= fruit && canDeal(world, i, stall, DEAL.buyCrystal))
    return DEAL.buyCrystal;
  if (fruit < BALANCE.fairPrice && canDeal(world, i, stall, DEAL.buyFruit)) return DEAL.buyFruit;
  if (crystal < BALANCE.fairPrice && canDeal(world, i, stall, DEAL.buyCrystal)) return DEAL.buyCrystal;
  return -1;
}

function canDeal(world: World, i: number, stall: number, deal: number): boolean {
  const kind = deal === DEAL.buyFruit || deal === DEAL.sellFruit ? FRUIT : CRYSTAL;
  const stock = world.stock[stall * 2 + kind];
  const goods = world.goods(kind)[i];
  if (deal === DEAL.buyFruit || deal === DEAL.buyCrystal)
    return stock > 0 && goods < BALANCE.carry && world.coins[i] >= buyingPrice(world, stall, kind);
  return (
    goods > 0 &&
    stock < BALANCE.stallMax &&
    world.coins[i] + sellingPrice(world, stall, kind) <= BALANCE.coinsMax
  );
}
