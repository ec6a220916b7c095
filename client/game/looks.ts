import { FORAGER, GUARDIAN, RAIDER, TRADER } from '#shared/world/balance.ts';

/** Pictures of the looks a player chooses from, in the order of their numbers. */
export const PLAYER_LOOKS = ['cat', 'panda', 'frog', 'bear', 'dog', 'koala', 'tiger', 'lion'] as const;
/** Pictures of NPCs by role; which one it is goes by who it is. */
const LOOKS: Record<number, readonly string[]> = {
  [FORAGER]: ['rabbit', 'mouse', 'hamster'],
  [RAIDER]: ['fox', 'wolf', 'raccoon'],
  [GUARDIAN]: ['boar', 'horse'],
  [TRADER]: ['monkey', 'pig'],
};

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
  [GUARDIAN]: [
    'Bastion',
    'Oakheart',
    'Rampart',
    'Holt',
    'Warden',
    'Brand',
    'Aegis',
    'Stark',
    'Tor',
    'Halberd',
  ],
  [TRADER]: [
    'Penny',
    'Barter',
    'Guilder',
    'Ducat',
    'Florin',
    'Tally',
    'Scales',
    'Mercer',
    'Saffron',
    'Copper',
  ],
};

/** The picture of an inhabitant: a player's own choice, an NPC's by who it is. */
export const lookOf = (role: number, tag: number, chosen: number | undefined): string =>
  LOOKS[role]?.[tag % LOOKS[role].length] ?? PLAYER_LOOKS[chosen ?? tag % 8];

/** The colour of a role, as names and the small map show it. */
export const ROLE_COLOURS: readonly string[] = ['#74c8ff', '#c9f08a', '#f4514a', '#c3d2e4', '#d9a0ff'];

/** What an NPC is called; the same one is always called alike. */
export const npcName = (role: number, tag: number): string => {
  const names = NAMES[role] ?? NAMES[FORAGER];
  return names[(tag * 7) % names.length];
};
