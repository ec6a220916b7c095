import { STAGES } from '#shared/art/types.ts';
import type { GrowthRule } from '#shared/growth/index.ts';
import { creature } from '../canvas.ts';
import type { Draft } from '../draft.ts';
import { genomeOf } from '../genomes.ts';
import type { Models } from '../models.ts';
import { branchName, stageName } from '../names.ts';
import { s } from '../svg-dom.ts';
import { ARROWS, draggable } from './drag.ts';
import { type Edge, type Layout, layoutOf, type Place, pathOf, placeKey } from './layout.ts';
import { arranged, type Moved, movedTo, type Point, stepped, withMoved, withPoints } from './moves.ts';
import type { Problem } from './problems.ts';
import type { Spread } from './simulate.ts';

/** What one edits: a step by the stage that it leads to, or a branch's weights. */
export type Chosen = { readonly step: number } | { readonly branch: number };

export interface Shown {
  readonly rule: GrowthRule;
  readonly draft: Draft;
  readonly chosen: Chosen;
  readonly problems: readonly Problem[];
  readonly spread: Spread | null;
  readonly window: number;
}

const WIDEST = 30;
/** Pictures that are kept. */
const KEPT = 200;
/** Creatures on the graph are of one genome, so that one sees it grow. */
const GENOME = genomeOf(12);

/** Which of the two layouts is shown. */
export type Way = keyof Draft['places'];

interface Asks {
  /** One wants to edit a place. */
  choose(chosen: Chosen): void;
  /** One moved places of a layout. */
  move(way: Way, moved: Moved): void;
}

/** Letters of a name for which a unit of width is enough. */
const LETTERS = 1 / 9.6;

/** The rule as a graph: who reaches what, by the thickness of its lines. Places can be moved. */
export class Graph {
  readonly element = s('svg', {
    class: 'graph',
    role: 'group',
    'aria-label': 'Stages and branches',
    'aria-describedby': 'graph-help',
  });
  private readonly pictures = new Map<string, string>();
  private readonly missing = new Set<string>();
  private readonly models: Models;
  private readonly asks: Asks;
  private shown: Shown | null = null;
  private layout: Layout | null = null;
  /** As it was when a place was lifted, and where that is now. */
  private lifted: { readonly layout: Layout; readonly key: string; point: Point } | null = null;

  constructor(models: Models, asks: Asks) {
    this.models = models;
    this.asks = asks;
    draggable(this.element, {
      at: (key) => this.layout?.places.find((place) => placeKey(place) === key) ?? null,
      lift: (key) => this.lift(key),
      drag: (key, to) => {
        if (this.lifted) this.put(key, movedTo(this.lifted.layout, key, to));
      },
      drop: (key, keep) => this.drop(key, keep),
    });
  }

  get way(): Way {
    return this.element.clientWidth === 0 || this.element.clientWidth > 620 ? 'across' : 'down';
  }

  show(shown: Shown): void {
    this.shown = shown;
    // What a finger has touched has to stay in the page: the rest is shown when it lets go.
    if (this.lifted) return;
    const { rule, draft, spread, window } = shown;
    const layout = arranged(layoutOf(rule, this.way === 'across'), draft.places[this.way]);
    this.layout = layout;
    const focused = this.element.contains(document.activeElement)
      ? (document.activeElement as SVGElement).dataset.key
      : undefined;
    const reached = ({ stage, branch }: Place): number =>
      spread
        ? spread.reached(window, stage, stage >= rule.branchStage && branch > 0 ? branch : undefined)
        : 0;
    const lines = layout.edges.flatMap((edge) => {
      const share = spread ? reached(edge.to) / spread.players : 0;
      const line = { d: pathOf(edge, layout.across), 'data-edge': edgeKey(edge) };
      return [
        s('path', { class: 'line', ...line }),
        s('path', {
          class: `flow branch-${edge.to.branch}`,
          ...line,
          'stroke-width': share > 0 ? Math.max(1.5, share * WIDEST).toFixed(1) : 0,
        }),
      ];
    });
    const nodes = layout.places.map((place) => this.node(place, layout, shown, reached(place)));
    this.frame(layout);
    this.element.replaceChildren(...lines, ...nodes);
    if (focused) this.find(focused)?.focus();
  }

  private find(key: string): SVGElement | null {
    return this.element.querySelector<SVGElement>(`.node[data-key="${key}"]`);
  }

  private frame({ width, height }: Layout): void {
    this.element.setAttribute('viewBox', `0 0 ${width} ${Math.ceil(height)}`);
  }

  private lift(key: string): void {
    const place = this.layout?.places.find((one) => placeKey(one) === key);
    if (!place || !this.layout) return;
    this.lifted = { layout: this.layout, key, point: place };
    this.find(key)?.classList.add('lifted');
  }

  /** Moves what is shown, without making it anew. */
  private put(key: string, point: Point): void {
    if (!this.lifted) return;
    this.lifted.point = point;
    const layout = withPoints(this.lifted.layout, new Map([[key, point]]));
    this.layout = layout;
    this.frame(layout);
    this.find(key)?.setAttribute('transform', transformOf(point));
    for (const edge of layout.edges)
      for (const path of this.element.querySelectorAll(`[data-edge="${edgeKey(edge)}"]`))
        path.setAttribute('d', pathOf(edge, layout.across));
  }

