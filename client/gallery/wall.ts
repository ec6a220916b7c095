import { h } from '#client/hud/dom.ts';
import type { GallerySymbiont, HttpApi } from '#shared/protocol/http.ts';
import { ask } from './ask.ts';
import { kindOf, still } from './creature.ts';

type Answer = HttpApi['GET /api/gallery'];

/** All symbionts, a page at a time, each with the strip of its growth. */
export async function wall(query: URLSearchParams): Promise<HTMLElement> {
  const page = query.get('page') ?? '1';
  const collection = query.get('collection');
  const asked = new URLSearchParams({ page, ...(collection ? { collection } : {}) });
  const answer = await ask<Answer>(`/api/gallery?${asked}`);
  const { collections, symbionts, total } = answer;
  const of = (address: string) => collections.find((one) => one.address === address)?.name ?? 'Symbiont';
  return h(
    'div',
    { class: 'wall' },
    h(
      'section',
      { class: 'hello' },
      h('h1', {}, 'They grew by what they did'),
      h(
        'p',
        {},
        'Every creature here is drawn on your machine from what the chain holds of it. Open one to see what it did, and the proof of each step.',
      ),
    ),
    collections.length > 1 ? tabs(collections, collection) : '',
    symbionts.length > 0
      ? h('ol', { class: 'tiles' }, ...symbionts.map((one) => tile(one, of(one.collection))))
      : h('p', { class: 'note' }, total > 0 ? 'There is no such page.' : 'Nothing has hatched yet.'),
    pages(answer, asked),
  );
}

function tabs(collections: Answer['collections'], chosen: string | null): HTMLElement {
  const tab = (href: string, text: string, count: number | null, current: boolean) =>
    h(
      'a',
      { href, ...(current ? { 'aria-current': 'page' } : {}) },
      text,
      count === null ? '' : h('small', {}, String(count)),
    );
  return h(
    'nav',
    { class: 'tabs', 'aria-label': 'Collections' },
    tab('/gallery', 'All', null, chosen === null),
    ...collections.map(({ address, name, minted }) =>
      tab(`/gallery?collection=${address}`, name, minted, chosen === address),
    ),
  );
}

function tile(one: GallerySymbiont, collection: string): HTMLElement {
  return h(
    'li',
    {},
    h(
      'a',
      { class: `tile branch-${one.branch}`, href: `/gallery/${one.address}` },
      h('div', { class: 'stage' }, still(one)),
      h('div', { class: 'strip', 'aria-label': 'Its growth' }, ...one.forms.map((form) => still(one, form))),
      h('h2', {}, one.name),
      h('p', {}, kindOf(one), h('span', {}, collection)),
    ),
  );
}

function pages({ page, limit, total }: Answer, asked: URLSearchParams): HTMLElement | string {
  const last = Math.max(1, Math.ceil(total / limit));
  if (last === 1) return '';
  const to = (at: number, text: string) => {
    const query = new URLSearchParams(asked);
    query.set('page', String(at));
    return at < 1 || at > last ? h('span', {}, text) : h('a', { href: `/gallery?${query}` }, text);
  };
  return h(
    'nav',
    { class: 'pages', 'aria-label': 'Pages' },
    to(page - 1, '← Before'),
    `${page} of ${last}`,
    to(page + 1, 'After →'),
  );
}
