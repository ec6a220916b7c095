import { loadArt } from '#client/game/portrait.ts';
import { h } from '#client/hud/dom.ts';
import { one } from './one.ts';
import { wall } from './wall.ts';

const place = document.getElementById('gallery')!;

async function show(): Promise<void> {
  const [, , address] = location.pathname.split('/');
  await loadArt();
  const shown = address ? await one(address) : await wall(new URLSearchParams(location.search));
  place.replaceChildren(shown);
}

show().catch((error: unknown) => {
  console.error(error);
  const text = error instanceof Error ? error.message : String(error);
  place.replaceChildren(h('p', { class: 'note' }, `This cannot be shown: ${text}.`));
});
