import { h } from '#client/hud/dom.ts';
import { BRANCHES, buildMetadata, drawSprite, pictureHash, STAGES } from '#shared/art/index.ts';
import { creature } from '../canvas.ts';
import { fromHex, genomeOf } from '../genomes.ts';
import type { Models } from '../models.ts';
import { branchName, stageName } from '../names.ts';
import type { Studio } from '../studio.ts';

/** One of the collection as wallets will show it, with its metadata. */
export function metadataPreview(studio: Studio, models: Models): { element: HTMLElement; show: () => void } {
  const card = h('div', { class: 'token' });
  const code = h('pre', {});
  const view = { which: 0, stage: 3, branch: 1 };
  const roll = h('button', { class: 'quiet', type: 'button', onclick: () => turn(1) }, 'Another');
  const grow = h('button', { class: 'quiet', type: 'button', onclick: () => step() }, 'Grow it');
  const turn = (by: number) => {
    view.which += by;
    show();
  };
  const step = () => {
    view.stage = (view.stage + 1) % STAGES.length;
    if (view.stage === 0) view.branch = 1 + (view.branch % (BRANCHES.length - 1));
    show();
  };

  function show(): void {
    const { draft } = studio;
    const favourite = draft.favourites[view.which % Math.max(1, draft.favourites.length)];
    const genome = favourite ? fromHex(favourite.genome) : genomeOf(view.which * 17 + 3);
    const opens = draft.rule.branchStage;
    const branch = opens > 0 && view.stage >= opens ? view.branch : 0;
    const stage = Math.min(view.stage, draft.rule.steps.length);
    const model = models.current;
    const name = favourite?.name.trim() || 'Bramble Fern';
    const picture = pictureHash(drawSprite(model, { genome, stage, branch }));
    const base = `${location.origin}/art/${picture}`;
    const metadata = buildMetadata({
      genome,
      stage,
      branch,
      name,
      symbol: draft.symbol.slice(0, 10),
      deeds: [0, 0, 0, 0, 0, 0, 0, 0],
      version: stage,
      pictureHash: picture,
      imageUri: `${base}.png`,
      animationUri: `${base}.gif`,
      model: model.id,
    });
    const trait = (label: string, value: string) => h('li', {}, h('small', {}, label), h('b', {}, value));
    card.replaceChildren(
      h('div', { class: `stage branch-${branch}` }, creature(model, { genome, stage, branch })),
      h('h3', {}, name),
      h('p', {}, draft.name || 'your collection'),
      h(
        'ul',
        {},
        trait('form', stageName(draft, stage)),
        trait('calling', branch === 0 ? 'none yet' : branchName(draft, branch)),
        ...(JSON.parse(metadata.json) as { attributes: { trait_type: string; value: string }[] }).attributes
          .slice(-7, -1)
          .filter(({ trait_type }) => ['element', 'temperament', 'coat', 'eyes'].includes(trait_type))
          .map(({ trait_type, value }) => trait(trait_type, value)),
      ),
    );
    code.textContent = JSON.stringify(JSON.parse(metadata.json), null, 2);
  }
  return {
    element: h(
      'div',
      { class: 'preview' },
      card,
      h('div', { class: 'row' }, roll, grow),
      h('details', {}, h('summary', {}, 'Its metadata'), code),
    ),
    show,
  };
}
