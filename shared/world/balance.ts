/**
 * Every number of the rules, in one place. Lengths are in 1/256 tile, times in ticks of 50 ms, unless a line
 * says otherwise. Changing one changes every world's hash: `balance.golden.test.ts` holds what they do.
 */
export const TILE = 256;
export const TICKS_PER_SECOND = 20;
export const EPOCH_TICKS = 600;
/** A day of the world: ten minutes. */
export const DAY_TICKS = 12_000;
/** NPCs decide once in this many ticks; an intent stands until the next. */
export const DECISION_TICKS = 4;

export const BALANCE = {
  /** Half the side of the square that must stay out of walls. */
  bodyHalf: 72,
  /** Speed per tick on grass, sand, path. */
  speed: [38, 28, 46],
  /** A step along a diagonal, in 1/256 of a straight one. */
  diagonal: 181,

  health: 100,
  stamina: 100,
  hungerMax: 100,
  /** Ticks for one point of hunger; of stamina; of health. */
  hungerEvery: 48,
  staminaEvery: 3,
  healEvery: 24,
  /** What home does (healing, storing one piece, feeding from the store) happens once in so many ticks. */
  homeEvery: 4,
  /** Above this hunger nothing heals. */
  hungerHealLimit: 75,
  /** A starving body loses one health in this many ticks. */
  starveEvery: 20,
  /** One eats by oneself from this hunger on, and one fruit takes away so much. */
  eatAt: 50,
  fruitFeeds: 35,

  /** How many fruit, and how many crystals, one can carry. */
  carry: 12,
  /** Fruit that is kept for the way when the rest is brought home. */
  provisions: 3,

  /** How far a blow, a gathering hand and a gift reach. */
  strikeReach: 360,
  gatherReach: 332,
  giveReach: 512,
  /** Ticks between the start of a blow and its landing: time to see it and raise a guard, for people and for NPCs,
   * who decide every four ticks. */
  windup: 6,
  strikeCooldown: 14,
  strikeStamina: 10,
  /** Health that a blow takes, by the striker's role: people and guards hit harder than those who live here. */
  strikeDamage: [16, 8, 8, 14, 8],
  /** A blow caught on a guard: what it costs the guard, and how long the striker reels. */
  guardStamina: 8,
  staggerCooldown: 28,
  /** Holding a guard costs one stamina in this many ticks; below this much it cannot be raised. */
  guardEvery: 2,
  guardMinimum: 5,

  gatherTicks: 12,
  giveCooldown: 8,

  /** How near one must be to a stall, and the ticks between two deals. */
  tradeReach: 640,
  tradeCooldown: 6,
  /** What a stall can hold of each kind; prices lie between 1 and 9 coins, the fair one is what a half-full stall asks. */
  stallMax: 24,
  priceMax: 9,
  fairPrice: 5,
  /** A stall's stock moves by one towards what the place has of itself in so many ticks; that changes every so often by up to
   * half of `wantJitter` either way. */
  stallEvery: 160,
  wantEvery: 2400,
  wantJitter: 9,
  coinsMax: 9999,
  /** What traders set out with. */
  traderCoins: 24,

  /** One is heard within this distance; ticks between two sentences. */
  hearing: 6 * TILE,
  voiceCooldown: 40,

  /** What a place of fruit / crystal holds at most; ticks for one to grow again (plus a random part). */
  nodeMax: [3, 4],
  regrow: [300, 500],
  regrowJitter: [200, 300],

  /** From being brought down to returning at home, and how long nobody can hurt one then. */
  downTicks: 80,
  shieldTicks: 100,

  /** One sees others within this square; habits fade by 1/768 every so many ticks (a half-life of nine minutes) and are raised by a deed. */
  sight: 12 * TILE,
  habitEvery: 20,
  habitFade: 768,
  habitRaise: 512,
  /** What an NPC remembers of a player fades by 1/256 every so many ticks: a half-life of three minutes. */
  memoryFade: 256,
  /** What a wound, a loss, a caught blow, a gift and a theft of one's own add to that memory. */
  memory: { hit: 3072, robbed: 2048, ward: 4096, gift: 6144, loot: 3072 },
  /** The heat of a named place: what passing with at least so many goods adds in a second, what a loss there adds; fades by 1/128. */
  heatGoods: 3,
  heatCarry: 768,
  heatLoss: 3072,
  heatFade: 128,
  /** From this heat on one raider in four lies in wait there. */
  ambushFrom: 8192,
  /**
   * Infamy of players (renown.ts): what a theft from one whom guards serve adds, and a wound; what a gift to one takes away,
   * a blow against raiders and a good gathered. It fades by 1/192 every `habitEvery` ticks, a half-life of two minutes, so
   * that it tells how fast one robs. From `outlawFrom` on one is an outlaw, and below `outlawUntil` no longer.
   */
  infamy: { theft: 512, wound: 128, gift: 1024, service: 512, work: 256 },
  renownFade: 192,
  outlawFrom: 7168,
  outlawUntil: 1024,
  /** For so many ticks after a wrong guards look for its outlaw; how long one whom they bring down is kept from returning. */
  wantedTicks: 1200,
  stocksTicks: 400,
  /**
   * Prowess: what a wound dealt to a raider adds, and a caught blow; it fades as infamy does. When raiders dread one, and from
   * how near they see it before all others.
   */
  prowess: { wound: 768, ward: 512 },
  dreadFrom: 3072,
  dreadUntil: 512,
  dreadSight: 7 * TILE,
  /** Ticks a wound stays in mind (observation 61). */
  hurtMemory: 127,
} as const;

