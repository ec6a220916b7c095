import type { ArtModel } from '#shared/art/index.ts';
import { loadQuickArtSync } from '#shared/art/quick.ts';
import type { Store } from '../store/store.ts';
import { keptModels, modelFile } from '../store/studio.ts';

/** A model that this server does not have, so that what it draws is not drawn here. */
export class ModelMissing extends Error {
  override name = 'ModelMissing';
  readonly field = 'model';

  constructor(id: string) {
    super(
      `${id} is not on this server; whoever has its file can bring it (POST /api/studio/models): it is known by its hash`,
    );
  }
}

/** Models held ready at once: a few MB each. */
const LOADED = 16;

/** The art models by which symbionts are drawn here: the world's own, those that come with it, and what creators brought. */
export class Models {
  readonly own: ArtModel;
  private readonly store: Store;
  private readonly shipped: ReadonlyMap<string, ArtModel>;
  /** Those asked for last at the end. */
  private readonly loaded = new Map<string, ArtModel>();

  constructor(store: Store, own: ArtModel, shipped: readonly ArtModel[] = []) {
    this.store = store;
    this.own = own;
    this.shipped = new Map([own, ...shipped].map((model) => [model.id, model]));
  }

  /** @param id null: the world's own. @throws ModelMissing */
  async byId(id: string | null): Promise<ArtModel> {
    if (id === null) return this.own;
    const ready = this.shipped.get(id) ?? this.loaded.get(id);
    if (ready) {
      if (this.loaded.delete(id)) this.loaded.set(id, ready);
      return ready;
    }
    const file = await modelFile(this.store, id);
    if (!file) throw new ModelMissing(id);
    const model = loadQuickArtSync(file);
    // What was kept under a name must be what has that name.
    if (model.id !== id) throw new ModelMissing(id);
    this.loaded.set(id, model);
    for (const oldest of this.loaded.keys()) {
      if (this.loaded.size <= LOADED) break;
      this.loaded.delete(oldest);
    }
    return model;
  }

  isShipped(id: string): boolean {
    return this.shipped.has(id);
  }

  /** Those of these that can be drawn by here. */
  async known(ids: readonly string[]): Promise<Set<string>> {
    const others = ids.filter((id) => !this.shipped.has(id));
    const kept = await keptModels(this.store, others);
    return new Set(ids.filter((id) => this.shipped.has(id) || kept.has(id)));
  }
}
