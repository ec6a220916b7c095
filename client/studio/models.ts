import worldUrl from '#assets/art/companion.safetensors?url';
import { isGrid } from '#shared/art/grid/file.ts';
import type { ArtModel } from '#shared/art/index.ts';
import { loadQuickArt } from '#shared/art/quick.ts';
import * as store from './store.ts';
import type { Studio } from './studio.ts';

/** A model and its file. */
export interface Loaded {
  readonly model: ArtModel;
  readonly bytes: Uint8Array;
}

/** The models that a creator can draw with: the world's own, and the one trained here. */
export class Models extends EventTarget {
  readonly world: Loaded;
  own: Loaded | null = null;
  private readonly studio: Studio;

  private constructor(studio: Studio, world: Loaded) {
    super();
    this.studio = studio;
    this.world = world;
  }

  static async open(studio: Studio): Promise<Models> {
    const response = await fetch(worldUrl);
    if (!response.ok) throw new Error(`art model: the server answered ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const models = new Models(studio, { model: await loadQuickArt(bytes), bytes });
    const id = studio.draft.run?.model;
    const kept = id ? await store.get<Uint8Array>('models', id) : undefined;
    // A file that this studio cannot read any more is trained again from its checkpoint.
    try {
      if (kept) models.own = { model: await loadQuickArt(kept), bytes: kept };
    } catch (error) {
      console.error(error);
    }
    return models;
  }

  /** What draws now. */
  get current(): ArtModel {
    return (this.own ?? this.world).model;
  }

  /** The file that a creator's training goes on from; null: it begins from nothing. */
  get base(): Uint8Array | null {
    return isGrid(this.world.bytes) ? this.world.bytes : null;
  }

  /** Keeps the model that training came to, and draws with it. */
  async keep(bytes: Uint8Array): Promise<void> {
    const model = await loadQuickArt(bytes);
    // One at a time: what was trained before is of no use to this draft any more.
    await store.clear('models');
    await store.put('models', model.id, bytes);
    this.own = { model, bytes };
    const { run } = this.studio.draft;
    if (run) this.studio.change({ run: { ...run, model: model.id } });
    this.dispatchEvent(new Event('change'));
  }

  /** Draws with the world's own again. */
  drop(): void {
    this.own = null;
    this.dispatchEvent(new Event('change'));
  }
}
