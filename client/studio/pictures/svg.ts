import { MAX_SVG_BYTES, MAX_SVG_DEPTH, MAX_SVG_ELEMENTS, MAX_SVG_USES, Refused } from './limits.ts';

/**
 * Checks an SVG before any browser draws it: shapes and gradients pass, whatever could run, load, animate or unpack
 * to far more than it is does not. What passes is drawn through an image element, which runs and loads nothing.
 */

const ELEMENTS = new Set(
  (
    'svg g defs title desc metadata path rect circle ellipse line polyline polygon linearGradient radialGradient ' +
    'stop clipPath mask use symbol style'
  ).split(' '),
);
/** What drawing programs leave behind; nothing of it is drawn. */
const EDITORS = new Set(['sodipodi', 'inkscape', 'rdf', 'cc', 'dc', 'serif', 'sketch']);
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const NAME = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/y;
const SVG = 'http://www.w3.org/2000/svg';

export interface SvgHead {
  /** Width over height. */
  readonly ratio: number;
}

const WHY: Readonly<Record<string, string>> = {
  script: 'holds a script',
  foreignObject: 'holds a foreignObject, which is no drawing',
  image: 'holds another picture; only shapes are taken',
  feImage: 'holds another picture; only shapes are taken',
  a: 'holds a link',
  text: 'holds text, whose letters differ from machine to machine: turn it into paths',
  animate: 'is animated; a still picture is needed',
  animateTransform: 'is animated; a still picture is needed',
  animateMotion: 'is animated; a still picture is needed',
  set: 'is animated; a still picture is needed',
};

/** @throws Refused with the reason */
export function checkSvg(text: string): SvgHead {
  if (text.length > MAX_SVG_BYTES)
    throw new Refused(`is an SVG of ${text.length} letters; at most ${MAX_SVG_BYTES} are taken`);
  const open: { name: string; named: boolean }[] = [];
  let root: Map<string, string> | null = null;
  let count = 0;
  let uses = 0;
  let style = '';
  for (const token of tokens(text)) {
    if (token.kind === 'text') {
      if (open.at(-1)?.name === 'style') style += token.text;
      else if (token.text.trim() !== '' && open.length === 0)
        throw new Refused('is no well-formed SVG: text stands outside of it');
      continue;
    }
    if (token.kind === 'close') {
      if (open.pop()?.name !== token.name)
        throw new Refused(`is no well-formed SVG: </${token.name}> closes what was not opened`);
      continue;
    }
    const { name, attributes, empty } = token;
    if (root && open.length === 0) throw new Refused('is no well-formed SVG: more than one root');
    if (++count > MAX_SVG_ELEMENTS) throw new Refused(`has more than ${MAX_SVG_ELEMENTS} elements`);
    checkElement(name, attributes);
    if (name === 'use') {
      if (++uses > MAX_SVG_USES) throw new Refused(`uses its own parts more than ${MAX_SVG_USES} times`);
      if (open.some(({ named }) => named))
        throw new Refused('uses parts within named parts, which can unpack without end');
    }
    if (open.some((one) => one.name === 'mask' || one.name === 'clipPath') && masks(attributes))
      throw new Refused('masks within masks, which can unpack without end');
    root ??= attributes;
    if (count === 1 && name !== 'svg') throw new Refused('is no SVG: its root is another element');
    if (empty) continue;
    // A part can be used again only by its name; the root within itself is no part.
    open.push({ name, named: open.length > 0 && attributes.has('id') });
    if (open.length > MAX_SVG_DEPTH) throw new Refused(`nests deeper than ${MAX_SVG_DEPTH}`);
  }
  if (!root || open.length > 0) throw new Refused('is no well-formed SVG: it ends too early');
  checkReferences('style', style);
  if (/mask|clip-path|filter/i.test(style)) throw new Refused('masks by a style sheet; by attributes it may');
  if (root.get('xmlns') !== SVG) throw new Refused(`is no SVG: its xmlns must be ${SVG}`);
  return { ratio: ratioOf(root) };
}

const masks = (attributes: ReadonlyMap<string, string>): boolean =>
  ['mask', 'clip-path', 'filter'].some((one) => attributes.has(one)) ||
  /mask|clip-path|filter/i.test(attributes.get('style') ?? '');

