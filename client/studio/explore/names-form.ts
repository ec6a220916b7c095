import { h } from '#client/hud/dom.ts';
import { BRANCHES, STAGES } from '#shared/art/types.ts';
import type { Studio } from '../studio.ts';

/** What the creator calls stages and branches. */
export function namesForm(studio: Studio, place: HTMLFieldSetElement): void {
  if (place.childElementCount > 0) return;
  const field = (label: string, get: () => string, set: (text: string) => void) => {
    const input = h('input', {
      value: get(),
      placeholder: label,
      maxlength: '24',
      'aria-label': label,
      oninput: () => set(input.value),
    });
    return input;
  };
  const replaced = (all: readonly string[], i: number, text: string) =>
    all.map((one, k) => (k === i ? text : one));
  place.replaceChildren(
    h('legend', {}, 'What you call them'),
    h('p', {}, 'Stages'),
    h(
      'div',
      { class: 'fields' },
      ...STAGES.map((stage, i) =>
        field(
          stage,
          () => studio.draft.stages[i],
          (text) => studio.change({ stages: replaced(studio.draft.stages, i, text) }),
        ),
      ),
    ),
    h('p', {}, 'Branches'),
    h(
      'div',
      { class: 'fields' },
      ...BRANCHES.slice(1).map((branch, i) =>
        field(
          branch,
          () => studio.draft.branches[i],
          (text) => studio.change({ branches: replaced(studio.draft.branches, i, text) }),
        ),
      ),
    ),
  );
}
