import { clearBackground } from './background.ts';
import { countColours, fitInto } from './fit.ts';
import { MAX_COLOURS, MAX_FILE_BYTES, MAX_SVG_BYTES, MIN_COLOURS, Refused, type Rgba } from './limits.ts';
import { decodePng, isPng } from './png.ts';
import { rolesOf } from './roles.ts';
import { type Cell, cutSheet, guessCell } from './sheet.ts';
import { checkSvg } from './svg.ts';

/** A sprite of the training set. */
export interface Taken {
  readonly id: string;
  /** Its file's name, with the cell's number where it is of a sheet. */
  readonly name: string;
  /** The file that it came from. */
  readonly file: string;
  readonly order: number;
  readonly size: number;
  /** How it was drawn: size² × RGBA. */
  readonly rgba: Uint8ClampedArray;
  /** Its palette roles (`Ink`): size². */
  readonly roles: Uint8Array;
  readonly background: 'transparent' | 'filled';
}

export type Sprite = Omit<Taken, 'id' | 'order' | 'file'>;

export interface Intake {
  readonly sprites: Sprite[];
  /** What was not taken, and why. */
  readonly refused: { name: string; why: string }[];
  /** Of a sheet: its cells and its own size. */
  readonly sheet: { cell: Cell; width: number; height: number } | null;
}

const OTHERS: readonly (readonly [name: string, test: (bytes: Uint8Array) => boolean])[] = [
  ['a GIF', (b) => starts(b, 'GIF8')],
  ['a JPEG', (b) => b[0] === 0xff && b[1] === 0xd8],
  ['a WebP', (b) => starts(b, 'RIFF') && starts(b.subarray(8), 'WEBP')],
  ['an AVIF or HEIC', (b) => starts(b.subarray(4), 'ftyp')],
  ['a BMP', (b) => starts(b, 'BM')],
  ['a Photoshop file', (b) => starts(b, '8BPS')],
  ['an archive: unpack it first', (b) => starts(b, 'PK')],
];

function starts(bytes: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}

/** What a file is, by its bytes. @throws Refused for anything but a PNG and an SVG */
export function kindOf(bytes: Uint8Array): 'png' | 'svg' {
  if (bytes.length === 0) throw new Refused('is empty');
  if (bytes.length > MAX_FILE_BYTES)
    throw new Refused(
      `has ${(bytes.length / 2 ** 20).toFixed(1)} MB; at most ${MAX_FILE_BYTES / 2 ** 20} are taken`,
    );
  if (isPng(bytes)) return 'png';
  for (const [name, test] of OTHERS) if (test(bytes)) throw new Refused(`is ${name}; PNG and SVG are taken`);
  const head = new TextDecoder().decode(bytes.subarray(0, 512)).trimStart();
  if (head.startsWith('<')) return 'svg';
  throw new Refused('is no picture; PNG and SVG are taken');
}

/** The text of an SVG that may be drawn. @throws Refused */
export function svgText(bytes: Uint8Array): { text: string; ratio: number } {
  if (bytes.length > MAX_SVG_BYTES)
    throw new Refused(`is an SVG of ${bytes.length} bytes; at most ${MAX_SVG_BYTES} are taken`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refused('is no well-formed SVG: it is not UTF-8');
  }
  return { text, ratio: checkSvg(text).ratio };
}

/**
 * The sprites of a PNG: one, or those of a sheet.
 * @param cell how to cut it; `single`: not at all; without it the size of its cells is guessed
 * @throws Refused when nothing of it can be taken
 */
export function takePng(bytes: Uint8Array, name: string, size: number, cell?: Cell | 'single'): Intake {
  const { picture, background } = clearBackground(decodePng(bytes));
  const { width, height } = picture;
  const cut = cell === 'single' ? null : (cell ?? guessCell(picture));
  if (!cut) return { sprites: [takePicture(picture, name, size, background)], refused: [], sheet: null };
  const sprites: Sprite[] = [];
  const refused: Intake['refused'] = [];
  cutSheet(picture, cut).forEach((one, i) => {
    const called = `${name} ${i + 1}`;
    try {
      sprites.push(takePicture(one, called, size, background));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused.push({ name: called, why: error.message });
    }
  });
  return { sprites, refused, sheet: { cell: cut, width, height } };
}

/** A picture without its background as a sprite. @throws Refused when it has too few colours, or too many */
export function takePicture(
  picture: Rgba,
  name: string,
  size: number,
  background: Taken['background'],
): Sprite {
  const fitted = fitInto(picture, size);
  const colours = countColours(fitted);
  if (colours < MIN_COLOURS)
    throw new Refused(`has ${colours} colour; at least ${MIN_COLOURS} are needed, or it is a silhouette`);
  if (countColours(picture) > MAX_COLOURS)
    throw new Refused(`has more than ${MAX_COLOURS} colours, as photographs have; flat colours are needed`);
  return { name, size, rgba: fitted.data, roles: rolesOf(fitted), background };
}