function checkElement(name: string, attributes: ReadonlyMap<string, string>): void {
  const [prefix, local] = name.includes(':') ? name.split(':') : ['', name];
  if (prefix === '' ? !ELEMENTS.has(local) : !EDITORS.has(prefix))
    throw new Refused(WHY[local] ?? `holds <${name}>, which is not among what is taken`);
  for (const [attribute, value] of attributes) {
    const plain = attribute.replace(/^.*:/, '').toLowerCase();
    if (plain.startsWith('on')) throw new Refused(`holds an event handler, ${attribute}`);
    if (attribute.startsWith('xmlns:') && /2000\/svg|xhtml/i.test(value))
      throw new Refused(`renames the SVG namespace to ${plain}`);
    if ((plain === 'href' || plain === 'src') && !/^\s*#[\w.-]+\s*$/.test(value))
      throw new Refused(`refers to something outside of it: ${attribute}="${value.slice(0, 60)}"`);
    checkReferences(attribute, value);
  }
}

/** Styles and attributes refer to the file's own parts alone. */
function checkReferences(where: string, value: string): void {
  if (/@import|@font-face|javascript:|expression\(|behavior:|@keyframes|animation/i.test(value))
    throw new Refused(`${where} loads, runs or animates something`);
  if (/url\(|image-set\(|image\(/i.test(value) && /(?:url|image-set|image)\(\s*(?!['"]?#)/i.test(value))
    throw new Refused(`${where} refers to something outside of it`);
  if (/style|fill|stroke|mask|clip|filter/i.test(where) && value.includes('\\'))
    throw new Refused(`${where} holds a backslash, which could hide what it refers to`);
}

function ratioOf(root: ReadonlyMap<string, string>): number {
  const box = root
    .get('viewBox')
    ?.trim()
    .split(/[\s,]+/)
    .map(Number);
  const length = (text: string | undefined) =>
    text && /^[\d.]+(px|pt|mm)?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  const [width, height] =
    box?.length === 4 ? [box[2], box[3]] : [length(root.get('width')), length(root.get('height'))];
  const ratio = width / height;
  if (!(ratio >= 1 / 8 && ratio <= 8))
    throw new Refused(
      'says no size: a viewBox, or width and height, is needed, at most eight times as long as wide',
    );
  return ratio;
}

type Token =
  | { kind: 'open'; name: string; attributes: Map<string, string>; empty: boolean }
  | { kind: 'close'; name: string }
  | { kind: 'text'; text: string };

/** XML 1.0 without document types and entities of one's own. */
function* tokens(text: string): Generator<Token> {
  const broken = () => new Refused('is no well-formed SVG');
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const until = (end: string): string => {
    const to = text.indexOf(end, at);
    if (to < 0) throw broken();
    const part = text.slice(at, to);
    at = to + end.length;
    return part;
  };
  while (at < text.length) {
    if (text[at] !== '<') {
      const to = text.indexOf('<', at);
      const end = to < 0 ? text.length : to;
      yield { kind: 'text', text: plain(text.slice(at, end)) };
      at = end;
    } else if (text.startsWith('<!--', at)) {
      at += 4;
      until('-->');
    } else if (text.startsWith('<![CDATA[', at)) {
      at += 9;
      yield { kind: 'text', text: until(']]>') };
    } else if (text.startsWith('<!', at)) {
      throw new Refused('holds a document type, in which entities can hide');
    } else if (text.startsWith('<?', at)) {
      at += 2;
      if (!/^xml\s/.test(until('?>'))) throw new Refused('holds a processing instruction');
    } else if (text[at + 1] === '/') {
      at += 2;
      yield { kind: 'close', name: until('>').trim() };
    } else {
      at++;
      const [token, end] = element(text, at, broken);
      at = end;
      yield token;
    }
  }
}

function element(text: string, at: number, broken: () => Refused): [Token & { kind: 'open' }, number] {
  const name = () => {
    NAME.lastIndex = at;
    const found = NAME.exec(text)?.[0];
    if (!found) throw broken();
    at += found.length;
    return found;
  };
  const space = () => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const tag = name();
  const attributes = new Map<string, string>();
  for (;;) {
    space();
    if (text[at] === '>') return [{ kind: 'open', name: tag, attributes, empty: false }, at + 1];
    if (text.startsWith('/>', at)) return [{ kind: 'open', name: tag, attributes, empty: true }, at + 2];
    const attribute = name();
    space();
    if (text[at++] !== '=') throw broken();
    space();
    const quote = text[at++];
    if (quote !== '"' && quote !== "'") throw broken();
    const end = text.indexOf(quote, at);
    if (end < 0 || attributes.has(attribute)) throw broken();
    attributes.set(attribute, plain(text.slice(at, end)));
    at = end + 1;
  }
}

/** Text with its entities resolved: what is checked is what a browser would see. */
function plain(text: string): string {
  return text.replace(/&([^;\s]{0,12});?/g, (whole, name: string) => {
    const code = /^#x([0-9a-f]{1,6})$/i.exec(name)?.[1];
    const decimal = /^#(\d{1,7})$/.exec(name)?.[1];
    const point = code ? Number.parseInt(code, 16) : decimal ? Number(decimal) : -1;
    if (point >= 0 && point <= 0x10ffff) return String.fromCodePoint(point);
    if (ENTITIES[name] === undefined) throw new Refused(`holds the unknown entity ${whole.slice(0, 16)}`);
    return ENTITIES[name];
  });
}
