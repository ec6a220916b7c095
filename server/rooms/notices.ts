import type { ServerMessages } from '#shared/protocol/index.ts';

/** Of a wish that failed by no fault of theirs. */
export const FAILED = {
  court: 'That could not be said just now. Try again soon.',
  answer: 'That could not be said just now. Try again soon.',
  companion: 'Your choice could not be made. Try again soon.',
};
export const LEARNING: ServerMessages['notice'] = {
  level: 'info',
  text: 'Those who live here learn from how you play near them. “What they learn”, under your name, shows it and stops it.',
};
export const NOT_SAVING: ServerMessages['notice'] = {
  level: 'warning',
  text: 'The world cannot be saved right now. You can play on; deeds count again once it can.',
};
export const SAVING_AGAIN: ServerMessages['notice'] = {
  level: 'info',
  text: 'The world is being saved again.',
};
