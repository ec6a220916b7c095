/**
 * What somebody asked for and cannot have; nothing has changed. `status` is HTTP's, `field` names what is in the way,
 * and the message says why. Over HTTP it is answered as it is, so that a class of its own is needed only where
 * refusals are told apart.
 */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  readonly field: string;

  constructor(status: number, field: string, message: string) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

/** A player's wish that cannot be; nothing has changed. The message is the sentence that they are told. */
export class WishRefused extends Error {
  override name = 'WishRefused';
}
