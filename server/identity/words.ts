/** Words that names of guests are put together from. */
const FIRST = [
  'Amber',
  'Brave',
  'Bright',
  'Calm',
  'Clever',
  'Cosy',
  'Dewy',
  'Eager',
  'Fern',
  'Gentle',
  'Golden',
  'Happy',
  'Hazel',
  'Honey',
  'Ivory',
  'Jolly',
  'Kind',
  'Lively',
  'Lucky',
  'Maple',
  'Merry',
  'Misty',
  'Mossy',
  'Nimble',
  'Olive',
  'Pebble',
  'Plucky',
  'Quiet',
  'Rosy',
  'Rusty',
  'Sandy',
  'Silver',
  'Snowy',
  'Sunny',
  'Swift',
  'Tidy',
  'Velvet',
  'Warm',
  'Wild',
  'Witty',
]; // prettier-ignore
const SECOND = [
  'Acorn',
  'Badger',
  'Bee',
  'Birch',
  'Brook',
  'Clover',
  'Comet',
  'Daisy',
  'Dove',
  'Ember',
  'Fawn',
  'Finch',
  'Fox',
  'Heron',
  'Hill',
  'Lark',
  'Lily',
  'Lynx',
  'Meadow',
  'Moth',
  'Newt',
  'Oak',
  'Otter',
  'Owl',
  'Pine',
  'Plum',
  'Raven',
  'Reed',
  'River',
  'Robin',
  'Sparrow',
  'Spruce',
  'Star',
  'Stone',
  'Swan',
  'Thistle',
  'Vole',
  'Willow',
  'Wren',
  'Yarrow',
]; // prettier-ignore

/** A friendly name of two words. @param random gives whole numbers below its argument */
export function friendlyName(random: (below: number) => number): string {
  return `${FIRST[random(FIRST.length)]} ${SECOND[random(SECOND.length)]}`;
}

/** Stems of words that nobody has to meet in a name, matched in what is left of it without marks and digits. */
const UNWANTED = [
  'fuck',
  'shit',
  'nigger',
  'nigga',
  'faggot',
  'retard',
  'whore',
  'slut',
  'rapist',
  'hitler',
  'nazi',
  'kike',
  'bitch',
  'wichser',
  'fotze',
  'hurensohn',
  'pute',
  'salope',
  'puta',
  'maricon',
]; // prettier-ignore
/** Stems that are part of harmless words, so only whole words count. */
const UNWANTED_WORDS = [
  'cunt',
  'ass',
  'cock',
  'dick',
  'rape',
  'arse',
  'tit',
  'tits',
  'anus',
  'cum',
  'admin',
  'moderator',
];

const LOOKALIKES: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
};

/** Whether a name or a line holds a word that is not wanted; lookalike digits and accents hide none. */
export function isUnwanted(text: string): boolean {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[0134578]/g, (digit) => LOOKALIKES[digit]);
  const joined = plain.replace(/[^\p{L}]/gu, '');
  if (UNWANTED.some((stem) => joined.includes(stem))) return true;
  return plain.split(/[^\p{L}]+/u).some((word) => UNWANTED_WORDS.includes(word));
}

/** A line of chat with unwanted words starred out. */
export function tidy(text: string): string {
  return text.replace(/[\p{L}\p{N}\p{M}]+/gu, (word) => (isUnwanted(word) ? '*'.repeat(word.length) : word));
}
