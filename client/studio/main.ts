import { h } from '#client/hud/dom.ts';
import { Account } from './account.ts';
import { explorePage } from './explore/page.ts';
import { growthPage } from './growth/page.ts';
import { Models } from './models.ts';
import type { Page } from './page.ts';
import { picturesPage } from './pictures/page.ts';
import { releasePage } from './release/page.ts';
import { Studio } from './studio.ts';
import { trainPage } from './train/page.ts';

const place = document.getElementById('studio')!;
const way = document.getElementById('way')!;

const note = (text: string) => place.replaceChildren(h('p', { class: 'note' }, text));

async function open(): Promise<void> {
  const studio = await Studio.open(() =>
    note('The studio is open in another tab. Close it there, and it goes on here.'),
  );
  const models = await Models.open(studio);
  const account = new Account();
  const pages: Record<string, Page> = {
    pictures: picturesPage(studio),
    train: trainPage(studio, models, account),
    explore: explorePage(studio, models),
    growth: growthPage(studio, models),
    release: releasePage(studio, models, account),
  };
  const names = Object.keys(pages);
  let current = '';

  const next = h('a', { class: 'go', id: 'next' });
  const why = h('p', { class: 'why', role: 'status' });
  const trouble = h('p', { class: 'trouble', role: 'alert' });
  const foot = h('footer', { id: 'foot' }, why, next);
  const stones = names.map((name, i) =>
    h(
      'a',
      { href: `#${name}` },
      h('span', { class: 'stone' }, String(i + 1)),
      h('b', {}, pages[name].title),
      h('small', {}),
    ),
  );
  way.replaceChildren(...stones);

  const mark = (): void => {
    names.forEach((name, i) => {
      const done = pages[name].ready() === null;
      stones[i].classList.toggle('done', done);
      stones[i].querySelector('small')!.textContent = pages[name].state();
      if (name === current) stones[i].setAttribute('aria-current', 'step');
      else stones[i].removeAttribute('aria-current');
    });
    const at = names.indexOf(current);
    const reason = pages[current].ready();
    const following = names[at + 1];
    foot.hidden = following === undefined;
    if (following) {
      next.href = `#${following}`;
      next.textContent = `${pages[following].title} →`;
      next.classList.toggle('quiet', reason !== null);
      why.textContent = reason ?? '';
    }
    trouble.textContent = studio.problem ?? '';
  };
  const turn = (): void => {
    const wanted = location.hash.slice(1);
    const name = pages[wanted] ? wanted : 'pictures';
    if (name !== current) {
      current = name;
      place.replaceChildren(trouble, pages[name].element, foot);
      scrollTo({ top: 0 });
      pages[name].shown?.();
      stones[names.indexOf(name)].scrollIntoView({ inline: 'center', block: 'nearest' });
    }
    mark();
  };
  addEventListener('hashchange', turn);
  studio.addEventListener('change', mark);
  models.addEventListener('change', mark);
  turn();
}

open().catch((error: unknown) => {
  console.error(error);
  note(`The studio cannot open: ${error instanceof Error ? error.message : String(error)}.`);
});
