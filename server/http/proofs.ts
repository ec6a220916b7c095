import { MerkleTree } from '#shared/proof/merkle.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/store.ts';
import { leavesOf } from '../store/worlds.ts';
import { ZONE_ID } from '../zone/host.ts';
import { unpackEpoch } from '../zone/leaves.ts';

/** An epoch's leaves and the tree over them. */
export interface EpochTree {
  leaves: Uint8Array[];
  tree: MerkleTree;
}

/** Trees kept: whoever asks for one leaf of an epoch often asks for more. Each takes a few megabytes. */
const KEPT = 4;
/** Trees that are being built or wait for it. */
const MOST_WAITING = 12;
/** Leaves hashed in one go, some two milliseconds: the world's clock runs on the same thread. */
const AT_ONCE = 256;

/** Trees of closed epochs, built when asked for; one at a time. */
export class Proofs {
  private readonly store: Store;
  private readonly trees = new Map<number, Promise<EpochTree | null>>();
  private building: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(store: Store) {
    this.store = store;
  }

  /**
   * The tree of a closed epoch, or null where its leaves are not kept any more.
   * @throws Refusal 503 when too many are being built
   */
  tree(epoch: number): Promise<EpochTree | null> {
    const kept = this.trees.get(epoch);
    this.trees.delete(epoch);
    const tree = kept ?? this.build(epoch);
    this.trees.set(epoch, tree);
    tree.catch(() => this.trees.delete(epoch));
    for (const oldest of this.trees.keys()) {
      if (this.trees.size <= KEPT) break;
      this.trees.delete(oldest);
    }
    return tree;
  }

  private build(epoch: number): Promise<EpochTree | null> {
    if (this.waiting >= MOST_WAITING)
      throw new Refusal(
        503,
        'epoch',
        `${MOST_WAITING} others are being proved just now; ask again in a moment`,
      );
    this.waiting++;
    const built = this.building.then(async () => {
      const packed = await leavesOf(this.store, ZONE_ID, epoch);
      if (!packed) return null;
      const leaves = await unpackEpoch(packed);
      const tree = new MerkleTree();
      for (let i = 0; i < leaves.length; i++) {
        tree.add(leaves[i]);
        if (i % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
      }
      return { leaves, tree };
    });
    this.building = built
      .catch(() => {})
      .finally(() => {
        this.waiting--;
      });
    return built;
  }
}
