import { TRAINING } from '#shared/protocol/training.ts';
import { StudioRefused } from '../refused.ts';

/** Whether these can be learnt from: none of them all but empty, none of one role. @throws StudioRefused naming the picture */
export function checkPictures(pictures: readonly Uint8Array[]): void {
  pictures.forEach((roles, n) => {
    const filled = roles.filter((role) => role !== 0);
    const refuse = (message: string) => {
      throw new StudioRefused(400, `roles[${n}]`, message);
    };
    if (filled.length < TRAINING.filled)
      refuse(`must have at least ${TRAINING.filled} filled pixels, has ${filled.length}`);
    if (filled.every((role) => role === filled[0]))
      refuse('must have at least 2 roles, or it is a silhouette');
  });
}
