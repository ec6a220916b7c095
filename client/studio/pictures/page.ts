import { h } from '#client/hud/dom.ts';
import { canvasOf, squareOf } from '../canvas.ts';
import { LICENCES, licenceProblem } from '../draft.ts';
import { toHex } from '../genomes.ts';
import type { Page } from '../page.ts';
import type { Studio } from '../studio.ts';
import type { Taken } from './intake.ts';
import { MAX_FILES, MAX_SPRITES, MIN_SPRITES, Refused } from './limits.ts';
import { Reader } from './reader.ts';
import type { Cell } from './sheet.ts';
import './pictures.css';

/** Pixels a side of what is learnt and drawn, and what it costs. */
const SIZES = [
  { size: 32, name: '32 × 32', about: 'as the world’s own; learnt the soonest' },
  { size: 64, name: '64 × 64', about: 'twice as fine; a step takes about twice as long' },
] as const;
/** Names of refused files that are shown at once. */
const SHOWN = 40;

interface Sheet {
  file: File;
  cell: Cell;
  width: number;
  height: number;
}

/** The first step: pictures come in, each is looked at, and what is not taken says why. */
export function picturesPage(studio: Studio): Page {
  const reader = new Reader();
  const refused: { name: string; why: string }[] = [];
  const sheets: Sheet[] = [];
  let busy = 0;

  const take = async (file: File, cell?: Cell | 'single'): Promise<void> => {
    try {
      const { sprites, refused: some, sheet } = await reader.read(file, studio.draft.size, cell);
      refused.push(...some);
      const room = MAX_SPRITES - studio.pictures.length;
      if (sprites.length > room) refused.push({ name: file.name, why: `only ${MAX_SPRITES} sprites fit` });
      if (sheet) sheets.push({ file, ...sheet });
      const order = Date.now();
      await studio.addPictures(
        sprites.slice(0, room).map(
          (one, i): Taken => ({
            ...one,
            id: toHex(crypto.getRandomValues(new Uint8Array(16))),
            file: file.name,
            order: order + i / 1_024,
          }),
        ),
      );
    } catch (error) {
      if (!(error instanceof Refused)) console.error(error);
      refused.push({ name: file.name, why: error instanceof Error ? error.message : String(error) });
    }
  };

  const takeAll = async (files: readonly File[]): Promise<void> => {
    if (busy > 0) return;
    refused.length = 0;
    for (const file of files.slice(MAX_FILES))
      refused.push({ name: file.name, why: `at most ${MAX_FILES} files are taken at once` });
    const taken = files.slice(0, MAX_FILES);
    busy = taken.length;
    show();
    for (const file of taken) {
      if (studio.pictures.some((one) => one.file === file.name))
        refused.push({ name: file.name, why: 'is there already; take it out first to take it in anew' });
      else await take(file);
      busy--;
      show();
    }
  };

  const recut = async (sheet: Sheet, cell: Cell | 'single'): Promise<void> => {
    sheets.splice(sheets.indexOf(sheet), 1);
    refused.length = 0;
    busy = 1;
    await studio.removePictures((one) => one.file === sheet.file.name);
    await take(sheet.file, cell);
    // What could not be cut so stays as it was guessed.
    if (cell !== 'single' && !sheets.some((one) => one.file === sheet.file)) sheets.push(sheet);
    busy = 0;
    show();
  };

  const input = h('input', {
    type: 'file',
    multiple: true,
    accept: '.png,.svg,image/png,image/svg+xml',
    onchange: () => {
      void takeAll([...(input.files ?? [])]).then(() => {
        input.value = '';
      });
    },
  });
  const drop = h(
    'label',
    { class: 'drop' },
    input,
    h('b', {}, 'Drop your creatures here'),
    h('span', {}, `or choose files: at least ${MIN_SPRITES} PNGs or SVGs, or a sprite sheet`),
  );
  for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop'])
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle('over', kind === 'dragenter' || kind === 'dragover');
      if (kind === 'drop') void takeAll([...((event as DragEvent).dataTransfer?.files ?? [])]);
    });

  const count = h('p', { class: 'count', role: 'status' });
  const grid = h('ol', { class: 'sprites' });
  const problems = h('div', {});
  const cuts = h('div', { class: 'cuts' });
  const sizes = h('div', { class: 'sizes', role: 'radiogroup', 'aria-label': 'How fine they are' });
  const rights = h('fieldset', { class: 'rights card' });

  let drawn: readonly Taken[] = [];
  function show(): void {
    const { pictures } = studio;
    if (pictures !== drawn) {
      drawn = pictures;
      grid.replaceChildren(...pictures.map((one) => tile(studio, one)));
      drop.classList.toggle('small', pictures.length > 0);
    }
    const few = pictures.length < MIN_SPRITES;
    count.textContent =
      busy > 0
        ? `Looking at ${busy} more…`
        : pictures.length === 0
          ? ''
          : `${pictures.length} sprites${few ? `: ${MIN_SPRITES - pictures.length} more are needed` : ', reduced to the sixteen roles of the palette: outline, coat, patches, eyes…'}`;
    cuts.replaceChildren(...sheets.map((sheet) => cutting(sheet, (cell) => void recut(sheet, cell))));
    problems.replaceChildren(
      ...(refused.length > 0
        ? [
            h(
              'details',
              { class: 'refused card', open: true },
              h('summary', {}, `${refused.length} not taken`),
              h(
                'ul',
                {},
                ...refused.slice(0, SHOWN).map(({ name, why }) => h('li', {}, h('b', {}, name), ` ${why}.`)),
              ),
            ),
          ]
        : []),
    );
    showSizes(studio, busy > 0, sizes, () => {
      sheets.length = 0;
      refused.length = 0;
    });
    showRights(studio, rights);
  }
  studio.addEventListener('change', show);
  show();

  return {
    title: 'Pictures',
    element: h(
      'section',
      { class: 'pictures' },
      h(
        'header',
        { class: 'hello' },
        h('h1', {}, 'Bring your creatures'),
        h(
          'p',
          {},
          'They teach the model how yours look. It learns here: nothing leaves this browser unless you say so.',
        ),
      ),
      sizes,
      drop,
      problems,
      cuts,
      count,
      grid,
      rights,
    ),
    ready: () => {
      if (studio.pictures.length < MIN_SPRITES) return `At least ${MIN_SPRITES} sprites are needed.`;
      return licenceProblem(studio.draft);
    },
    state: () => (studio.pictures.length > 0 ? `${studio.pictures.length}` : ''),
  };
}

