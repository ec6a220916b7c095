import { TRAINING } from '#shared/protocol/training.ts';
import { Refusal } from '../../refusal.ts';

/**
 * Whether these can be learnt from: none of them all but empty, none of one role.
 * @param packed their roles, two a byte (`packRoles`)
 * @throws Refusal naming the picture
 */
export function checkPictures(packed: Uint8Array, size: 32 | 64): void {
  const each = (size * size) / 2;
  const counts = new Uint32Array(16);
  for (let n = 0; n * each < packed.length; n++) {
    counts.fill(0);
    for (let at = n * each; at < (n + 1) * each; at++) {
      counts[packed[at] & 15]++;
      counts[packed[at] >> 4]++;
    }
    const filled = size * size - counts[0];
    const roles = counts.subarray(1).filter((count) => count > 0).length;
    if (filled < TRAINING.filled)
      throw new Refusal(
        400,
        `roles[${n}]`,
        `must have at least ${TRAINING.filled} filled pixels, has ${filled}`,
      );
    if (roles < 2) throw new Refusal(400, `roles[${n}]`, 'must have at least 2 roles, or it is a silhouette');
  }
}
