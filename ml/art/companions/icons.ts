/**
 * Which pictures of Fluent Emoji (Microsoft, MIT, by way of `@iconify-json/fluent-emoji-flat`) companions are made of:
 * those that look straight at one. `head`: a head, which gets the grammar's bodies; `whole`: a creature, plant or thing
 * that becomes one creature with feet and arms. `eyes`: row and distance from the middle, in parts of the picture's own
 * height and width, where they cannot be found in it.
 */
export interface Icon {
  readonly name: string;
  readonly kind: 'head' | 'whole';
  readonly eyes?: readonly [number, number];
  /** No feet and arms of ours: it has its own. */
  readonly limbs?: false;
}

const heads = [
  'cat-face',
  'dog-face',
  'monkey-face',
  'mouse-face',
  'pig-face',
  'rabbit-face',
  'tiger-face',
  'bear',
  'polar-bear',
  'panda',
  'fox',
  'wolf',
  'lion',
  'raccoon',
  'frog',
  'hamster',
];

/** Never learnt from: pictures of the same kind to judge a model by. */
export const HELD_OUT: readonly string[] = [
  'cow-face',
  'koala',
  'alien',
  'ogre',
  'hatching-chick',
  'crab',
  'squid',
  'orangutan',
  'brown-mushroom',
  'bell-pepper',
  'full-moon',
  'robot',
  'alien-monster',
  'avocado',
  'potted-plant',
];

export const ICONS: readonly Icon[] = [
  ...heads.map((name): Icon => ({ name, kind: 'head' })),
  { name: 'owl', kind: 'whole' },
  { name: 'penguin', kind: 'whole' },
  { name: 'teddy-bear', kind: 'whole', limbs: false },
  { name: 'ghost', kind: 'whole', eyes: [0.36, 0.2] },
  { name: 'octopus', kind: 'whole', eyes: [0.56, 0.24], limbs: false },
  { name: 'mushroom', kind: 'whole', eyes: [0.68, 0.13] },
  { name: 'jack-o-lantern', kind: 'whole', eyes: [0.55, 0.2] },
  { name: 'front-facing-baby-chick', kind: 'whole', limbs: false },
  { name: 'beetle', kind: 'whole', eyes: [0.42, 0.16], limbs: false },
  { name: 'lady-beetle', kind: 'whole', eyes: [0.34, 0.16], limbs: false },
  { name: 'jellyfish', kind: 'whole', eyes: [0.34, 0.17], limbs: false },
  { name: 'tulip', kind: 'whole', eyes: [0.34, 0.16] },
  { name: 'sunflower', kind: 'whole', eyes: [0.3, 0.13] },
  { name: 'blossom', kind: 'whole', eyes: [0.32, 0.12] },
  { name: 'evergreen-tree', kind: 'whole', eyes: [0.58, 0.18] },
  { name: 'deciduous-tree', kind: 'whole', eyes: [0.4, 0.2] },
  { name: 'strawberry', kind: 'whole', eyes: [0.5, 0.18] },
  { name: 'tangerine', kind: 'whole', eyes: [0.54, 0.2] },
  { name: 'red-apple', kind: 'whole', eyes: [0.52, 0.2] },
  { name: 'pear', kind: 'whole', eyes: [0.56, 0.17] },
  { name: 'peach', kind: 'whole', eyes: [0.54, 0.2] },
  { name: 'tomato', kind: 'whole', eyes: [0.56, 0.2] },
  { name: 'chestnut', kind: 'whole', eyes: [0.56, 0.2] },
  { name: 'garlic', kind: 'whole', eyes: [0.6, 0.2] },
  { name: 'onion', kind: 'whole', eyes: [0.58, 0.2] },
  { name: 'skull', kind: 'whole' },
  { name: 'gem-stone', kind: 'whole', eyes: [0.4, 0.18] },
  { name: 'star', kind: 'whole', eyes: [0.5, 0.16] },
  { name: 'fire', kind: 'whole', eyes: [0.62, 0.17] },
  { name: 'droplet', kind: 'whole', eyes: [0.62, 0.2] },
  { name: 'cloud', kind: 'whole', eyes: [0.55, 0.2] },
  { name: 'sun-with-face', kind: 'whole', eyes: [0.5, 0.17] },
  { name: 'new-moon-face', kind: 'whole', eyes: [0.5, 0.2] },
  { name: 'cherry-blossom', kind: 'whole', eyes: [0.5, 0.15] },
  { name: 'lotus', kind: 'whole', eyes: [0.55, 0.15] },
  { name: 'eggplant', kind: 'whole', eyes: [0.62, 0.15] },
];