function tile(studio: Studio, one: Taken): HTMLElement {
  const gone = h(
    'button',
    {
      class: 'gone',
      title: `Take out ${one.name}`,
      'aria-label': `Take out ${one.name}`,
      onclick: () => void studio.removePictures((other) => other.id === one.id),
    },
    '×',
  );
  const picture = canvasOf(squareOf(one.size, one.rgba));
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', one.name);
  return h('li', { title: one.name }, picture, gone);
}

function cutting({ file, cell, width, height }: Sheet, cut: (cell: Cell | 'single') => void): HTMLElement {
  const number = (label: string, value: number, most: number) =>
    h('input', { type: 'number', min: '8', max: String(most), value: String(value), 'aria-label': label });
  const [w, tall] = [
    number('Width of a cell', cell.width, width),
    number('Height of a cell', cell.height, height),
  ];
  return h(
    'form',
    {
      class: 'card',
      onsubmit: (event) => {
        event.preventDefault();
        cut({ width: w.valueAsNumber, height: tall.valueAsNumber });
      },
    },
    h('span', {}, h('b', {}, file.name), ` is a sheet of ${width} × ${height}, cut into cells of `),
    h('span', { class: 'pair' }, w, '×', tall),
    h('button', { class: 'quiet' }, 'Cut again'),
    h('button', { class: 'quiet', type: 'button', onclick: () => cut('single') }, 'It is one picture'),
  );
}

/** How fine the pictures are. Those that are there were reduced to one size: for another they are needed anew. */
function showSizes(studio: Studio, busy: boolean, place: HTMLElement, forget: () => void): void {
  const { size } = studio.draft;
  const { length } = studio.pictures;
  const state = JSON.stringify([size, length, busy]);
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  const choose = (wanted: typeof size): void => {
    const text = `The ${length} sprites were reduced to ${size} × ${size}. Take them out, to bring them anew at ${wanted} × ${wanted}?`;
    if (length === 0 || confirm(text)) {
      forget();
      studio.change({ size: wanted });
      void studio.removePictures(() => true);
    } else {
      place.dataset.state = '';
      showSizes(studio, busy, place, forget);
    }
  };
  place.replaceChildren(
    ...SIZES.map((one) =>
      h(
        'label',
        { class: 'place' },
        h('input', {
          type: 'radio',
          name: 'size',
          disabled: busy,
          checked: one.size === size,
          onchange: () => choose(one.size),
        }),
        h('b', {}, one.name),
        h('small', {}, one.about),
      ),
    ),
  );
}

function showRights(studio: Studio, place: HTMLFieldSetElement): void {
  const { licence } = studio.draft;
  const state = JSON.stringify([licence.kind, licence.declared]);
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  const change = (part: Partial<typeof licence>) =>
    studio.change({ licence: { ...studio.draft.licence, ...part } });
  const choice = (kind: typeof licence.kind) =>
    h(
      'label',
      { class: 'chip' },
      h('input', {
        type: 'radio',
        name: 'licence',
        checked: licence.kind === kind,
        onchange: () => change({ kind }),
      }),
      LICENCES[kind],
    );
  const name = h('input', {
    placeholder: 'CC-BY-4.0',
    maxlength: '24',
    value: licence.name,
    'aria-label': 'Its SPDX identifier',
    oninput: () => change({ name: name.value }),
  });
  place.replaceChildren(
    h('legend', {}, 'Whose they are'),
    h('div', { class: 'chips' }, ...(Object.keys(LICENCES) as (typeof licence.kind)[]).map(choice)),
    licence.kind === 'other' ? h('label', {}, 'Its SPDX identifier ', name) : '',
    h(
      'label',
      { class: 'declare' },
      h('input', {
        type: 'checkbox',
        checked: licence.declared,
        onchange: (event) => change({ declared: (event.target as HTMLInputElement).checked }),
      }),
      'I may use these pictures to train a model and to sell what it draws. The licence goes on chain with the model.',
    ),
  );
}
