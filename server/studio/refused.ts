/** What a creator asked for and cannot have; `status` is HTTP's, `field` names what is in the way. Nothing has changed. */
export class StudioRefused extends Error {
  override name = 'StudioRefused';
  readonly status: number;
  readonly field: string;

  constructor(status: number, field: string, message: string) {
    super(message);
    this.status = status;
    this.field = field;
  }
}
