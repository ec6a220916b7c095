/** One step of the studio's way. */
export interface Page {
  readonly title: string;
  readonly element: HTMLElement;
  /** Why one cannot go on from here yet; null: one can. */
  ready(): string | null;
  /** A word beside the step's name: how far it is. */
  state(): string;
  /** Called whenever it comes into sight. */
  shown?(): void;
}
