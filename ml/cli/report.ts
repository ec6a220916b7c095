import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createKernelSync } from '#shared/brain/index.ts';
import { TICKS_PER_SECOND, WANDERER } from '#shared/world/index.ts';
import { curveSvg } from '../curve.ts';
import { writeAtomically } from '../files.ts';
import { parseBrain } from '../opponents.ts';
import type { Adaptation } from '../suite/adaptation.ts';
import { Arena } from '../suite/arena.ts';
import { inhabitants } from '../suite/brains.ts';
import { adaptationSvg, suiteSvg } from '../suite/charts.ts';
import { startEnergy } from '../suite/energy.ts';
import { Behaviour, heatSvg, mapSvg } from '../suite/heat.ts';
import type { RoleMind } from '../suite/jobs.ts';
import { suiteMap } from '../suite/maps/index.ts';
import { zoneSeats } from '../suite/play.ts';
import { MANNERS, type MannerName } from '../suite/players/index.ts';
import { policyOf } from '../suite/policies.ts';
import { framesOf } from '../suite/report/frames.ts';
import { escaped, playerHtml, pngUri, reportPage, type Section, type Tile } from '../suite/report/page.ts';
import { ScenarioError } from '../suite/scenario.ts';
import { record } from '../suite/session.ts';
import { evaluateSuite, type SuiteResult } from '../suite/suite.ts';
import { readRun } from './curve.ts';
import { readArguments, UsageError } from './options.ts';
import { duration } from './table.ts';

const MINUTES = 5;
/** What a screenshot shows: the head, the game, and the adaptation. */
const SCREEN = { width: 1240, height: 1980 } as const;
const VISITORS: readonly MannerName[] = ['courier', 'robber', 'giver', 'turtle', 'newcomer', 'pacifist'];
const ROLES = ['players', 'foragers', 'raiders', 'guards', 'traders'] as const;

/** One HTML page about the brains: how they learnt, how they do among strangers, where they are, a game, adaptation. */
export async function run(args: readonly string[]): Promise<void> {
  const given = readArguments(
    args,
    {
      out: 'string',
      brains: 'string',
      runs: 'string',
      episodes: 'string',
      screenshot: 'string',
      seed: 'string',
      threads: 'string',
    },
    0,
  );
  const out = given.text('out') ?? 'report.html';
  const episodes = given.number('episodes', 2, 1000) ?? 20;
  const seed = given.number('seed', 0, 0xffffffff) ?? 7;
  const say = (text: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
  };
  const stop = startEnergy();
  const begin = performance.now();
  const minds = inhabitants(false, given.text('brains'));
  const results: SuiteResult[] = [];
  for (const { role, judged } of minds)
    results.push(
      await evaluateSuite(role, [judged, { name: 'scripted' }, { name: 'random' }], {
        episodes,
        threads: given.number('threads', 0, 64),
        onDone: (done, all) => say(`${role}: ${done}/${all}`),
      }),
    );
  say('a game …');
  const game = zoneGame(minds, seed);
  const adaptation = readAdaptation();
  const energy = stop();
  const page = reportPage({
    title: 'Symbiont: how its inhabitants do',
    lead: 'Four integer networks that decide for everyone who lives in the Hollow, among people and places they have never met.',
    tiles: tilesOf(results, adaptation),
    sections: [
      game,
      ...adapting(adaptation),
      {
        title: 'Among strangers',
        text: `Held-out scenarios, ${episodes} episodes each with 95 % intervals: players and maps that no training has used. Score per judged agent and minute.`,
        body: `<div class="two">${results.map((r) => `<div class="card">${suiteSvg(r)}</div>`).join('')}</div>`,
      },
      learning(given.text('runs')),
      brains(minds),
    ],
    foot: `Made in ${duration((performance.now() - begin) / 1000)} with ${energy.joules.toFixed(0)} J (${energy.how}). Suite seed and games can be played again: every world here is a function of its seed.`,
  });
  say('');
  writeAtomically(out, new TextEncoder().encode(page));
  console.log(`${out}: ${(page.length / 1024).toFixed(0)} kB`);
  const picture = given.text('screenshot');
  if (picture !== undefined) await screenshot(out, picture);
}

/** Takes a picture of the top of a page with the system's Chromium (`CHROMIUM` names another). */
async function screenshot(page: string, picture: string): Promise<void> {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  try {
    const tab = await browser.newPage({ viewport: SCREEN });
    await tab.goto(pathToFileURL(path.resolve(page)).href);
    await tab.waitForLoadState('load');
    writeAtomically(picture, await tab.screenshot());
    console.log(picture);
  } finally {
    await browser.close();
  }
}

function tilesOf(results: readonly SuiteResult[], adaptation: Adaptations | null): Tile[] {
  const tiles: Tile[] = results.map(({ role, mean, scenarios }) => {
    const better = scenarios.filter(({ scores }) => scores[0].mean > scores[1].mean).length;
    return {
      label: `${role}, mean of ${scenarios.length} scenarios`,
      value: mean[0].score.mean.toFixed(2),
      note: `scripted ${mean[1].score.mean.toFixed(2)}, random ${mean[2].score.mean.toFixed(2)}; better than scripted in ${better}`,
    };
  });
  if (!adaptation) return tiles;
  const [{ fall, kept }, hidden] = adaptation;
  const range = (e: { low: number; high: number }) => `${e.low.toFixed(0)} … ${e.high.toFixed(0)} %`;
  tiles.push(
    {
      label: 'success of one trick falls by',
      value: `${fall.mean.toFixed(0)} %`,
      note: `${range(fall)}; habits hidden: ${hidden.fall.mean.toFixed(0)} %`,
    },
    { label: 'one who varies keeps', value: `${kept.mean.toFixed(0)} %`, note: range(kept) },
  );
  return tiles;
}

