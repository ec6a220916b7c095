import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bytesToHex } from '@noble/hashes/utils';
import { describe, expect, it } from 'vitest';
import { invariant } from '#shared/world/index.ts';
import { scriptedPolicy } from '../scripted/index.ts';
import { Arena } from './arena.ts';
import { MAP_NAMES, suiteMap } from './maps/index.ts';
import { seatsOf } from './play.ts';
import { MANNERS } from './players/index.ts';
import { readScenarios, ScenarioError, SUITE_ROLES } from './scenario.ts';
import { SCENARIOS, scenariosOf } from './scenarios.ts';

const ML = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(`${ML}/${file}`, 'utf8');
const files = (folder: string, end: string): string[] =>
  readdirSync(`${ML}/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .map((name) => (folder === '.' ? name : `${folder}/${name}`));

describe('the scenarios', () => {
  it('are at least 24, six for each role, on two maps and more that brains are not trained on', () => {
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(24);
    for (const role of SUITE_ROLES) expect(scenariosOf(role).length).toBeGreaterThanOrEqual(6);
    const maps = new Set(SCENARIOS.map(({ map }) => map));
    maps.delete('hollow');
    expect(maps.size).toBeGreaterThanOrEqual(2);
  });

  it('have every kind of player in them', () => {
    const met = new Set(SCENARIOS.flatMap(({ others }) => others.map(({ manner }) => manner)));
    for (const manner of [
      'rusher',
      'kiter',
      'hoarder',
      'pacifist',
      'griefer',
      'newcomer',
      'courier',
      'turtle',
      'robber',
      'giver',
      'liar',
      'scripted',
      'random',
    ])
      expect(met).toContain(manner);
    expect(SCENARIOS.some(({ others }) => others.length === 0)).toBe(true);
  });

  it('are held out: no behaviour names the suite and no code that trains reads it', () => {
    for (const file of files('behaviors', '.yaml')) expect(read(file)).not.toMatch(/suite/i);
    const outside = /^(suite|cli)\//;
    for (const file of files('.', '.ts')) {
      if (outside.test(file) || file === 'cli.ts') continue;
      expect(read(file), file).not.toMatch(/from '[^']*suite\//);
    }
    expect(read('cli/train.ts')).not.toMatch(/suite/);
  });

  it('have players of their own: none of the rules that brains train against', () => {
    for (const file of files('suite/players', '.ts'))
      expect(read(file), file).not.toMatch(/from '[^']*(scripted|env)\//);
    expect(read('suite/body.ts')).not.toMatch(/from '[^']*(scripted|env)\//);
  });

  const good = {
    name: 'forager-test',
    about: 'x',
    role: 'forager',
    map: 'fords',
    focal: 2,
    others: [{ role: 'raider', manner: 'pack', count: 2 }],
    seconds: 20,
    score: [{ measure: 'banked', weight: 1 }],
  };
  it.each([
    [{ name: 'Forager' }, /scenario "Forager": name: must be two to five words/],
    [{ role: 'wanderer' }, /role: /],
    [{ map: 'moon' }, /map: .*hollow/],
    [{ focal: 0 }, /focal: /],
    [{ seconds: 5 }, /seconds: .*10/],
    [{ seconds: 1e9 }, /seconds: .*600/],
    [{ score: [] }, /score: /],
    [{ score: [{ measure: 'glory', weight: 1 }] }, /score\.0\.measure: /],
    [{ score: [{ measure: 'banked', weight: Number.NaN }] }, /score\.0\.weight: /],
    [{ score: [{ measure: 'banked', weight: 1, of: 'trader' }] }, /score\.0\.of: nobody plays trader/],
    [{ others: [{ role: 'raider', manner: 'wizard', count: 2 }] }, /others\.0\.manner: /],
    [
      { others: Array.from({ length: 3 }, () => ({ role: 'raider', manner: 'pack', count: 64 })) },
      /others: 194 agents, at most 128/,
    ],
    [{ surprise: 1 }, /surprise/],
  ])('refuse %j', (change, message) => {
    expect(readScenarios([good])).toHaveLength(1);
    expect(() => readScenarios([{ ...good, ...change }])).toThrow(ScenarioError);
    expect(() => readScenarios([{ ...good, ...change }])).toThrow(message);
  });

  it('refuse a name that stands twice, and what is no object', () => {
    expect(() => readScenarios([good, good])).toThrow(/scenario "forager-test": name: stands twice/);
    expect(() => readScenarios([null])).toThrow(/scenario 0: /);
  });
});

describe('the maps', () => {
  it.each(MAP_NAMES)('%s is the same each time and none of the others', (name) => {
    const hashes = MAP_NAMES.map((other) => bytesToHex(suiteMap(other).hash));
    expect(hashes.filter((hash) => hash === bytesToHex(suiteMap(name).hash))).toHaveLength(1);
    expect(suiteMap(name).nodeCount).toBeGreaterThan(20);
    expect(suiteMap(name).stalls.length).toBeGreaterThan(1);
  });
});

describe('everyone', () => {
  it.each(Object.entries(MANNERS))('a %s plays by the rules and does something', (_name, manner) => {
    const scenario = scenariosOf('forager')[0];
    const seats = seatsOf({ ...scenario, others: [] }, { policy: scriptedPolicy(1) });
    for (const role of [0, 2, 3, 4]) seats.push({ who: { role, tag: 90 + role }, mind: { manner } });
    const arena = new Arena(suiteMap('clearing'), 5, seats);
    const moved = new Set<number>();
    const [x, y] = [arena.world.x.slice(), arena.world.y.slice()];
    arena.run(600, (world) => {
      for (let i = scenario.focal; i < seats.length; i++)
        if (world.tick > 10 && (world.x[i] !== x[i] || world.y[i] !== y[i])) moved.add(i);
      x.set(world.x);
      y.set(world.y);
      if (world.tick % 60 === 0) expect(invariant(world)).toBeNull();
    });
    expect(moved.size).toBeGreaterThan(0);
  });
});
