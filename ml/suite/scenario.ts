import { z } from 'zod';
import { DECISION_TICKS, ROLE_NAMES } from '#shared/world/index.ts';
import { MAP_NAMES } from './maps/index.ts';
import { MEASURE_NAMES, type MeasureName } from './measures.ts';
import { MANNERS, type MannerName } from './players/index.ts';

/** A scenario that cannot be played; the message names it, the field and the limit. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

const MOST_AGENTS = 128;
export type PartnerName = MannerName | 'scripted' | 'random';
const PARTNERS = [...(Object.keys(MANNERS) as MannerName[]), 'scripted', 'random'] as const;

const group = z.strictObject({
  role: z.enum(ROLE_NAMES),
  manner: z.enum(PARTNERS),
  count: z.int().min(1).max(64),
});

const schema = z
  .strictObject({
    name: z.string().regex(/^[a-z]+(-[a-z]+){1,4}$/, 'must be two to five words of a-z joined by "-"'),
    about: z.string().min(1).max(160),
    role: z.enum(['forager', 'raider', 'guard', 'trader']),
    map: z.enum(MAP_NAMES),
    /** Agents that the judged policy plays; their mean is scored. */
    focal: z.int().min(1).max(64),
    others: z.array(group).max(8),
    /** World seconds that are scored, after `settle` seconds in which all play as they do. */
    seconds: z.int().min(10).max(600),
    settle: z.int().min(0).max(120).default(20),
    /** What is scored, per judged agent and minute: of themselves, or of all agents of another group by its role. */
    score: z
      .array(
        z.strictObject({
          measure: z.enum(MEASURE_NAMES as [MeasureName, ...MeasureName[]]),
          weight: z.number().min(-100).max(100),
          of: z.enum(ROLE_NAMES).optional(),
        }),
      )
      .min(1)
      .max(8),
  })
  .superRefine(({ focal, others, role, score }, context) => {
    const agents = others.reduce((sum, { count }) => sum + count, focal);
    if (agents > MOST_AGENTS)
      context.addIssue({
        code: 'custom',
        path: ['others'],
        message: `${agents} agents, at most ${MOST_AGENTS}`,
      });
    score.forEach(({ of }, k) => {
      if (of !== undefined && of !== role && !others.some((other) => other.role === of))
        context.addIssue({ code: 'custom', path: ['score', k, 'of'], message: `nobody plays ${of}` });
    });
  });

export type Scenario = z.infer<typeof schema>;
type Written = z.input<typeof schema>;
export type SuiteRole = Scenario['role'];
export const SUITE_ROLES: readonly SuiteRole[] = ['forager', 'raider', 'guard', 'trader'];

/** Checks a list of scenarios. @throws ScenarioError on the first that is wrong. */
export function readScenarios(written: readonly unknown[]): Scenario[] {
  const names = new Set<string>();
  return written.map((value, i) => {
    const result = schema.safeParse(value);
    const name = (value as { name?: unknown } | null)?.name;
    const where = typeof name === 'string' ? `scenario "${name}"` : `scenario ${i}`;
    if (!result.success) {
      const issue = result.error.issues[0];
      throw new ScenarioError(`${where}: ${issue.path.join('.') || 'it'}: ${issue.message}`);
    }
    const { data } = result;
    if (names.has(data.name)) throw new ScenarioError(`${where}: name: stands twice`);
    if ((data.seconds * 20) % DECISION_TICKS || (data.settle * 20) % DECISION_TICKS)
      throw new ScenarioError(`${where}: seconds: must be whole decisions`);
    names.add(data.name);
    return data;
  });
}

/** What each role is there for, in declared events; a scenario may add to it. */
const WORK: Written['score'] = [
  { measure: 'banked', weight: 1 },
  { measure: 'robbed', weight: -0.5 },
  { measure: 'died', weight: -2 },
];
const LOOT: Written['score'] = [
  { measure: 'stole', weight: 1 },
  { measure: 'robbed', weight: -1 },
  { measure: 'died', weight: -2 },
];
const PEACE: Written['score'] = [
  { measure: 'robbed', weight: -0.5, of: 'forager' },
  { measure: 'died', weight: -1, of: 'forager' },
  { measure: 'banked', weight: 0.1, of: 'forager' },
  { measure: 'died', weight: -1 },
];
const PROFIT: Written['score'] = [
  { measure: 'earned', weight: 0.2 },
  { measure: 'spent', weight: -0.2 },
  { measure: 'robbed', weight: -0.5 },
  { measure: 'died', weight: -1 },
];
type Other = Written['others'][number];
const players = (manner: PartnerName, count: number): Other => ({ role: 'wanderer', manner, count });
const folk = (role: Other['role'], manner: PartnerName, count: number): Other => ({ role, manner, count });
/** Harm done to those who did none, which costs all but raiders. */
const harmless = (weight: number): Written['score'][number] => ({ measure: 'hit', weight });

