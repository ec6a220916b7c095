/** Solid things of the map: their footprint in tiles. Pictures are drawn in `art-objects.ts`. */
export const OBJECTS = {
  oak: { w: 1, h: 1 },
  'oak-round': { w: 1, h: 1 },
  birch: { w: 1, h: 1 },
  pine: { w: 1, h: 1 },
  'pine-tall': { w: 1, h: 1 },
  bush: { w: 1, h: 1 },
  hedge: { w: 1, h: 1 },
  rock: { w: 1, h: 1 },
  'rock-small': { w: 1, h: 1 },
  cactus: { w: 1, h: 1 },
  reeds: { w: 1, h: 1 },
  stump: { w: 1, h: 1 },
  crate: { w: 1, h: 1 },
  barrel: { w: 1, h: 1 },
  lamp: { w: 1, h: 1 },
  palisade: { w: 1, h: 1 },
  toadstool: { w: 1, h: 1 },
  totem: { w: 1, h: 1 },
  campfire: { w: 1, h: 1 },
  well: { w: 1, h: 1 },
  hut: { w: 2, h: 2 },
  tent: { w: 2, h: 2 },
  'house-red': { w: 3, h: 2 },
  'house-blue': { w: 3, h: 2 },
  'house-straw': { w: 3, h: 2 },
} as const;

export type ObjectName = keyof typeof OBJECTS;
export const OBJECT_NAMES = Object.keys(OBJECTS) as ObjectName[];

/** Things of the decor layer; they carry no rule. Flowers grow in three arrangements, so that no grid is seen. */
export const FLOWERS = ['flower-white', 'flower-pink', 'flower-yellow', 'flower-violet'] as const;
export const ARRANGEMENTS = ['', '-b', '-c'] as const;
export const DECOR: readonly string[] = [
  ...FLOWERS.flatMap((f) => ARRANGEMENTS.map((a) => `${f}${a}`)),
  'tuft',
  'tuft-2',
  'clover',
  'mushroom',
  'pebbles',
  'shell',
  'lily',
];
