import { ownTrainer } from '#ml/art/own/recipe.ts';
import { startBackend } from '#ml/net/backend.ts';
import { Ink } from '#shared/art/types.ts';
import { packRoles, type TrainingOrder } from '#shared/protocol/training.ts';
import { loadArtFile } from '../load.ts';

/** Pictures of round creatures, each of another width, with a belly and two eyes: roles of size². */
export function roundOnes(size: 32 | 64, count = 20): Uint8Array[] {
  return Array.from({ length: count }, (_, n) =>
    Uint8Array.from({ length: size * size }, (_, p) => {
      const [x, y] = [((p % size) + 0.5) / size - 0.5, (Math.floor(p / size) + 0.5) / size - 0.5];
      if (Math.hypot(x, y) > 0.22 + n * 0.008) return Ink.none;
      if (Math.hypot(Math.abs(x) - 0.08, y + 0.06) < 0.03) return Ink.eye;
      return Math.hypot(x, y - 0.1) < 0.1 ? Ink.patch : Ink.coat;
    }),
  );
}

export function orderOf(change: Partial<TrainingOrder> = {}): TrainingOrder {
  const size = change.size ?? 32;
  const pictures = roundOnes(size, change.pictures);
  return {
    ...{ size, steps: 60, seed: 7, name: 'Round ones', licence: 'CC0-1.0' },
    ...{ base: loadArtFile().id, pictures: pictures.length },
    roles: Buffer.from(packRoles(pictures)).toString('base64'),
    ...change,
  };
}

/** The file that an order comes to, trained here without a stop. */
export async function trainedHere({ size, steps, seed, name, licence, pictures }: TrainingOrder) {
  await startBackend();
  const base = loadArtFile().file;
  const order = { size, steps, seed, name, licence, base, sprites: roundOnes(size, pictures) };
  const trainer = ownTrainer(order);
  for (let n = 0; n < steps; n++) await trainer.step();
  const file = trainer.finished();
  trainer.dispose();
  return file;
}
