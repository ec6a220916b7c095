import { FORAGER, RAIDER } from '#shared/world/balance.ts';

/** Pictures of the looks a player chooses from, in the order of their numbers. */
export const PLAYER_LOOKS = ['cat', 'panda', 'frog', 'bear', 'dog', 'koala', 'tiger', 'lion'] as const;
const FORAGERS = ['rabbit', 'mouse', 'hamster'];
const RAIDERS = ['fox', 'wolf', 'raccoon'];

const NAMES: Record<number, string[]> = {
  [FORAGER]: [
    'Clover',
    'Bramble',
    'Fennel',
    'Hazel',
    'Nutmeg',
    'Sorrel',
    'Thistle',
    'Willow',
    'Pip',
    'Tansy',
    'Moss',
    'Juniper',
  ],
  [RAIDER]: [
    'Rook',
    'Slate',
    'Ember',
    'Fang',
    'Grim',
    'Vex',
    'Ash',
    'Snarl',
    'Crow',
    'Flint',
    'Scar',
    'Onyx',
  ],
};

/** The picture of an inhabitant: a player's own choice, an NPC's by who it is. */
export const lookOf = (role: number, tag: number, chosen: number | undefined): string =>
  role === RAIDER ? RAIDERS[tag % 3] : role === FORAGER ? FORAGERS[tag % 3] : PLAYER_LOOKS[chosen ?? tag % 8];

/** What an NPC is called; the same one is always called alike. */
export const npcName = (role: number, tag: number): string => {
  const names = NAMES[role] ?? NAMES[FORAGER];
  return names[(tag * 7) % names.length];
};
