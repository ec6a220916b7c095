import { h } from '#client/hud/dom.ts';
import type { Draft } from '../draft.ts';
import type { Studio } from '../studio.ts';
import { draftProblems } from './toServer.ts';

type Text = 'name' | 'symbol' | 'description';
type Amount = 'supply' | 'price' | 'royalties' | 'dailyCap';

interface Field {
  readonly field: Text | Amount;
  readonly label: string;
  readonly hint: string;
  readonly unit?: string;
  readonly step?: string;
}

const FIELDS: readonly Field[] = [
  { field: 'name', label: 'Name', hint: 'Of the collection, on chain: at most 32 bytes.' },
  { field: 'symbol', label: 'Symbol', hint: '1 to 10 of A-Z and 0-9.' },
  { field: 'description', label: 'Description', hint: 'What people read beside it.' },
  {
    field: 'supply',
    label: 'Supply',
    hint: 'Most that will ever be minted; 0: no limit. Later it can only be lowered.',
  },
  {
    field: 'price',
    label: 'Price',
    hint: 'What a mint by others costs; 0: nothing. Your own mints are free.',
    unit: 'SOL',
    step: '0.001',
  },
  { field: 'royalties', label: 'Royalties', hint: 'Your share of each sale.', unit: '%', step: '0.1' },
  { field: 'dailyCap', label: 'Evolutions a day', hint: 'Of one symbiont; 0: as many as it earns.' },
];

/** What the collection is called and costs. Every field says what is wrong with it while one writes. */
export function releaseForm(studio: Studio): { element: HTMLElement; show: () => void } {
  const rows = FIELDS.map((one) => {
    const note = h('small', { id: `hint-${one.field}` }, one.hint);
    const input = inputOf(studio, one);
    input.setAttribute('aria-label', one.label);
    input.setAttribute('aria-describedby', `hint-${one.field}`);
    const unit = one.unit ? [h('i', {}, one.unit)] : [];
    const label = h(
      'label',
      { class: `field ${one.field}` },
      h('b', {}, one.label),
      h('span', {}, input, ...unit),
      note,
    );
    return { ...one, label, note, input };
  });
  const show = (): void => {
    const problems = draftProblems(studio.draft);
    for (const { field, hint, label, note, input } of rows) {
      const problem = studio.draft[field] === '' ? undefined : problems.get(field);
      label.classList.toggle('wrong', problem !== undefined);
      note.textContent = problem ? `${problem[0].toUpperCase()}${problem.slice(1)}.` : hint;
      const value = studio.draft[field];
      if (document.activeElement !== input && String(value) !== input.value && !Number.isNaN(value))
        input.value = String(value);
    }
  };
  show();
  return { element: h('div', { class: 'fields form' }, ...rows.map(({ label }) => label)), show };
}

function inputOf(studio: Studio, { field, step }: Field): HTMLInputElement | HTMLTextAreaElement {
  const set = (part: Partial<Draft>) => studio.change(part);
  if (field === 'description') {
    const area = h('textarea', {
      rows: '3',
      maxlength: '1000',
      oninput: () => set({ description: area.value }),
    });
    area.value = studio.draft.description;
    return area;
  }
  if (field === 'name' || field === 'symbol') {
    const input = h('input', {
      maxlength: field === 'name' ? '64' : '10',
      value: studio.draft[field],
      autocomplete: 'off',
      oninput: () => {
        if (field === 'symbol') input.value = input.value.toUpperCase();
        set({ [field]: input.value });
      },
    });
    return input;
  }
  const input = h('input', {
    type: 'number',
    min: '0',
    step: step ?? '1',
    inputmode: 'decimal',
    value: String(studio.draft[field]),
    oninput: () => set({ [field]: input.value === '' ? 0 : input.valueAsNumber }),
  });
  return input;
}