/** What the bench wrote last: the brains as they live, and with habits hidden from them. */
type Adaptations = readonly [Adaptation, Adaptation];

function readAdaptation(): Adaptations | null {
  const file = new URL('../../docs/adapt.json', import.meta.url);
  if (!existsSync(file)) return null;
  return JSON.parse(readFileSync(file, 'utf8')) as Adaptations;
}

function adapting(adaptation: Adaptations | null): Section[] {
  if (!adaptation) return [];
  return [
    {
      title: 'One trick, ten minutes',
      text: 'A player with one winning trick, ten minutes long, among the brains that live in the world; and the same with the habits of people hidden from them.',
      body: `<div class="card">${adaptationSvg(adaptation[0], adaptation[1])}</div>`,
    },
  ];
}

function learning(runs: string | undefined): Section {
  const found =
    runs?.split(',') ??
    (existsSync('runs')
      ? readdirSync('runs')
          .map((name) => path.join('runs', name))
          .filter(
            (d) =>
              existsSync(path.join(d, 'metrics.jsonl')) &&
              readdirSync(d).some((f) => f.endsWith('.safetensors')),
          )
      : []);
  const text =
    'Mean return of an episode over the decisions that were learnt from; the dashed lines are the scripted rule and random.';
  if (found.length > 12) throw new UsageError(`--runs: at most 12, are ${found.length}`);
  if (found.length > 0)
    return {
      title: 'Learning',
      text,
      body: `<div class="two">${found.map((d) => `<div class="card">${curveSvg([readRun(d)])}</div>`).join('')}</div>`,
    };
  const picture = fileURLToPath(new URL('../../docs/learning.png', import.meta.url));
  const uri = `data:image/png;base64,${readFileSync(picture).toString('base64')}`;
  return {
    title: 'Learning',
    text,
    body: `<div class="card"><img src="${uri}" alt="learning curves"></div>`,
  };
}

function brains(minds: readonly RoleMind[]): Section {
  const rows = minds.map(({ role, judged }) => {
    if (!judged.brain) throw new ScenarioError(`${role}: has no brain`);
    const { id, manifest } = parseBrain(judged.brain, role);
    const { provenance: p, layers } = manifest;
    const cell = (value: unknown) =>
      `<td>${escaped(typeof value === 'string' ? value.replace(/[0-9a-f]{64}/g, (id) => `${id.slice(0, 12)}…`) : value === undefined || value === null ? '–' : JSON.stringify(value))}</td>`;
    const sizes = [layers[0].inputs, ...layers.map((l) => l.outputs)].join('-');
    const steps = typeof p.steps === 'number' ? p.steps.toLocaleString('en') : p.steps;
    return `<tr>${cell(role)}${cell(sizes)}<td><code>${id.slice(0, 16)}…</code></td>${cell(p.algorithm)}${cell(steps)}${cell(p.seed)}${cell(p.parent)}<td><code>${escaped(String(p.behavior ?? '–').slice(0, 12))}…</code></td>${cell(p.verified)}</tr>`;
  });
  return {
    title: 'Where they come from',
    text: 'As their files say; whoever has the behaviour file and the seed can train them again.',
    body: `<div class="card"><table><tr>${['role', 'network', 'brain', 'algorithm', 'decisions', 'seed', 'parent', 'behaviour', 'verified'].map((h) => `<th>${h}</th>`).join('')}</tr>${rows.join('')}</table></div>`,
  };
}

/** A game of a whole zone with visitors: recorded as inputs, replayed for its frames and heat maps. */
function zoneGame(minds: readonly RoleMind[], seed: number): Section {
  const kernel = createKernelSync();
  const seats = zoneSeats(
    new Map(minds.map(({ role, judged }) => [role, { policy: policyOf(judged, role, kernel) }])),
  );
  for (const manner of VISITORS)
    seats.push({
      who: { role: WANDERER, tag: seats.length + 1, coins: 20 },
      mind: { manner: MANNERS[manner] },
    });
  const arena = new Arena(suiteMap('hollow'), seed, seats);
  const session = record(arena, 'hollow', 'A game', MINUTES * 60 * TICKS_PER_SECOND);
  const terrain = suiteMap('hollow');
  const behaviour = new Behaviour(terrain);
  const frames = framesOf(session, (world) => behaviour.watch(world));
  const pictures = [
    ...behaviour.time.slice(1).map((heat, r) => [heat, `Where ${ROLES[r + 1]} are`] as const),
    [behaviour.time[0], 'Where players are'] as const,
    [behaviour.robbed, 'Where goods are robbed'] as const,
    [behaviour.traded, 'Where deals are made'] as const,
    [behaviour.fallen, 'Where people fall'] as const,
  ];
  return {
    title: 'A game, and where things happen',
    text: `${MINUTES} minutes of the zone with ${VISITORS.length} scripted visitors (${VISITORS.join(', ')}), recorded as inputs and replayed to the same state: ${session.hash.slice(0, 16)}…`,
    body: playerHtml(
      frames,
      pngUri(mapSvg(terrain), 1.6),
      pictures.map(([heat, title]) => ({ uri: pngUri(heatSvg(heat, ''), 1.2), title })),
    ),
  };
}
