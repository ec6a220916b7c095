import { hexToBytes } from '@noble/hashes/utils';
import { portraitHash } from '#client/game/portrait.ts';
import { h } from '#client/hud/dom.ts';
import { icon } from '#client/hud/icons.ts';
import { describe } from '#shared/art/describe.ts';
import { verifyPath } from '#shared/proof/merkle.ts';
import type { GallerySymbiont, GalleryVersion, HttpApi } from '#shared/protocol/http.ts';
import { DEEDS } from '#shared/world/balance.ts';
import { ask, explorer } from './ask.ts';
import { alive, grown, kindOf } from './creature.ts';

const DEED_ICONS = ['gather', 'bank', 'strike', 'skull', 'guard', 'give', 'walk', 'time'];

const short = (text: string) => (text.length > 12 ? `${text.slice(0, 5)}…${text.slice(-5)}` : text);

/** One symbiont: what it is, how it grew, and what proves each step. */
export async function one(address: string): Promise<HTMLElement> {
  const { symbiont, versions } = await ask<HttpApi['GET /api/gallery/:asset']>(`/api/gallery/${address}`);
  const { line } = describe(hexToBytes(symbiont.genome), symbiont.stage, symbiont.branch);
  return h(
    'article',
    { class: `one branch-${symbiont.branch}` },
    h(
      'section',
      { class: 'hero' },
      h('div', { class: 'meadow' }, alive(symbiont.genome, symbiont)),
      h(
        'div',
        { class: 'words' },
        h('h1', {}, symbiont.name),
        h('p', { class: 'kind' }, kindOf(symbiont)),
        h('p', {}, `${line[0].toUpperCase()}${line.slice(1)}.`),
        facts(symbiont),
        share(symbiont),
      ),
    ),
    h('h2', {}, 'How it grew'),
    h('ol', { class: 'growth' }, ...versions.map((version, i) => step(symbiont, version, versions[i - 1]))),
    h('h2', {}, 'What it did'),
    h(
      'ul',
      { class: 'deeds' },
      ...DEEDS.map((deed, i) =>
        h(
          'li',
          {},
          icon(DEED_ICONS[i]),
          h('b', {}, symbiont.deeds[i].toLocaleString('en')),
          h('span', {}, deed),
        ),
      ),
    ),
  );
}

function facts({ address, owner, collection }: GallerySymbiont): HTMLElement {
  const row = (name: string, value: Node | string) => [h('dt', {}, name), h('dd', {}, value)];
  const copy = (text: string) => {
    const button = h('button', { title: `${text} (click to copy)` }, short(text));
    button.addEventListener('click', () => {
      void navigator.clipboard?.writeText(text);
      button.textContent = 'copied';
      setTimeout(() => {
        button.textContent = short(text);
      }, 900);
    });
    return button;
  };
  return h(
    'dl',
    {},
    ...row('owner', owner ? copy(owner) : 'none: it was burnt'),
    ...row('address', copy(address)),
    ...row('collection', h('a', { href: `/gallery?collection=${collection}` }, short(collection))),
    ...row('parents', 'none: it came from a wild seed'),
  );
}

function share({ name }: GallerySymbiont): HTMLElement {
  const button = h('button', { class: 'share' }, 'Share');
  button.addEventListener('click', async () => {
    try {
      if (navigator.share) return await navigator.share({ title: name, url: location.href });
      await navigator.clipboard.writeText(location.href);
      button.textContent = 'Link copied';
    } catch {
      // Whoever closes the dialog wants nothing further; without a clipboard there is still the address bar.
    }
  });
  return button;
}

/** A version: its picture, what was done since the one before, and how both are checked here. */
function step(symbiont: GallerySymbiont, version: GalleryVersion, before?: GalleryVersion): HTMLElement {
  const { genome } = symbiont;
  const same = portraitHash({ genome, ...version }) === version.picture;
  const done = DEEDS.flatMap((deed, i) => {
    const more = version.deeds[i] - (before?.deeds[i] ?? 0);
    return more > 0
      ? [h('li', {}, icon(DEED_ICONS[i], deed), h('b', {}, `+${more.toLocaleString('en')}`))]
      : [];
  });
  const proof = h('ul', { class: 'proof' });
  const said = (ok: boolean | null, ...content: (Node | string)[]) =>
    h('li', { class: ok === null ? 'plain' : ok ? 'yes' : 'no' }, ...content);
  proof.append(
    said(
      same,
      same
        ? 'Drawn here: the same picture as on the chain'
        : 'Drawn here by this page’s model: not the picture on the chain',
    ),
  );
  void prove(version, said).then((items) => proof.append(...items));
  const { time } = version;
  return h(
    'li',
    { class: `branch-${version.branch}` },
    h('div', { class: 'stage' }, grown(genome, version, before)),
    h('h3', {}, kindOf(version)),
    h(
      'p',
      { class: 'when' },
      time === null
        ? ''
        : new Date(time * 1000).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' }),
    ),
    h(
      'ul',
      { class: 'more' },
      ...(done.length > 0 ? done : [h('li', {}, version.version === 0 ? 'hatched' : '–')]),
    ),
    proof,
  );
}

type Say = (ok: boolean | null, ...content: (Node | string)[]) => HTMLElement;

/** Walks the leaf's path to the root that its epoch was published with. */
async function prove({ proof, signature }: GalleryVersion, say: Say): Promise<HTMLElement[]> {
  const link = (href: string, text: string) => h('a', { href, target: '_blank', rel: 'noreferrer' }, text);
  const items: HTMLElement[] = [];
  if (proof) {
    const { epoch, index, leaf, path } = proof;
    const links = [
      link(`/api/epochs/${epoch}`, `epoch ${epoch}`),
      ', ',
      link(`/api/epochs/${epoch}/leaves/${index}`, `leaf ${index}`),
    ];
    try {
      const header = await ask<HttpApi['GET /api/epochs/:epoch']>(`/api/epochs/${epoch}`);
      const count = header.decisions + header.deeds + header.inputs;
      const holds = verifyPath(hexToBytes(header.root), hexToBytes(leaf), index, count, path.map(hexToBytes));
      items.push(say(holds, holds ? 'Deeds proven: ' : 'Deeds do not lead to the root: ', ...links));
    } catch {
      items.push(say(null, 'Deeds: ', ...links));
    }
  }
  if (signature) {
    const href = await explorer(signature).catch(() => '');
    items.push(say(null, 'Transaction ', href ? link(href, short(signature)) : short(signature)));
  } else items.push(say(null, 'Its transaction is too old for this cluster'));
  return items;
}
