import { mannerPolicy } from '#ml/scripted/index.ts';
import type { Brain } from '#shared/brain/file.ts';
import { createWorld, type Terrain } from '#shared/world/index.ts';
import { writePartHeader } from '../learning/log/part.ts';
import { epochRoot, type LogKey, sealPart } from '../learning/log/seal.ts';
import { Witness } from '../learning/log/witness.ts';
import { keepPlays, type PlayRow } from '../store/plays.ts';
import type { Store } from '../store/store.ts';
import { Minds } from '../zone/minds.ts';
import { MAX_PLAYERS, Zone } from '../zone/zone.ts';
import { Crowd } from './crowd.ts';

/** A log of play as a server writes it, of scripted players among inhabitants. */
export async function livedLog(options: {
  terrain: Terrain;
  brains: ReadonlyMap<string, Brain>;
  key: LogKey;
  zone: number;
  /** One player each. */
  manners: readonly string[];
  epochs: number;
  seed: number;
}): Promise<PlayRow[]> {
  const { terrain, brains, key, zone: id, manners, epochs, seed } = options;
  const minds = new Minds(brains);
  const zone = new Zone(createWorld(terrain, { seed, capacity: minds.count + MAX_PLAYERS }), minds);
  const witness = new Witness(zone.world.capacity, () => true);
  zone.onlooker = witness;
  const crowd = new Crowd(zone);
  const nothing = { fruit: 0, crystal: 0, bankedFruit: 0, bankedCrystal: 0, coins: 0 };
  manners.forEach((manner, k) => {
    crowd.add(zone.join(1000 + k, nothing, [0, 0, 0, 0, 0, 0, 0, 0]), mannerPolicy(manner));
  });
  const rows: PlayRow[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let t = 0; t < 600; t++) {
      crowd.act();
      zone.tick();
    }
    for (const [identity, { bytes, length, own, others }] of witness.notes) {
      const who = key.pseudonym(identity);
      const part = bytes.subarray(0, length);
      writePartHeader(part, { zone: id, epoch, who }, own + others);
      rows.push({ zone: id, ...(await sealPart(key, { epoch, who, own, others, bytes: part })) });
    }
    witness.notes.clear();
  }
  return rows;
}

export async function keepLog(store: Store, rows: readonly PlayRow[]): Promise<void> {
  await keepPlays(store, rows, epochRoot);
}
