import icons from '@iconify-json/fluent-emoji-flat/icons.json' with { type: 'json' };
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SVG_BYTES, MAX_SVG_DEPTH, MAX_SVG_ELEMENTS, MAX_SVG_USES, Refused } from './limits.ts';
import { checkSvg } from './svg.ts';

const svg = (body: string, root = 'viewBox="0 0 32 32"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${root}>${body}</svg>`;

describe('checkSvg', () => {
  it('takes a real set of icons', () => {
    const names = Object.keys(icons.icons).slice(0, 400) as (keyof typeof icons.icons)[];
    for (const name of names) expect(checkSvg(svg(icons.icons[name].body)).ratio).toBe(1);
  });

  it('takes what drawing programs write', () => {
    const file = `﻿<?xml version="1.0" encoding="UTF-8"?>
      <!-- made by hand -->
      <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
        xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" width="64" height="32px" inkscape:version="1">
        <inkscape:grid/><style><![CDATA[ .a { fill: url(#g) } ]]></style>
        <defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient>
        <path id="p" d="M0 0h8"/></defs>
        <use xlink:href="#p"/><rect class="a" width="8" height="8" style="fill:url('#g')"/>
      </svg>`;
    expect(checkSvg(file).ratio).toBe(2);
  });

  it.each([
    ['a script', svg('<script>1</script>'), /holds a script/],
    ['an event handler', svg('<path onload="x()" d="M0 0"/>'), /event handler, onload/],
    ['an event handler on the root', svg('', 'viewBox="0 0 1 1" onLoad="x()"'), /event handler/],
    ['a foreignObject', svg('<foreignObject><div/></foreignObject>'), /foreignObject/],
    ['an outer picture', svg('<image href="https://example.org/x.png"/>'), /another picture/],
    ['an inner picture', svg('<image href="data:image/png;base64,AA"/>'), /another picture/],
    ['a link', svg('<a href="javascript:x()"><path/></a>'), /link/],
    ['an outer use', svg('<use href="other.svg#a"/>'), /outside/],
    ['an outer fill', svg('<path fill="url(https://example.org/#a)"/>'), /outside/],
    ['an outer style', svg('<path style="fill:url( //example.org/a )"/>'), /outside/],
    ['an import', svg('<style>@import "https://example.org"</style>'), /loads/],
    ['an import in CDATA', svg('<style><![CDATA[@import url(x)]]></style>'), /loads/],
    ['a hidden reference', svg('<path style="fill:u\\72l(x)"/>'), /backslash/],
    ['a reference in entities', svg('<path fill="&#x75;rl(x)"/>'), /outside/],
    ['an animation', svg('<animate attributeName="x"/>'), /animated/],
    ['an animation by style', svg('<style>path{animation:x 1s}</style>'), /animates/],
    ['a document type', `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('')}`, /document type/],
    ['an entity of its own', svg('<path d="&lol;"/>'), /unknown entity/],
    ['a stylesheet by instruction', `<?xml-stylesheet href="x"?>${svg('')}`, /processing instruction/],
    [
      'another namespace for svg',
      svg('<x:script/>', 'viewBox="0 0 1 1" xmlns:x="http://www.w3.org/2000/svg"'),
      /renames|<x:script>/,
    ],
    ['an unknown element', svg('<filter id="f"/>'), /<filter>/],
    ['text', svg('<text>a</text>'), /text/],
    ['no svg', '<html xmlns="http://www.w3.org/2000/svg"></html>', /<html>|root/],
    ['no namespace', '<svg viewBox="0 0 1 1"/>', /xmlns/],
    ['no size', svg('', ''), /says no size/],
    ['a size of nothing', svg('', 'viewBox="0 0 0 0"'), /says no size/],
    ['an open end', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><g>', /too early/],
    ['crossed ends', svg('<g><path></g></path>'), /closes what/],
    ['two roots', svg('') + svg(''), /more than one root/],
    ['an attribute twice', svg('<path d="a" d="b"/>'), /well-formed/],
    ['uses within uses', svg('<g id="a"><use href="#b"/></g><use href="#a"/>'), /named parts/],
    ['masks within masks', svg('<mask id="a"><path mask="url(#b)"/></mask>'), /masks within/],
    [
      'too many uses',
      svg(`<path id="a"/>${'<use href="#a"/>'.repeat(MAX_SVG_USES + 1)}`),
      /more than 64 times/,
    ],
    ['too deep', svg('<g>'.repeat(MAX_SVG_DEPTH) + '</g>'.repeat(MAX_SVG_DEPTH)), /deeper/],
    ['too many elements', svg('<path/>'.repeat(MAX_SVG_ELEMENTS)), /more than 2000 elements/],
    ['too long', svg(`<!--${'a'.repeat(MAX_SVG_BYTES)}-->`), /at most/],
  ])('refuses %s', (_, file, why) => {
    expect(() => checkSvg(file)).toThrow(Refused);
    expect(() => checkSvg(file)).toThrow(why);
  });

  it('answers anything with a refusal, never with another error', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      'svg',
      '<svg ',
      '="',
      '"',
      '<g>',
      '</g>',
      '<!--',
      '-->',
      '&',
      ';',
      'a',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(() => checkSvg(pieces.join(''))).toThrow(Refused);
      }),
    );
  });
});
