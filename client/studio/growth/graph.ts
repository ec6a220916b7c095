import { STAGES } from '#shared/art/types.ts';
import type { GrowthRule } from '#shared/growth/index.ts';
import { creature } from '../canvas.ts';
import type { Draft } from '../draft.ts';
import { genomeOf } from '../genomes.ts';
import type { Models } from '../models.ts';
import { branchName, stageName } from '../names.ts';
import { s } from '../svg-dom.ts';
import { layoutOf, type Place, pathOf } from './layout.ts';
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

/** The rule as a graph: who reaches what, by the thickness of its lines. */
export class Graph {
  readonly element = s('svg', { class: 'graph', role: 'group', 'aria-label': 'Stages and branches' });
  private readonly pictures = new Map<string, string>();
  private readonly missing = new Set<string>();
  private readonly models: Models;
  private readonly choose: (chosen: Chosen) => void;

  constructor(models: Models, choose: (chosen: Chosen) => void) {
    this.models = models;
    this.choose = choose;
  }

  show({ rule, draft, chosen, problems, spread, window }: Shown): void {
    const across = this.element.clientWidth === 0 || this.element.clientWidth > 620;
    const layout = layoutOf(rule, across);
    const focused = this.element.contains(document.activeElement)
      ? (document.activeElement as SVGElement).dataset.key
      : undefined;
    const reached = ({ stage, branch }: Place): number =>
      spread
        ? spread.reached(window, stage, stage >= rule.branchStage && branch > 0 ? branch : undefined)
        : 0;
    const lines = layout.edges.flatMap((edge) => {
      const share = spread ? reached(edge.to) / spread.players : 0;
      const path = pathOf(edge, across);
      return [
        s('path', { class: 'line', d: path }),
        s('path', {
          class: `flow branch-${edge.to.branch}`,
          d: path,
          'stroke-width': share > 0 ? Math.max(1.5, share * WIDEST).toFixed(1) : 0,
        }),
      ];
    });
    const nodes = layout.places.map((place) =>
      this.node(place, layout.radius, rule, draft, chosen, problems, reached(place), spread !== null),
    );
    this.element.setAttribute('viewBox', `0 0 ${layout.width} ${layout.height}`);
    this.element.replaceChildren(...lines, ...nodes);
    if (focused) this.element.querySelector<SVGElement>(`[data-key="${focused}"]`)?.focus();
  }

  private node(
    { stage, branch, x, y }: Place,
    radius: number,
    rule: GrowthRule,
    draft: Draft,
    chosen: Chosen,
    problems: readonly Problem[],
    reached: number,
    simulated: boolean,
  ): SVGElement {
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
    const pick = () => leads && this.choose(leads);
    const size = radius * 1.66;
    return s(
      'g',
      {
        class: `node branch-${branch}${picked ? ' picked' : ''}${wrong.some((one) => one.refused) ? ' wrong' : ''}`,
        transform: `translate(${x} ${y})`,
        'data-key': `${stage}.${branch}`,
        ...(leads ? { tabindex: 0, role: 'button' } : {}),
        'aria-label': `${stageName(draft, stage)}${branch > 0 ? ` of ${branchName(draft, branch)}` : ''}${simulated ? `: ${reached} of 1000` : ''}`,
        onclick: pick,
        onkeydown: (event) => {
          if (!['Enter', ' '].includes((event as KeyboardEvent).key)) return;
          event.preventDefault();
          pick();
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
      s('text', { class: 'name', y: radius + 19 }, name),
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
