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
export type WrittenScenario = z.input<typeof schema>;
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
