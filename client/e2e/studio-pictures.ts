import icons from '@iconify-json/fluent-emoji-flat/icons.json' with { type: 'json' };
import { Resvg } from '@resvg/resvg-js';

/** Files as a creator's folder holds them: pictures of creatures, and what is none. */

const CREATURES = [
  'fox',
  'frog',
  'octopus',
  'cat-face',
  'snail',
  'panda',
  'penguin',
  'whale',
  'owl',
  'bear',
  'ghost',
  'turtle',
  'rabbit-face',
  'crab',
  'butterfly',
  'koala',
  'tiger-face',
  'hedgehog',
  'hamster',
  'monkey-face',
  'chipmunk',
  'lion',
  'mouse-face',
  'dog-face',
] as const;

export interface FilePayload {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const svgOf = (name: keyof typeof icons.icons): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${icons.icons[name].body}</svg>`;

/** 24 PNGs, two SVGs among them left as they are. */
export const creatures = (): FilePayload[] =>
  CREATURES.map((name, i) => {
    const svg = svgOf(name);
    if (i < 2) return { name: `${name}.svg`, mimeType: 'image/svg+xml', buffer: Buffer.from(svg) };
    const png = new Resvg(svg, { fitTo: { mode: 'width', value: 64 } }).render().asPng();
    return { name: `${name}.png`, mimeType: 'image/png', buffer: Buffer.from(png) };
  });

/** Eight creatures in one picture: four columns, two rows, cells of 64 pixels. */
export function sheet(): FilePayload {
  const cells = CREATURES.slice(3, 11).map((name, i) => {
    const place = `${(i % 4) * 32} ${Math.floor(i / 4) * 32}`;
    return `<g transform="translate(${place})">${icons.icons[name].body}</g>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 64">${cells.join('')}</svg>`;
  const png = new Resvg(svg, { fitTo: { mode: 'width', value: 256 } }).render().asPng();
  return { name: 'sheet.png', mimeType: 'image/png', buffer: Buffer.from(png) };
}

/** What must not be taken, and what is said of it. */
export const others = (): (FilePayload & { why: string })[] => [
  {
    name: 'photo.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
    why: 'is a JPEG',
  },
  {
    name: 'evil.svg',
    mimeType: 'image/svg+xml',
    buffer: Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>globalThis.ran = true</script></svg>',
    ),
    why: 'holds a script',
  },
  { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello'), why: 'is no picture' },
];
