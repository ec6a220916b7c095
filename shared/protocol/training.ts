import { z } from 'zod';

/**
 * Training of a creator's art model as a job of the server: the same trainer as the studio page's, for machines that are
 * slow or go away. `/api/studio/trainings`; every route wants a wallet's session, and shows nobody another's job.
 */
export const TRAINING = {
  /** Pictures of one job. */
  least: 20,
  most: 400,
  /** Steps of one job. */
  steps: 4_000,
  /** Bytes of an order: the most pictures of 64 × 64, two roles a byte, in base64, and the rest of it. */
  bodyBytes: 1_150_000,
  /** Filled pixels that a picture has at least. */
  filled: 16,
} as const;

const count = (least: number, most: number) => {
  const told = `must be a whole number from ${least} to ${most}`;
  return z.int(told).min(least, told).max(most, told);
};

/** What a creator hands in. The pictures were reduced to palette roles by the page. */
export const TrainingOrder = z
  .strictObject({
    /** Pixels a side. */
    size: z.union([z.literal(32), z.literal(64)], 'must be 32 or 64'),
    steps: count(1, TRAINING.steps),
    seed: count(0, 0xffffffff),
    /** Of the model; it stands in its file. */
    name: z.string('must be text').regex(/^[^\p{Cc}]{1,64}$/u, 'must be 1 to 64 characters'),
    /** An SPDX identifier, which stands in the model's file. */
    licence: z
      .string('must be text')
      .regex(/^[\x21-\x7e]{1,24}$/, 'must be an SPDX identifier of 1 to 24 characters'),
    /** Id of the world's own art model, which is gone on from. */
    base: z.string('must be 64 hex digits').regex(/^[0-9a-f]{64}$/, 'must be 64 lowercase hex digits'),
    pictures: count(TRAINING.least, TRAINING.most),
    /** Roles (0..15) of all pictures, row by row, two a byte, the first in the lower half; base64. */
    roles: z.base64('must be base64'),
  })
  .superRefine(({ size, pictures, roles }, context) => {
    const bytes = (pictures * size * size) / 2;
    const given = (roles.length / 4) * 3 - (roles.endsWith('==') ? 2 : roles.endsWith('=') ? 1 : 0);
    if (given !== bytes)
      context.addIssue({
        code: 'custom',
        path: ['roles'],
        message: `must be ${bytes} bytes (${pictures} pictures of ${size} × ${size}, two roles a byte), are ${given}`,
      });
  });
export type TrainingOrder = z.infer<typeof TrainingOrder>;

/** Roles of pictures, two a byte. */
export function packRoles(pictures: readonly Uint8Array[]): Uint8Array {
  const pixels = pictures.reduce((sum, one) => sum + one.length, 0);
  const packed = new Uint8Array(pixels / 2);
  let at = 0;
  for (const picture of pictures)
    for (let p = 0; p < picture.length; p += 2) packed[at++] = picture[p] | (picture[p + 1] << 4);
  return packed;
}

/** The roles of each picture of `size` × `size` again. */
export function unpackRoles(packed: Uint8Array, size: number): Uint8Array[] {
  const bytes = (size * size) / 2;
  return Array.from({ length: packed.length / bytes }, (_, n) =>
    Uint8Array.from({ length: size * size }, (_, p) => (packed[n * bytes + (p >> 1)] >> (4 * (p & 1))) & 15),
  );
}

/** queued: others are before it. paused: by its creator, who may go on. failed: `problem` says why; it may be gone on with. */
export const TRAINING_STATES = ['queued', 'training', 'paused', 'done', 'failed'] as const;
export type TrainingState = (typeof TRAINING_STATES)[number];

/** A job as its creator sees it. */
export interface StudioTraining {
  id: string;
  state: TrainingState;
  size: 32 | 64;
  pictures: number;
  steps: number;
  seed: number;
  /** Steps done, and those that a server which ends now would not lose. */
  step: number;
  saved: number;
  /** At each hundredth of the way, nats a pixel. */
  losses: number[];
  /** Steps a second and seconds left, while it is training. */
  perSecond: number | null;
  secondsLeft: number | null;
  /** It stands still for a moment: the world needs the processor. */
  held: boolean;
  /** Jobs that are before it. */
  ahead: number;
  problem: string | null;
  /** Id of the finished model; its pictures are gone from here by then. */
  model: string | null;
  /** Milliseconds since 1970: handed in; and when it will be forgotten unless something is done with it. */
  created: number;
  until: number;
}

export interface TrainingApi {
  /**
   * Mine, none or one. `offered`: false where this server trains nothing. `stepMs`: what a step took here of late, by size;
   * null: unknown. `waiting`: jobs that are before a new one, and the seconds that they take, as far as is known.
   */
  'GET /api/studio/trainings': {
    trainings: StudioTraining[];
    offered: boolean;
    stepMs: { 32: number | null; 64: number | null };
    waiting: number;
    waitingSeconds: number;
  };
  /** Body: TrainingOrder. One a creator: a new one takes the place of one that is done or failed. */
  'POST /api/studio/trainings': { training: StudioTraining };
  'GET /api/studio/trainings/:id': { training: StudioTraining };
  /** What it draws by now: 4 creatures at 5 stages, RGBA, one after the other. 404 before there is any. */
  'GET /api/studio/trainings/:id/preview': Uint8Array;
  /** The finished file. */
  'GET /api/studio/trainings/:id/model': Uint8Array;
  /** Ends within a step; what was learnt is kept. */
  'POST /api/studio/trainings/:id/pause': { training: StudioTraining };
  'POST /api/studio/trainings/:id/resume': { training: StudioTraining };
  /** Ends it where it is at work; its pictures and all that came of them go. */
  'DELETE /api/studio/trainings/:id': { deleted: true };
}