/**
 * The held-out situations, in the manner of Melting Pot (Leibo et al. 2021): a few agents that the judged policy plays
 * among others it has never met, on grounds it may never have seen. No training may use them.
 */
export const SCENARIOS: readonly Scenario[] = readScenarios([
  {
    name: 'forager-rushers',
    about: 'Players rush at everyone who works',
    role: 'forager',
    map: 'hollow',
    focal: 8,
    others: [players('rusher', 3)],
    seconds: 60,
    score: WORK,
  },
  {
    name: 'forager-robber-among-friends',
    about: 'Three who give and gather, one who robs',
    role: 'forager',
    map: 'hollow',
    focal: 8,
    others: [players('giver', 2), players('pacifist', 1), players('robber', 1)],
    seconds: 60,
    score: [...WORK, harmless(-0.05)],
  },
  {
    name: 'forager-pack-at-the-fords',
    about: 'Another map, raiders that hunt together',
    role: 'forager',
    map: 'fords',
    focal: 8,
    others: [folk('raider', 'pack', 5)],
    seconds: 60,
    score: WORK,
  },
  {
    name: 'forager-crowd',
    about: 'A small clearing, hoarders take what grows',
    role: 'forager',
    map: 'clearing',
    focal: 8,
    others: [players('hoarder', 4), folk('forager', 'sturdy', 4)],
    seconds: 60,
    score: WORK,
  },
  {
    name: 'forager-liars',
    about: 'Friendly words, then robbery, on unknown ground',
    role: 'forager',
    map: 'terraces',
    focal: 8,
    others: [players('liar', 3)],
    seconds: 60,
    score: WORK,
  },
  {
    name: 'forager-alone',
    about: 'Nobody else; another map',
    role: 'forager',
    map: 'fords',
    focal: 6,
    others: [],
    seconds: 60,
    score: WORK,
  },
  {
    name: 'forager-outnumbered',
    about: 'Four among ten raiders and two random guards',
    role: 'forager',
    map: 'clearing',
    focal: 4,
    others: [folk('raider', 'pack', 10), folk('guard', 'random', 2)],
    seconds: 60,
    score: WORK,
  },
  {
    name: 'forager-newcomers',
    about: 'Harmless, clumsy players: hitting them is a fault',
    role: 'forager',
    map: 'hollow',
    focal: 8,
    others: [players('newcomer', 6)],
    seconds: 60,
    score: [...WORK, harmless(-0.3)],
  },
  {
    name: 'raider-timid-workers',
    about: 'Foragers that run early',
    role: 'raider',
    map: 'hollow',
    focal: 6,
    others: [folk('forager', 'timid', 12)],
    seconds: 90,
    settle: 40,
    score: LOOT,
  },
  {
    name: 'raider-couriers',
    about: 'Players who carry goods by the same way',
    role: 'raider',
    map: 'fords',
    focal: 5,
    others: [players('courier', 4)],
    seconds: 90,
    settle: 40,
    score: LOOT,
  },
  {
    name: 'raider-turtles',
    about: 'Players behind their guard',
    role: 'raider',
    map: 'clearing',
    focal: 5,
    others: [players('turtle', 3), folk('forager', 'timid', 5)],
    seconds: 60,
    settle: 40,
    score: LOOT,
  },
  {
    name: 'raider-kiters',
    about: 'Players who strike and run',
    role: 'raider',
    map: 'hollow',
    focal: 6,
    others: [players('kiter', 3), folk('forager', 'sturdy', 6)],
    seconds: 60,
    settle: 40,
    score: LOOT,
  },
  {
    name: 'raider-outnumbered',
    about: 'More guards than raiders',
    role: 'raider',
    map: 'terraces',
    focal: 4,
    others: [folk('guard', 'sentry', 6), folk('forager', 'sturdy', 8)],
    seconds: 60,
    settle: 40,
    score: LOOT,
  },
  {
    name: 'raider-strangers',
    about: 'Players of every kind, on unknown ground',
    role: 'raider',
    map: 'fords',
    focal: 6,
    others: [players('moody', 6), folk('forager', 'scripted', 6)],
    seconds: 60,
    settle: 40,
    score: LOOT,
  },
  {
    name: 'raider-friends',
    about: 'Random partners and hoarders full of goods',
    role: 'raider',
    map: 'clearing',
    focal: 3,
    others: [folk('raider', 'random', 3), players('hoarder', 4)],
    seconds: 60,
    settle: 40,
    score: LOOT,
  },
  {
    name: 'guard-pack',
    about: 'Raiders that hunt together',
    role: 'guard',
    map: 'hollow',
    focal: 4,
    others: [folk('raider', 'pack', 5), folk('forager', 'sturdy', 10)],
    seconds: 60,
    score: PEACE,
  },
  {
    name: 'guard-robbers',
    about: 'Players who rob foragers, another map',
    role: 'guard',
    map: 'fords',
    focal: 4,
    others: [players('robber', 3), folk('forager', 'timid', 8)],
    seconds: 60,
    score: PEACE,
  },
  {
    name: 'guard-harmless',
    about: 'Givers and pacifists only: a blow is a fault',
    role: 'guard',
    map: 'clearing',
    focal: 4,
    others: [players('giver', 3), players('pacifist', 3), folk('forager', 'sturdy', 5)],
    seconds: 60,
    score: [...PEACE, harmless(-1)],
  },
  {
    name: 'guard-outnumbered',
    about: 'Two guards, eight raiders, unknown ground',
    role: 'guard',
    map: 'terraces',
    focal: 2,
    others: [folk('raider', 'pack', 8), folk('forager', 'timid', 8)],
    seconds: 60,
    score: PEACE,
  },
  {
    name: 'guard-strangers',
    about: 'One robs, one lies, the rest mean well',
    role: 'guard',
    map: 'hollow',
    focal: 4,
    others: [
      players('robber', 1),
      players('liar', 1),
      players('newcomer', 2),
      players('giver', 2),
      folk('forager', 'scripted', 8),
    ],
    seconds: 60,
    score: PEACE,
  },
  {
    name: 'guard-griefers',
    about: 'Players who pick on the weakest',
    role: 'guard',
    map: 'fords',
    focal: 4,
    others: [players('griefer', 3), folk('forager', 'sturdy', 8)],
    seconds: 60,
    score: PEACE,
  },
  {
    name: 'guard-ambush',
    about: 'Raiders in wait beside random guards',
    role: 'guard',
    map: 'clearing',
    focal: 3,
    others: [folk('guard', 'random', 2), folk('raider', 'ambusher', 5), folk('forager', 'timid', 6)],
    seconds: 60,
    score: PEACE,
  },
  {
    name: 'trader-alone',
    about: 'Nobody on the road',
    role: 'trader',
    map: 'hollow',
    focal: 4,
    others: [],
    seconds: 180,
    settle: 60,
    score: PROFIT,
  },
  {
    name: 'trader-fords',
    about: 'Another map, peaceful company',
    role: 'trader',
    map: 'fords',
    focal: 4,
    others: [players('newcomer', 3), players('giver', 2)],
    seconds: 180,
    settle: 60,
    score: PROFIT,
  },
  {
    name: 'trader-raiders',
    about: 'Raiders wait where one passes',
    role: 'trader',
    map: 'terraces',
    focal: 4,
    others: [folk('raider', 'ambusher', 5)],
    seconds: 180,
    settle: 60,
    score: PROFIT,
  },
  {
    name: 'trader-robbers',
    about: 'Players who rob',
    role: 'trader',
    map: 'clearing',
    focal: 4,
    others: [players('robber', 2), players('liar', 1)],
    seconds: 180,
    settle: 60,
    score: PROFIT,
  },
  {
    name: 'trader-rivals',
    about: 'Others trade at the same stalls',
    role: 'trader',
    map: 'hollow',
    focal: 3,
    others: [folk('trader', 'pedlar', 3), players('merchant', 2)],
    seconds: 180,
    settle: 60,
    score: PROFIT,
  },
  {
    name: 'trader-mixed',
    about: 'Guards, raiders, and players of every kind',
    role: 'trader',
    map: 'fords',
    focal: 4,
    others: [folk('raider', 'pack', 3), folk('guard', 'sentry', 3), players('moody', 4)],
    seconds: 180,
    settle: 60,
    score: PROFIT,
  },
] satisfies Written[]);

export const scenariosOf = (role: SuiteRole): readonly Scenario[] =>
  SCENARIOS.filter((scenario) => scenario.role === role);
