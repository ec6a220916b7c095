import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseBehavior } from '#ml/behavior.ts';
import { brainPolicy } from '#ml/env/policy.ts';
import { episodeSeed } from '#ml/suite/play.ts';
import { playTrick } from '#ml/suite/tricks.ts';
import { decodeBrain } from '#shared/brain/file.ts';
import { createKernelSync } from '#shared/brain/kernel.ts';
import { ROOT } from '../../config.ts';
import { untrainedBrain } from '../../testing/brains.ts';
import { denied, lessonBehavior, standardBehavior } from '../trainer/curriculum.ts';
import { judge } from '../trainer/gate.ts';
import { playLived, type Timetable } from './lived.ts';

const ROLES = ['forager', 'raider', 'guard', 'trader'];
const brains = new Map(
  ROLES.map((role) => [
    role,
    Uint8Array.from(readFileSync(join(ROOT, 'assets', 'brains', `${role}.safetensors`))),
  ]),
);
const timetable: Timetable = { at: [150], takes: 2, steps: 1000, episodes: 2 };

describe('a game with lessons', () => {
  it('is the game without them until the first brain may be swapped in; a lesson is of the log alone', async () => {
    const lived = await playLived('robber', brains, timetable, 1, 0);
    const kernel = createKernelSync();
    const frozen = playTrick(
      'robber',
      new Map(
        ROLES.map((role) => [
          role,
          { policy: brainPolicy(role, kernel, decodeBrain(brains.get(role) as Uint8Array).network) },
        ]),
      ),
      episodeSeed('trick robber', 1, 0),
    );
    // The lesson begins with an epoch after second 150, and its brain decides a minute later.
    expect(lived.game.success.slice(0, 210)).toEqual(frozen.success.slice(0, 210));
    expect(lived.lessons).toHaveLength(1);
    const [lesson] = lived.lessons;
    expect(lesson.at).toBeGreaterThanOrEqual(150);
    expect(lesson.at).toBeLessThanOrEqual(180);
    // Robbers rob foragers: it is for those to learn.
    expect(lesson.role).toBe('forager');
    expect(lesson.types).toHaveLength(1);
    expect(lesson.types[0].loss).toBeLessThan(lesson.types[0].baseline);
    expect(lesson.verdict?.comparisons).toHaveLength(4);
    if (!lesson.passed) expect(lived.game).toEqual(frozen);
  }, 120_000);

  it.each([
    [{ at: [100, 100] }, /at: at most 16 rising seconds, is 100, 100/],
    [{ at: [-1] }, /at: /],
    [{ at: Array.from({ length: 17 }, (_, k) => k) }, /at: at most 16/],
    [{ takes: 0 }, /takes: must be 1 to 20 epochs, is 0/],
    [{ steps: 0.5 }, /steps: must be 1 or more, is 0.5/],
  ])('refuses %j', async (change, message) => {
    await expect(playLived('robber', brains, { ...timetable, ...change }, 1, 0)).rejects.toThrow(message);
  });

  it('needs a brain of every role', async () => {
    const some = new Map([...brains].filter(([role]) => role !== 'guard'));
    await expect(playLived('robber', some, timetable, 1, 0)).rejects.toThrow('brains: guard is missing');
  });
});

describe('a quick lesson', () => {
  it('has clones alone for players, the brains of now for inhabitants, and weighs what known players win by', () => {
    for (const role of ROLES) {
      const base = standardBehavior(role);
      if (!base) throw new Error(role);
      const lesson = {
        role,
        parent: decodeBrain(brains.get(role) as Uint8Array),
        league: new Map(ROLES.map((name) => [name, [`brains/${name}.safetensors`]])),
        clones: [{ file: 'players-0.safetensors', people: 1 }],
        seed: 1,
        steps: 1000,
      };
      const behavior = parseBehavior(lessonBehavior(base, { ...lesson, quick: true }), 'lesson', '.');
      for (const { role: who, mix } of behavior.opponents)
        expect(mix.map(({ policy }) => policy)).toEqual([
          who === 'wanderer' ? 'players-0.safetensors' : `brains/${who}.safetensors`,
        ]);
      expect(behavior.rewards).toEqual({ ...base.rewards, ...denied(role) });
      expect(Object.keys(denied(role)).length).toBeGreaterThan(0);
      const steady = parseBehavior(lessonBehavior(base, lesson), 'lesson', '.');
      expect(steady.rewards).toEqual(base.rewards);
      expect(steady.world).toEqual(base.world);
    }
  });

  it('does not let a bad candidate pass either', async () => {
    const verdict = await judge({
      role: 'guard',
      active: brains.get('guard') as Uint8Array,
      candidate: untrainedBrain('guard', 9),
      clones: null,
      kernel: createKernelSync(),
      episodes: 2,
      quick: true,
      onDone: () => {},
    });
    expect(verdict.passed).toBe(false);
    expect(verdict.comparisons.find((one) => !one.passed)?.what).toContain('held-out suite');
  });
});
