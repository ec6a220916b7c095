import { bytesToHex } from '@noble/hashes/utils';
import { PERSON, type Play, PlayError } from '../log/part.ts';
import { dataRoot, epochRoot, type LogKey, readPart } from '../log/seal.ts';
import type { ExportedEpoch } from './export.ts';
import type { Refusal } from './task.ts';

/** One person's decisions, rising by time, and whom they met. */
export interface Person {
  /** Pseudonym, hex. */
  who: string;
  plays: Play[];
}

export interface ReadLog {
  people: Person[];
  /** Decisions of inhabitants near people, by role. */
  met: Map<number, number>;
  /** Root over the epochs that were read. */
  root: Uint8Array;
  refused: Refusal[];
}

/**
 * Checks an exported log, part by part and epoch by epoch, and sorts it by person. What is wrong is left out and named:
 * a part that cannot be what it claims, and all of an epoch whose parts are not those of its root.
 */
export async function readLog(key: LogKey, zone: number, epochs: readonly ExportedEpoch[]): Promise<ReadLog> {
  const people = new Map<string, Person>();
  const met = new Map<number, number>();
  const refused: Refusal[] = [];
  const good: { epoch: number; root: Uint8Array }[] = [];
  for (const { epoch, root, rows } of epochs) {
    const whole = bytesToHex(epochRoot(rows.map((row) => row.hash))) === bytesToHex(root);
    const plays: { who: string; plays: Play[] }[] = [];
    const hashes: Uint8Array[] = [];
    for (const row of rows) {
      const who = bytesToHex(row.who);
      try {
        if (!whole) throw new PlayError('root', 'is not that of the epoch’s parts');
        plays.push({ who, plays: (await readPart(key, zone, row)).plays });
        hashes.push(row.hash);
      } catch (error) {
        if (!(error instanceof PlayError)) throw error;
        refused.push({ epoch, who, problem: error.message });
      }
    }
    if (hashes.length > 0) good.push({ epoch, root: epochRoot(hashes) });
    for (const { who, plays: all } of plays) {
      const person = people.get(who) ?? { who, plays: [] };
      people.set(who, person);
      for (const play of all)
        if (play.npc === PERSON) person.plays.push(play);
        else met.set(play.role, (met.get(play.role) ?? 0) + 1);
    }
  }
  const sorted = [...people.values()].sort((a, b) => (a.who < b.who ? -1 : 1));
  return { people: sorted, met, root: dataRoot(good), refused };
}
