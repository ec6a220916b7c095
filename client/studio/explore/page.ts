import { h } from '#client/hud/dom.ts';
import { describe } from '#shared/art/describe.ts';
import { BRANCHES, STAGES } from '#shared/art/types.ts';
import { creature } from '../canvas.ts';
import { fromHex, genomeAt, toHex } from '../genomes.ts';
import type { Models } from '../models.ts';
import { branchName, stageName } from '../names.ts';
import type { Page } from '../page.ts';
import type { Studio } from '../studio.ts';
import { moveBy } from './moves.ts';
import { namesForm } from './names-form.ts';
import './explore.css';

/** Pixels on the screen of a cell at zoom 1, and how far one can go. */
const CELL = 72;
const ZOOMS = [0.5, 0.75, 1, 1.5, 2.25] as const;
/** Milliseconds of drawing before the page goes on with other things. */
const SLICE_MS = 12;
/** Pictures that are kept, some 4 KB each. */
const KEPT = 3_000;
const FAVOURITES = 24;

/** The third step: a map of genomes without an end, where neighbours are alike. */
export function explorePage(studio: Studio, models: Models): Page {
  const canvas = h('canvas', { tabindex: '0', 'aria-label': 'Map of creatures: drag, zoom, choose one' });
  const context = canvas.getContext('2d')!;
  const context2 = h('div', { class: 'detail card' });
  const pinned = h('ol', { class: 'pinned' });
  const named = h('fieldset', { class: 'names card' });
  const cache = new Map<string, HTMLCanvasElement>();
  const view = { x: 0, y: 0, zoom: 2, stage: 3, branch: 1, world: 7 };
  let model = models.current.id;
  let chosen: Uint8Array | null = null;
  let running = false;

  const scale = () => CELL * ZOOMS[view.zoom];

  /** Draws what is in sight, from the middle outwards, a slice of time after the other. */
  async function draw(): Promise<void> {
    if (running || !canvas.isConnected) return;
    running = true;
    try {
      for (let left = true; left; ) {
        left = paint();
        if (left) await new Promise((done) => requestAnimationFrame(done));
      }
    } finally {
      running = false;
    }
  }

  /** @returns whether something in sight is still missing */
  function paint(): boolean {
    if (model !== models.current.id) {
      model = models.current.id;
      cache.clear();
    }
    const ratio = Math.min(2, devicePixelRatio);
    const [w, tall] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== w * ratio || canvas.height !== tall * ratio) {
      canvas.width = w * ratio;
      canvas.height = tall * ratio;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, w, tall);
    const side = scale();
    const cells: [x: number, y: number][] = [];
    for (let y = Math.floor(view.y - tall / 2 / side); y <= view.y + tall / 2 / side; y++)
      for (let x = Math.floor(view.x - w / 2 / side); x <= view.x + w / 2 / side; x++) cells.push([x, y]);
    cells.sort((a, b) => far(a) - far(b));
    const until = performance.now() + SLICE_MS;
    let missing = false;
    for (const [x, y] of cells) {
      const key = `${view.stage}.${view.branch}.${x}.${y}`;
      let picture = cache.get(key);
      if (!picture && performance.now() < until) {
        picture = creature(models.current, {
          genome: genomeAt(view.world, x, y),
          stage: view.stage,
          branch: view.branch,
        });
        if (cache.size >= KEPT) cache.delete(cache.keys().next().value!);
        cache.set(key, picture);
      }
      const at = [(x - view.x) * side + w / 2, (y - view.y) * side + tall / 2] as const;
      if (picture)
        context.drawImage(picture, at[0] + side * 0.06, at[1] + side * 0.06, side * 0.88, side * 0.88);
      else {
        missing = true;
        context.fillStyle = 'rgba(255, 255, 255, 0.35)';
        context.beginPath();
        context.arc(at[0] + side / 2, at[1] + side / 2, side * 0.12, 0, 7);
        context.fill();
      }
    }
    return missing;
  }
  const far = ([x, y]: [number, number]) => (x + 0.5 - view.x) ** 2 + (y + 0.5 - view.y) ** 2;

  moveBy(canvas, {
    drag: (dx, dy) => {
      view.x -= dx / scale();
      view.y -= dy / scale();
      void draw();
    },
    zoom: (by) => {
      view.zoom = Math.max(0, Math.min(ZOOMS.length - 1, view.zoom + by));
      void draw();
    },
    tap: (x, y) => {
      const side = scale();
      choose(
        genomeAt(
          view.world,
          Math.floor(view.x + (x - canvas.clientWidth / 2) / side),
          Math.floor(view.y + (y - canvas.clientHeight / 2) / side),
        ),
      );
    },
  });

  function choose(genome: Uint8Array): void {
    chosen = genome;
    const hex = toHex(genome);
    const { draft } = studio;
    const favourite = draft.favourites.find((one) => one.genome === hex);
    const { line } = describe(genome, 3, 0);
    const table = h('div', { class: 'forms' });
    // Row by row: the seed and sprout are the same for all branches.
    const rows = [0, 1, 2, 3, 4].map((branch) => {
      const row = h(
        'div',
        { class: `form-row branch-${branch}` },
        h('b', {}, branch === 0 ? 'none yet' : branchName(draft, branch)),
      );
      table.append(row);
      return row;
    });
    void (async () => {
      for (let branch = 0; branch < BRANCHES.length; branch++)
        for (let stage = 0; stage < STAGES.length; stage++) {
          if (chosen !== genome) return;
          rows[branch].append(creature(models.current, { genome, stage, branch }));
          await new Promise((done) => setTimeout(done, 0));
        }
    })();
    const pin = h(
      'button',
      {
        class: 'go',
        onclick: () => {
          const others = studio.draft.favourites.filter((one) => one.genome !== hex);
          const favourites = favourite ? others : [...others, { genome: hex, name: '' }].slice(-FAVOURITES);
          studio.change({ favourites });
          choose(genome);
        },
      },
      favourite ? 'Let go' : 'Pin it',
    );
    context2.replaceChildren(
      h(
        'div',
        { class: 'meadow' },
        creature(models.current, { genome, stage: view.stage, branch: view.branch }),
      ),
      h('p', {}, `${line[0].toUpperCase()}${line.slice(1)}.`),
      pin,
      table,
    );
  }

  function showPinned(): void {
    const { favourites } = studio.draft;
    const state = `${models.current.id}${favourites.map(({ genome }) => genome).join()}`;
    if (pinned.dataset.state === state) return;
    pinned.dataset.state = state;
    pinned.replaceChildren(
      ...favourites.map(({ genome, name }) => {
        const input = h('input', {
          value: name,
          maxlength: '32',
          placeholder: 'a name',
          'aria-label': 'Its name',
          oninput: () =>
            studio.change({
              favourites: studio.draft.favourites.map((one) =>
                one.genome === genome ? { genome, name: input.value } : one,
              ),
            }),
        });
        const picture = creature(models.current, { genome: fromHex(genome), stage: 3, branch: 1 });
        return h('li', {}, h('button', { onclick: () => choose(fromHex(genome)) }, picture), input);
      }),
    );
  }

  const select = (
    label: string,
    values: readonly (readonly [number, string])[],
    get: () => number,
    set: (value: number) => void,
  ) => {
    const element = h(
      'select',
      { 'aria-label': label, onchange: () => set(Number(element.value)) },
      ...values.map(([value, text]) =>
        h('option', { value: String(value), selected: value === get() }, text),
      ),
    );
    return element;
  };
  const bar = h('div', { class: 'bar' });
  const showBar = () => {
    const { draft } = studio;
    const state = JSON.stringify([draft.stages, draft.branches]);
    if (bar.dataset.state === state) return;
    bar.dataset.state = state;
    bar.replaceChildren(
      select(
        'Stage',
        STAGES.map((_, i) => [i, stageName(draft, i)]),
        () => view.stage,
        (value) => {
          view.stage = value;
          void draw();
        },
      ),
      select(
        'Branch',
        BRANCHES.map((_, i) => [i, i === 0 ? 'no branch' : branchName(draft, i)]),
        () => view.branch,
        (value) => {
          view.branch = value;
          void draw();
        },
      ),
      h('button', { class: 'quiet', title: 'Nearer', onclick: () => zoomBy(1) }, '+'),
      h('button', { class: 'quiet', title: 'Farther', onclick: () => zoomBy(-1) }, '−'),
      h('button', { class: 'quiet', onclick: elsewhere }, 'Elsewhere'),
    );
  };
  const zoomBy = (by: number) => {
    view.zoom = Math.max(0, Math.min(ZOOMS.length - 1, view.zoom + by));
    void draw();
  };
  const elsewhere = () => {
    view.world = (view.world + 1) % 4_096;
    cache.clear();
    void draw();
  };

  const showNames = () => namesForm(studio, named);
  const refresh = () => {
    if (!canvas.isConnected) return;
    showBar();
    showPinned();
    showNames();
    if (model !== models.current.id && chosen) choose(chosen);
    void draw();
  };
  studio.addEventListener('change', refresh);
  models.addEventListener('change', refresh);
  new ResizeObserver(() => void draw()).observe(canvas);

  return {
    title: 'Explore',
    element: h(
      'section',
      { class: 'explore' },
      h(
        'header',
        { class: 'hello' },
        h('h1', {}, 'Who lives there'),
        h(
          'p',
          {},
          'Every place on this map is a genome, and neighbours are alike. Drag, zoom, and choose one to see what it can become.',
        ),
      ),
      bar,
      h('div', { class: 'atlas' }, h('div', { class: 'map' }, canvas), context2),
      h('h2', {}, 'Pinned'),
      pinned,
      named,
    ),
    ready: () => null,
    state: () => (studio.draft.favourites.length > 0 ? `♥ ${studio.draft.favourites.length}` : ''),
    shown: () => {
      showBar();
      showPinned();
      showNames();
      choose(chosen ?? genomeAt(view.world, 0, 0));
      void draw();
    },
  };
}
