import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import { type ArtModel, drawSprite, type Sprite } from '#shared/art/index.ts';
import { write } from './letters.ts';

export const CARD_WIDTH = 1200;
export const CARD_HEIGHT = 630;
const pack = promisify(deflate);

/** What stands on a card: one creature in all its forms, or a few creatures side by side. */
export interface CardSource {
  title: string;
  line: string;
  /** Oldest first; the last one is drawn large. */
  forms: readonly { model: ArtModel; genome: Uint8Array; stage: number; branch: number }[];
}

/** Eight bits a pixel, colours added as they are met. */
class Sheet {
  readonly pixels = new Uint8Array(CARD_WIDTH * CARD_HEIGHT);
  readonly colours: number[] = [];
  private readonly known = new Map<number, number>();

  /** @param rgb 0xrrggbb; the 257th colour is drawn as the last */
  ink(rgb: number): number {
    let index = this.known.get(rgb);
    if (index === undefined) {
      index = Math.min(this.colours.length, 255);
      if (index === this.colours.length) this.colours.push(rgb);
      this.known.set(rgb, index);
    }
    return index;
  }

  fill(x: number, y: number, width: number, height: number, ink: number): void {
    const [left, right] = [Math.max(0, x), Math.min(CARD_WIDTH, x + width)];
    for (let row = Math.max(0, y); row < Math.min(CARD_HEIGHT, y + height); row++)
      this.pixels.fill(ink, row * CARD_WIDTH + left, row * CARD_WIDTH + Math.max(left, right));
  }

  /** A disc squeezed to this height. */
  disc(cx: number, cy: number, rx: number, ry: number, ink: number): void {
    for (let dy = -ry; dy <= ry; dy++) {
      const half = Math.round(rx * Math.sqrt(1 - (dy * dy) / (ry * ry)));
      this.fill(cx - half, cy + dy, 2 * half, 1, ink);
    }
  }

  sprite(sprite: Sprite, x: number, y: number, scale: number): void {
    const { width, pixels, palette } = sprite;
    pixels.forEach((colour, at) => {
      const [r, g, b, a] = palette.subarray(colour * 4, colour * 4 + 4);
      if (a === 0) return;
      const ink = this.ink((r << 16) | (g << 8) | b);
      this.fill(x + (at % width) * scale, y + Math.floor(at / width) * scale, scale, scale, ink);
    });
  }

  text(text: string, x: number, y: number, scale: number, ink: number): void {
    write(text, (dx, dy) => this.fill(x + dx * scale, y + dy * scale, scale, scale, ink));
  }

  async png(): Promise<Buffer> {
    const raw = Buffer.alloc((CARD_WIDTH + 1) * CARD_HEIGHT);
    for (let y = 0; y < CARD_HEIGHT; y++)
      raw.set(this.pixels.subarray(y * CARD_WIDTH, (y + 1) * CARD_WIDTH), y * (CARD_WIDTH + 1) + 1);
    const header = Buffer.alloc(13);
    header.writeUInt32BE(CARD_WIDTH, 0);
    header.writeUInt32BE(CARD_HEIGHT, 4);
    header.set([8, 3, 0, 0, 0], 8);
    const palette = this.colours.flatMap((rgb) => [rgb >> 16, (rgb >> 8) & 255, rgb & 255]);
    return Buffer.concat([
      Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
      chunk('IHDR', header),
      chunk('PLTE', Buffer.from(palette)),
      chunk('IDAT', await pack(raw, { level: 6 })),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  }
}

function chunk(type: string, body: Uint8Array): Buffer {
  const out = Buffer.alloc(body.length + 12);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, 'latin1');
  out.set(body, 8);
  out.writeUInt32BE(crc32(out.subarray(4, -4)), out.length - 4);
  return out;
}

const SKY = [0xbfe8f2, 0xcdeecf, 0xddf3bd];
const HILLS = [0x9fd17f, 0x7fbd68, 0x5f9f58];
const INK = 0x2a2038;
const LINE = 0x4d6b46;
const SHADE = 0x4c8549;

/** A picture of 1200 × 630 for whoever shares a page: a meadow, the creature, what it was before, and its name. */
export async function drawCard(source: CardSource): Promise<Buffer> {
  const sheet = new Sheet();
  SKY.forEach((rgb, i) => {
    sheet.fill(0, i * 120, CARD_WIDTH, CARD_HEIGHT, sheet.ink(rgb));
  });
  const [far, middle, near] = HILLS.map((rgb) => sheet.ink(rgb));
  sheet.disc(260, 640, 620, 300, far);
  sheet.disc(1040, 660, 560, 290, middle);
  sheet.disc(500, 780, 1100, 250, near);

  const forms = source.forms.map((form) => drawSprite(form.model, form));
  const shade = sheet.ink(SHADE);
  const last = forms[forms.length - 1];
  if (last) {
    sheet.disc(930, 554, 160, 20, shade);
    sheet.sprite(last, 706, 112, 448 / last.width);
  }
  const before = forms.slice(0, -1).slice(-4);
  before.forEach((form, i) => {
    const x = 64 + i * 158;
    sheet.disc(x + 70, 566, 52, 8, shade);
    sheet.sprite(form, x + 6, 442, 128 / form.width);
  });

  const ink = sheet.ink(INK);
  const words = source.title.split(' ');
  const scale = Math.max(6, Math.min(14, Math.floor(620 / (4 * Math.max(...words.map((w) => w.length))))));
  words.slice(0, 3).forEach((word, i) => {
    sheet.text(word.slice(0, 24), 72, 72 + i * scale * 7, scale, ink);
  });
  const below = 72 + Math.min(3, words.length) * scale * 7 + 10;
  sheet.text(source.line.slice(0, 38), 72, below, 4, sheet.ink(LINE));
  sheet.text('SYMBIONT', CARD_WIDTH - 32 * 4 - 60, 40, 4, sheet.ink(LINE));
  return sheet.png();
}
