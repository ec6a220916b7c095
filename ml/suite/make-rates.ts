/**
 * Writes assets/growth/rates.json: what players of each manner do in five minutes of the world, as a full zone with the
 * committed brains has it happen. The creators' studio draws from these samples to show how a rule of growth would
 * spread symbionts over stages and branches. Run again after a change of the world or its brains:
 *   node --import tsx ml/suite/make-rates.ts
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createKernel } from '#shared/brain/index.ts';
import { DEEDS, EVENT, TICKS_PER_SECOND } from '#shared/world/index.ts';
import { loadTerrain } from '../env/terrain.ts';
import { mannerPolicy, roleNumber } from '../scripted/index.ts';
import { Arena, type Mind } from './arena.ts';
import { inhabitants } from './brains.ts';
import { zoneSeats } from './play.ts';
import { MANNERS as BODY_MANNERS } from './players/index.ts';
import { policyOf } from './policies.ts';

const SEED = 20;
/** Players of a manner at once: few, so that they do not take everything from each other. */
const PLAYERS = 5;
const WINDOW_SECONDS = 300;
const WINDOWS = 8;
const SETTLE_SECONDS = 60;
/** Manners of ml/scripted/players and, by the last names, of ml/suite/players that differ in what they do. */
const MANNERS = [
  'newcomer',
  'stroller',
  'visitor',
  'gatherer',
  'courier',
  'giver',
  'robber',
  'kiter',
  'rusher',
];
const BODIES = ['turtle', 'pacifist', 'traveller'] as const;

const kernel = await createKernel();
const minds = new Map<string, Mind>(
  inhabitants().map(({ role, judged }) => [role, { policy: policyOf(judged, role, kernel) }]),
);
const players: [string, Mind][] = [
  ...MANNERS.map((name): [string, Mind] => [name, { policy: mannerPolicy(name) }]),
  ...BODIES.map((name): [string, Mind] => [name, { manner: BODY_MANNERS[name] }]),
];
const styles = players.map(([name, mind], k) => {
  const zone = zoneSeats(minds);
  const several = Array.from({ length: PLAYERS }, (_, i) => ({
    who: { role: roleNumber('wanderer'), tag: 1_000 + i },
    mind,
  }));
  const arena = new Arena(loadTerrain(), SEED + k, [...zone, ...several]);
  arena.run(SETTLE_SECONDS * TICKS_PER_SECOND);
  const samples: number[][] = [];
  for (let window = 0; window < WINDOWS; window++) {
    const counts = Array.from({ length: PLAYERS }, () => DEEDS.map(() => 0));
    arena.run(WINDOW_SECONDS * TICKS_PER_SECOND, ({ events }) => {
      for (let e = 0; e < events.count; e++) {
        const player = events.actor(e) - zone.length;
        if (events.kind(e) === EVENT.deed && player >= 0)
          counts[player][events.target(e)] += events.amount(e);
      }
    });
    samples.push(...counts);
  }
  const mean = DEEDS.map((_, d) => samples.reduce((sum, one) => sum + one[d], 0) / samples.length);
  console.log(name.padEnd(10), mean.map((one) => one.toFixed(1).padStart(6)).join(''));
  return { name, samples };
});

const file = fileURLToPath(new URL('../../assets/growth/rates.json', import.meta.url));
const lines = styles.map((style) => `    ${JSON.stringify(style)}`).join(',\n');
writeFileSync(
  file,
  `{\n  "deeds": ${JSON.stringify(DEEDS)},\n  "minutes": ${WINDOW_SECONDS / 60},\n  "styles": [\n${lines}\n  ]\n}\n`,
);
