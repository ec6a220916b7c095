import { ArtError, drawSprite, loadArtModel } from '#shared/art/index.ts';
import { readHeader } from '#shared/brain/file-header.ts';
import { STUDIO, type StudioModel } from '#shared/protocol/index.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/store.ts';
import { dropModel, keepModel, modelFile, modelsOf, type OwnedModel } from '../store/studio.ts';

/** What a model's file says of itself. */
export interface ModelFacts {
  id: string;
  name: string;
  size: number;
  parent: string | null;
  trainingRoot: string | null;
}

const TRIAL = Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 11) & 255);
const MAX_NAME = 64;

/** Reads and tries a model's file. @throws Refusal naming what is wrong with it */
export function examine(file: Uint8Array): ModelFacts {
  if (file.length === 0) throw new Refusal(400, 'model', 'is empty; the body must be the file’s bytes');
  try {
    const model = loadArtModel(file);
    // What cannot draw would be found out by whoever holds a symbiont.
    for (const stage of [0, 4]) drawSprite(model, { genome: TRIAL, stage, branch: stage && 1 });
    return { id: model.id, ...factsOf(file) };
  } catch (error) {
    if (error instanceof ArtError) throw new Refusal(400, 'model', error.message);
    throw error;
  }
}

function factsOf(file: Uint8Array): Omit<ModelFacts, 'id'> {
  const manifest = readHeader(file).header.manifest as {
    name: string;
    shape?: { size?: number };
    provenance?: { parent?: unknown; data?: unknown; trainingRoot?: unknown };
  };
  const hash = (value: unknown) =>
    typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) && !/^0+$/.test(value) ? value : null;
  const { parent, data, trainingRoot } = manifest.provenance ?? {};
  return {
    name: [...manifest.name].slice(0, MAX_NAME).join(''),
    size: manifest.shape?.size ?? 32,
    parent: hash(parent),
    trainingRoot: hash(data) ?? hash(trainingRoot),
  };
}

const shown = ({ model, name, bytes, size, parent, trainingRoot, created }: OwnedModel): StudioModel => ({
  id: model,
  name,
  bytes,
  size,
  parent,
  trainingRoot,
  created: created.getTime(),
});

/** The art models that creators brought: kept by their files' hashes. */
export class Library {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** @throws Refusal with nothing changed */
  async bring(owner: string, file: Uint8Array): Promise<StudioModel> {
    const { id, ...facts } = examine(file);
    const most = { models: STUDIO.models, bytes: STUDIO.modelsBytes };
    const full = await keepModel(this.store, { owner, model: id, bytes: file.length, ...facts }, file, most);
    if (full === 'models')
      throw new Refusal(409, 'models', `you keep ${STUDIO.models} here, which is the limit; drop one first`);
    if (full === 'bytes')
      throw new Refusal(
        409,
        'models',
        `yours would take more than ${STUDIO.modelsBytes} bytes together; drop one first`,
      );
    const mine = (await this.mine(owner)).find((model) => model.id === id);
    if (!mine) throw new Error(`art model ${id}: was not kept`);
    return mine;
  }

  async mine(owner: string): Promise<StudioModel[]> {
    return (await modelsOf(this.store, owner)).map(shown);
  }

  /** @throws Refusal */
  async file(id: string): Promise<Uint8Array> {
    const file = /^[0-9a-f]{64}$/.test(id) ? await modelFile(this.store, id) : null;
    if (!file) throw new Refusal(404, 'id', 'no art model here has this hash');
    return file;
  }

  /** @throws Refusal where a collection names it */
  async drop(owner: string, id: string): Promise<void> {
    if (!(await this.mine(owner)).some((model) => model.id === id))
      throw new Refusal(404, 'id', 'you brought no such art model');
    if (!(await dropModel(this.store, owner, id)))
      throw new Refusal(409, 'id', 'a collection is drawn by it');
  }
}
