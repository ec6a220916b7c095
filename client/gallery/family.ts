import { h } from '#client/hud/dom.ts';
import type { GalleryKin, GallerySymbiont, HttpApi } from '#shared/protocol/http.ts';
import { kindOf, still } from './creature.ts';

type Shown = HttpApi['GET /api/gallery/:asset'];

/** How far back the tree goes. */
const DEPTH = 3;

function leaf(kin: GalleryKin, own: boolean): HTMLElement {
  const picture = h('span', { class: `leaf-picture branch-${kin.branch}` }, still(kin));
  const words = [h('b', {}, kin.name), h('span', {}, kindOf(kin))];
  return own
    ? h('div', { class: 'leaf self', 'aria-current': 'true' }, picture, ...words)
    : h('a', { class: 'leaf', href: `/gallery/${kin.address}` }, picture, ...words);
}

const lost = (): HTMLElement => h('div', { class: 'leaf lost' }, h('span', {}, 'forgotten by the chain'));

/** One with its parents above it, and theirs above them. */
function node(
  kin: GalleryKin,
  known: ReadonlyMap<string, GalleryKin>,
  depth: number,
  own = false,
): HTMLElement {
  const pair = depth > 0 ? kin.parents : null;
  const above = pair?.map((address) => {
    const parent = known.get(address);
    return parent ? node(parent, known, depth - 1) : h('div', { class: 'kin' }, lost());
  });
  return h(
    'div',
    { class: 'kin' },
    ...(above ? [h('div', { class: 'pair' }, ...above)] : []),
    leaf(kin, own),
  );
}

/** Where a symbiont comes from, and what came of it; null where it has neither parents nor children. */
export function family({ symbiont, versions, ancestors, children, childCount }: Shown): HTMLElement[] {
  if (!symbiont.parents && childCount === 0) return [];
  const known = new Map(ancestors.map((kin) => [kin.address, kin]));
  const self: GalleryKin = { ...symbiont, picture: versions[versions.length - 1]?.picture ?? '' };
  const below =
    childCount > 0
      ? [
          h('h3', {}, childCount === 1 ? 'One child' : `${childCount} children`),
          h('div', { class: 'brood' }, ...children.map((kin) => leaf(kin, false))),
        ]
      : [];
  return [
    h('h2', {}, 'Its family'),
    h(
      'div',
      { class: 'family', id: 'family' },
      h('div', { class: 'tree' }, node(self, known, DEPTH, true)),
      ...below,
    ),
  ];
}

/** What the facts say of it. */
export function lineage(
  { parents, generation }: GallerySymbiont,
  ancestors: readonly GalleryKin[],
): Node | string {
  if (!parents) return 'none: it came from a wild seed';
  const names = parents.map((address) => ancestors.find((kin) => kin.address === address)?.name ?? address);
  const link = (i: number) => h('a', { href: `/gallery/${parents[i]}` }, names[i]);
  return h('span', {}, link(0), ' and ', link(1), ` · generation ${generation}`);
}
