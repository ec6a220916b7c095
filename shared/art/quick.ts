import { accelerate, accelerateSync } from './grid/kernel.ts';
import { type ArtModel, loadArtModel } from './model.ts';

/** An art model that draws by its kernel, where its kind has one: the same pictures, sooner. @throws ArtError */
export async function loadQuickArt(bytes: Uint8Array): Promise<ArtModel> {
  const model = loadArtModel(bytes);
  if (model.inputs === 'art-v2') await accelerate(model.grid);
  return model;
}

/** As `loadQuickArt`, at once. Browsers may refuse this outside of workers. */
export function loadQuickArtSync(bytes: Uint8Array): ArtModel {
  const model = loadArtModel(bytes);
  if (model.inputs === 'art-v2') accelerateSync(model.grid);
  return model;
}
