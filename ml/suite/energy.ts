import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Energy of a piece of work: what the processor's own meter says (Intel RAPL through Linux powercap, whole packages, so
 * with everything else that ran meanwhile), or, where it cannot be read, this process's CPU time times a stated power.
 */
export interface Energy {
  readonly joules: number;
  readonly cpuSeconds: number;
  /** How it was measured, for people. */
  readonly how: string;
}

/** Watts that one busy core is taken to draw where there is no meter; a server's core under full load. */
export const WATTS_PER_CORE = 10;
const POWERCAP = '/sys/class/powercap';

interface Meter {
  readonly file: string;
  readonly start: number;
  readonly range: number;
}

/** Starts measuring; the answer ends it. @param folder where Linux shows the meters */
export function startEnergy(folder = POWERCAP): () => Energy {
  const meters = findMeters(folder);
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    const cpuSeconds = (user + system) / 1e6;
    const measured = meters.map(({ file, start, range }) => {
      const now = readNumber(file);
      return now === null ? null : now >= start ? now - start : now + range - start;
    });
    if (measured.length > 0 && measured.every((value) => value !== null))
      return {
        joules: measured.reduce((a, b) => a + b, 0) / 1e6,
        cpuSeconds,
        how: `measured by RAPL over ${measured.length} package${measured.length === 1 ? '' : 's'}, with all that ran meanwhile`,
      };
    return {
      joules: cpuSeconds * WATTS_PER_CORE,
      cpuSeconds,
      how: `estimated: ${cpuSeconds.toFixed(1)} CPU-seconds at ${WATTS_PER_CORE} W a core (this machine shows no energy meter)`,
    };
  };
}

function findMeters(folder: string): Meter[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => /^intel-rapl:\d+$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const file = path.join(folder, name, 'energy_uj');
    const start = readNumber(file);
    const range = readNumber(path.join(folder, name, 'max_energy_range_uj'));
    return start === null || range === null ? [] : [{ file, start, range }];
  });
}

function readNumber(file: string): number | null {
  try {
    const value = Number(readFileSync(file, 'utf8'));
    return Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}