/** Roles of inhabitants. */
export const WANDERER = 0;
export const FORAGER = 1;
export const RAIDER = 2;
export const GUARDIAN = 3;
export const TRADER = 4;
export const ROLE_NAMES = ['wanderer', 'forager', 'raider', 'guard', 'trader'] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

/** ENEMIES[a] has bit b when role a may strike role b. Players cannot hurt one another. */
export const ENEMIES = Uint8Array.of(0b11110, 0b00101, 0b11011, 0b00101, 0b00101);

/** Camps, in the order of `Terrain.camps`; the camp that is home to a role. */
export const CAMP_NAMES = ['village', 'foragers', 'raiders'] as const;
export const HOME_OF = Uint8Array.of(0, 1, 2, 1, 0);
/**
 * Per role, where its members look for enemies when none is in sight, shared out by their number: three raiders in four
 * look for foragers, one for the village (so that newcomers meet raiders, not a siege); all others look for raiders.
 */
export const CAMPS_OF_ENEMIES: readonly (readonly number[])[] = [[2], [2], [1, 1, 1, 0], [2], [2]];

/** Kinds of goods. */
export const FRUIT = 0;
export const CRYSTAL = 1;

/** How a sentence was meant, as far as the rules care. Whoever understands it (server/dialogue) only proposes one of these. */
export const TONE_NAMES = [
  'none',
  'greeting',
  'trade',
  'threat',
  'plea',
  'question',
  'taunt',
  'thanks',
  'apology',
  'farewell',
] as const;
export type ToneName = (typeof TONE_NAMES)[number];
/** What a tone does to the hearer's memory of the speaker: [harm, kind]. */
export const TONE_EFFECT: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1024],
  [0, 512],
  [12288, 0],
  [-2048, 2048],
  [0, 256],
  [4096, 0],
  [-1024, 2048],
  [-8192, 1024],
  [0, 256],
];

/** The eight counters of deeds, in their order everywhere: world, database, programs, art. */
export const DEEDS = [
  'gathered',
  'banked',
  'struck',
  'defeated',
  'guarded',
  'given',
  'walked',
  'endured',
] as const;
export const DEED = {
  gathered: 0,
  banked: 1,
  struck: 2,
  defeated: 3,
  guarded: 4,
  given: 5,
  walked: 6,
  endured: 7,
};
/** One deed `walked` is so many tiles, one deed `endured` so many ticks. */
export const WALKED_TILES = 16;
export const ENDURED_TICKS = 1200;
