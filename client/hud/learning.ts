import { call, storedToken, walletSession } from '#client/net/session.ts';
import type { HttpApi, LearningCard } from '#shared/protocol/http.ts';
import type { Tale } from '#shared/protocol/messages.ts';
import { h } from './dom.ts';

const PATH = '/api/me/learning';
/** Lines of the chronicle that are shown. */
const SHOWN = 8;

const token = (): string => walletSession()?.token ?? storedToken() ?? '';
const count = (n: number, one: string, many: string): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** What inhabitants learn from this player, and the player's say over it; and what they have learnt so far. */
class LearningDialog {
  private readonly dialog: HTMLDialogElement;
  private readonly kept = h('p', { 'aria-live': 'polite' });
  private readonly answer = h('div');
  private readonly allowed = h('input', { type: 'checkbox' });
  private readonly tales = h('ol', { class: 'tales' });

  constructor() {
    this.allowed.addEventListener('change', () =>
      this.doing(async () => {
        this.show(await call<LearningCard>('PUT', PATH, { allowed: this.allowed.checked }, token()));
      }),
    );
    this.dialog = h(
      'dialog',
      { 'aria-label': 'What the Hollow learns', id: 'learning' },
      h('h2', {}, 'What the Hollow learns'),
      h(
        'p',
        {},
        'Those who live here learn from how people play near them. What you see, do and meet is kept under a ' +
          'pseudonym, never your name or what you say.',
      ),
      this.kept,
      h('label', { class: 'choice' }, this.allowed, h('span', {}, 'They may learn from me')),
      this.answer,
      h('h3', {}, 'The chronicle'),
      this.tales,
      h(
        'div',
        { class: 'row' },
        h('button', { class: 'go', autofocus: true, onclick: () => this.dialog.close() }, 'Close'),
        h('button', { class: 'quiet', onclick: () => this.doing(() => this.save()) }, 'Save as a file'),
        h('button', { class: 'quiet', onclick: () => this.doing(() => this.delete()) }, 'Delete all of it'),
      ),
    );
    document.body.append(this.dialog);
  }

  open(): void {
    this.answer.replaceChildren();
    if (!this.dialog.open) this.dialog.showModal();
    this.doing(async () => {
      const [card, { tales }] = await Promise.all([
        call<LearningCard>('GET', PATH, undefined, token()),
        call<HttpApi['GET /api/chronicle']>('GET', '/api/chronicle'),
      ]);
      this.show(card);
      this.tell(tales);
    });
  }

  private show({ allowed, epochs, decisions, beside, keptHours }: LearningCard): void {
    this.allowed.checked = allowed;
    this.kept.textContent =
      keptHours === 0
        ? 'Nobody learns on this server now: nothing is kept.'
        : epochs === 0
          ? `Nothing is kept of you now. What is kept goes after ${count(keptHours, 'hour', 'hours')}.`
          : `Kept of you: ${count(decisions, 'decision', 'decisions')} and ${count(beside, 'one', 'ones')} of those ` +
            `near you, for at most ${count(keptHours, 'hour', 'hours')}.`;
  }

  private tell(tales: readonly Tale[]): void {
    this.tales.replaceChildren(
      ...(tales.length === 0
        ? [h('li', { class: 'none' }, 'They are as they came here.')]
        : tales.slice(0, SHOWN).map(({ text }) => h('li', {}, text))),
    );
  }

  private async save(): Promise<void> {
    const all = await call<HttpApi['GET /api/me/learning/export']>(
      'GET',
      `${PATH}/export`,
      undefined,
      token(),
    );
    const url = URL.createObjectURL(new Blob([JSON.stringify(all, null, 1)], { type: 'application/json' }));
    h('a', { href: url, download: 'learning.json' }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  private async delete(): Promise<void> {
    await call('DELETE', PATH, undefined, token());
    this.show(await call<LearningCard>('GET', PATH, undefined, token()));
    this.answer.replaceChildren(
      h(
        'p',
        {},
        'It is gone, and so is what they remember of your words. What they learnt before stays in their habits.',
      ),
    );
  }

  private doing(work: () => Promise<void>): void {
    this.answer.replaceChildren();
    work().catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      this.answer.replaceChildren(h('p', { class: 'problem' }, text));
    });
  }
}

let dialog: LearningDialog | null = null;

export function openLearning(): void {
  dialog ??= new LearningDialog();
  dialog.open();
}
