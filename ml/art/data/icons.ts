/**
 * Which pictures of `@iconify-json/fluent-emoji-flat` (Microsoft's Fluent Emoji, MIT licence) are the creatures that
 * the art models learn from. A creature is one icon, with its face alone for the sprout where the set has that too.
 */
export interface Creature {
  /** The icon's name in the set. */
  readonly icon: string;
  /** The same animal's face, seen from the front. */
  readonly face?: string;
  /** The icon has no face of its own: one is painted on. */
  readonly faceless?: boolean;
}

const pairs = [
  ['cat', 'cat-face'],
  ['cow', 'cow-face'],
  ['dog', 'dog-face'],
  ['dragon', 'dragon-face'],
  ['horse', 'horse-face'],
  ['monkey', 'monkey-face'],
  ['mouse', 'mouse-face'],
  ['pig', 'pig-face'],
  ['rabbit', 'rabbit-face'],
  ['tiger', 'tiger-face'],
  ['front-facing-baby-chick', 'hatching-chick'],
] as const;

const alone = `baby-chick badger bat bear beaver beetle bird bison black-cat blackbird blowfish boar bug camel chicken
chipmunk cricket crocodile deer dodo dolphin donkey duck eagle elephant ewe fish flamingo fox frog giraffe goat goose
gorilla guide-dog hamster hedgehog hippopotamus honeybee jellyfish kangaroo koala lady-beetle leopard lion lizard llama
mammoth moose octopus orangutan otter owl ox panda parrot peacock penguin phoenix-bird polar-bear poodle raccoon ram rat
rhinoceros rooster sauropod seal shark skunk sloth snail snake spider spouting-whale swan t-rex tropical-fish turkey
turtle two-hump-camel unicorn water-buffalo whale wolf zebra alien alien-monster ghost goblin ogre robot skull
pile-of-poo snowman-without-snow sun-with-face full-moon-face new-moon-face jack-o-lantern teddy-bear crab lobster
squid shrimp ant butterfly service-dog cat-face dog-face cow-face mouse-face pig-face rabbit-face tiger-face
monkey-face dragon-face hatching-chick smiling-cat-with-heart-eyes grinning-cat pouting-cat`;

const painted = `blossom cactus cherry-blossom coral deciduous-tree evergreen-tree four-leaf-clover hibiscus lotus
maple-leaf microbe potted-plant rosette sunflower tulip rose cloud droplet fire glowing-star star crescent-moon rock
gem-stone mushroom brown-mushroom carrot eggplant strawberry red-apple pear pineapple peach lemon tangerine cherries
avocado broccoli onion garlic chestnut bell-pepper hot-pepper cupcake red-heart volcano bomb bell potato tomato melon
olive seedling spiral-shell oyster`;

const names = (list: string) => list.split(/\s+/);

export const CREATURES: readonly Creature[] = [
  ...pairs.map(([icon, face]) => ({ icon, face })),
  ...names(alone).map((icon) => ({ icon })),
  ...names(painted).map((icon) => ({ icon, faceless: true })),
];

/** What must not be torn apart between training and held-out pictures: icons of one animal, or nearly one. */
const KIN: Readonly<Record<string, string>> = {
  'cat-face': 'cat',
  'grinning-cat': 'cat',
  'pouting-cat': 'cat',
  'smiling-cat-with-heart-eyes': 'cat',
  'black-cat': 'cat',
  'dog-face': 'dog',
  'guide-dog': 'dog',
  'service-dog': 'dog',
  'cow-face': 'cow',
  'mouse-face': 'mouse',
  'pig-face': 'pig',
  'rabbit-face': 'rabbit',
  'tiger-face': 'tiger',
  'monkey-face': 'monkey',
  'dragon-face': 'dragon',
  'hatching-chick': 'front-facing-baby-chick',
  'baby-chick': 'front-facing-baby-chick',
  'two-hump-camel': 'camel',
  'spouting-whale': 'whale',
  'polar-bear': 'bear',
  'full-moon-face': 'moon',
  'new-moon-face': 'moon',
  mushroom: 'mushroom',
  'brown-mushroom': 'mushroom',
  'glowing-star': 'star',
  'water-buffalo': 'ox',
  bison: 'ox',
};

/** The name of a creature's kin: creatures of one kin lie on the same side of the split. */
export function kinOf({ icon }: Creature): string {
  return KIN[icon] ?? icon;
}
