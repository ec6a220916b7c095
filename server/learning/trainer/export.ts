import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { Packr, Unpackr } from 'msgpackr';
import { type PlayRoot, type PlayRow, playRootsOf, playsOfEpoch } from '../../store/plays.ts';
import type { Store } from '../../store/store.ts';

/** An epoch of the log as it stands in the database, not yet checked. */
export interface ExportedEpoch {
  epoch: number;
  root: Uint8Array;
  rows: PlayRow[];
}

/** Pause between two epochs, for the world's clock runs on this thread. */
const PAUSE_MS = 2;

/** Writes the log of a zone to a file, epoch by epoch. */
export async function exportPlays(store: Store, zone: number, path: string): Promise<void> {
  const packr = new Packr();
  const roots: PlayRoot[] = await playRootsOf(store, zone);
  const file = openSync(path, 'wx', 0o600);
  try {
    for (const { epoch, root } of roots) {
      const rows = await playsOfEpoch(store, zone, epoch);
      if (rows.length === 0) continue;
      writeSync(file, packr.pack({ epoch, root, rows } satisfies ExportedEpoch));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  } finally {
    closeSync(file);
  }
}

export function readExport(path: string): ExportedEpoch[] {
  const bytes = readFileSync(path);
  if (bytes.length === 0) return [];
  return new Unpackr().unpackMultiple(bytes) as ExportedEpoch[];
}