  private drop(key: string, keep: boolean): void {
    const { lifted, shown } = this;
    this.lifted = null;
    this.find(key)?.classList.remove('lifted');
    if (!lifted || !shown) return;
    this.layout = lifted.layout;
    if (keep) this.move(key, lifted.point);
    else this.show(shown);
  }

  private move(key: string, point: Point): void {
    const { layout, shown } = this;
    if (layout && shown)
      this.asks.move(this.way, withMoved(layout, shown.draft.places[this.way], key, point));
  }

  /** The keyboard's way: a place goes a step, or past what is beside it. */
  private step(key: string, [dx, dy]: readonly [number, number]): void {
    if (this.layout) this.move(key, stepped(this.layout, key, dx, dy));
  }

  private node(
    place: Place,
    { radius, room }: Layout,
    { rule, draft, chosen, problems, spread }: Shown,
    reached: number,
  ): SVGElement {
    const { stage, branch } = place;
    const key = placeKey(place);
    const simulated = spread !== null;
    const forks = branch > 0 && stage === rule.branchStage;
    const leads: Chosen | null = forks ? { branch } : stage > 0 ? { step: stage - 1 } : null;
    const wrong = problems.filter(({ where }) =>
      where === 'rule'
        ? stage === 0
        : 'branch' in where
          ? forks && where.branch === branch
          : where.step === stage - 1,
    );
    const picked =
      leads &&
      ('branch' in leads
        ? 'branch' in chosen && chosen.branch === branch
        : 'step' in chosen && chosen.step === stage - 1);
    const name =
      forks || branch === 0
        ? forks
          ? branchName(draft, branch)
          : stageName(draft, stage)
        : stageName(draft, stage);
    const pick = () => leads && this.asks.choose(leads);
    const size = radius * 1.66;
    return s(
      'g',
      {
        class: `node branch-${branch}${picked ? ' picked' : ''}${wrong.some((one) => one.refused) ? ' wrong' : ''}`,
        transform: transformOf(place),
        'data-key': key,
        tabindex: 0,
        role: leads ? 'button' : 'img',
        'aria-label': `${stageName(draft, stage)}${branch > 0 ? ` of ${branchName(draft, branch)}` : ''}${simulated ? `: ${reached} of 1000` : ''}`,
        onclick: pick,
        onkeydown: (event) => {
          const pressed = (event as KeyboardEvent).key;
          const arrow = ARROWS[pressed];
          if (!arrow && !['Enter', ' '].includes(pressed)) return;
          event.preventDefault();
          if (arrow) this.step(key, arrow);
          else pick();
        },
      },
      s('circle', { r: radius }),
      s('image', {
        href: this.picture(stage, branch),
        x: -size / 2,
        y: -size / 2 - 2,
        width: size,
        height: size,
      }),
      s('text', { class: 'name', y: radius + 19 }, cut(name, room.width)),
      s('title', {}, name),
      s('text', { class: 'many', y: radius + 38 }, simulated ? reached.toLocaleString('en') : ''),
      ...(wrong.length > 0
        ? [
            s(
              'g',
              { class: 'alarm', transform: `translate(${radius * 0.72} ${-radius * 0.72})` },
              s('circle', { r: 12 }),
              s('text', { y: 5 }, '!'),
              s('title', {}, wrong.map(({ text }) => text).join(' ')),
            ),
          ]
        : []),
    );
  }

  /** A picture's URL where it is drawn already; else nothing yet, and it is drawn between other things. */
  private picture(stage: number, branch: number): string {
    const key = `${this.models.current.id}.${Math.min(stage, STAGES.length - 1)}.${branch}`;
    const url = this.pictures.get(key);
    if (url) return url;
    this.missing.add(key);
    if (this.missing.size === 1) setTimeout(() => this.drawOne(), 0);
    return '';
  }

  private drawOne(): void {
    const [key] = this.missing;
    if (!key) return;
    this.missing.delete(key);
    const [model, stage, branch] = key.split('.');
    if (model === this.models.current.id) {
      if (this.pictures.size > KEPT) this.pictures.clear();
      const form = { genome: GENOME, stage: Number(stage), branch: Number(branch) };
      const url = creature(this.models.current, form).toDataURL();
      this.pictures.set(key, url);
      this.element.querySelector(`[data-key="${stage}.${branch}"] image`)?.setAttribute('href', url);
    }
    setTimeout(() => this.drawOne(), 0);
  }
}

const transformOf = ({ x, y }: Point): string => `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
/** An edge by where it leads: no place has two that come to it. */
const edgeKey = ({ to }: Edge): string => placeKey(to);

/** As much of a name as there is room for; the whole of it is its title. */
function cut(name: string, width: number): string {
  const most = Math.floor(width * LETTERS);
  return name.length <= most ? name : `${name.slice(0, most - 1).trimEnd()}…`;
}
