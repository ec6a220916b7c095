import { type Draft, readDraft } from './draft.ts';
import type { Taken } from './pictures/intake.ts';
import * as store from './store.ts';

/**
 * What a creator is making: the draft and its pictures, kept in this browser at every change. One tab at a time has it,
 * so that nothing is trained or paid for twice.
 */
export class Studio extends EventTarget {
  draft: Draft = readDraft(undefined);
  pictures: Taken[] = [];
  private waiting = false;
  private saving: Promise<unknown> = Promise.resolve();
  /** Why the last save failed; null: it did not. */
  problem: string | null = null;

  /** Waits until no other tab has the studio, and reads what is kept. @param waits told when another one has it */
  static async open(waits: () => void): Promise<Studio> {
    await alone(waits);
    const studio = new Studio();
    studio.draft = readDraft(await store.get('draft', 'draft'));
    studio.pictures = (await store.all<Taken>('pictures')).sort((a, b) => a.order - b.order);
    return studio;
  }

  /** Changes the draft, tells who listens, and keeps it. */
  change(part: Partial<Draft>): void {
    this.draft = { ...this.draft, ...part };
    this.tell();
    if (this.waiting) return;
    // At once, and then once more after each write that something changed during: the draft is never older than that.
    this.waiting = true;
    void this.saving.then(() => this.flush());
  }

  /** Keeps the draft now. @returns when it is on the disk */
  flush(): Promise<unknown> {
    this.waiting = false;
    return this.keep(() => store.put('draft', 'draft', this.draft));
  }

  async addPictures(taken: readonly Taken[]): Promise<void> {
    this.pictures = [...this.pictures, ...taken];
    this.tell();
    await this.keep(() =>
      store.putAll(
        'pictures',
        taken.map((one) => [one.id, one]),
      ),
    );
  }

  async removePictures(gone: (one: Taken) => boolean): Promise<void> {
    const removed = this.pictures.filter(gone);
    this.pictures = this.pictures.filter((one) => !gone(one));
    this.tell();
    for (const one of removed) await this.keep(() => store.remove('pictures', one.id));
  }

  /** Begins anew: everything that this browser keeps of the draft goes, models and checkpoints too. */
  async forget(): Promise<void> {
    await this.flush();
    for (const name of ['draft', 'pictures', 'checkpoints', 'models'] as const) await store.clear(name);
    this.draft = readDraft(undefined);
    this.pictures = [];
    this.tell();
  }

  private tell(): void {
    this.dispatchEvent(new Event('change'));
  }

  /** One write after the other, in their order. */
  private keep(write: () => Promise<unknown>): Promise<unknown> {
    const told = this.problem;
    this.saving = this.saving.then(write).then(
      () => {
        this.problem = null;
        if (told) this.tell();
      },
      (error: unknown) => {
        this.problem = `This browser could not keep it: ${error instanceof Error ? error.message : error}`;
        this.tell();
      },
    );
    return this.saving;
  }
}

function alone(waits: () => void): Promise<void> {
  // Without locks (not over https) one has to look after oneself.
  if (!navigator.locks) return Promise.resolve();
  return new Promise((ready) => {
    const hold = () => {
      ready();
      return new Promise<void>(() => {});
    };
    void navigator.locks.request('symbiont-studio', { ifAvailable: true }, (lock) => {
      if (lock) return hold();
      waits();
      void navigator.locks.request('symbiont-studio', hold);
      return undefined;
    });
  });
}
