import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { fallOf, knownCosts, summariseAdaptation } from './adaptation.ts';
import { Arena } from './arena.ts';
import { startEnergy, WATTS_PER_CORE } from './energy.ts';
import { suiteMap } from './maps/index.ts';
import { MANNERS } from './players/index.ts';
import { framesOf } from './report/frames.ts';
import { playerHtml, reportPage } from './report/page.ts';
import { decodeSession, encodeSession, record, replay, SessionError } from './session.ts';
import { pathStory } from './showcase.ts';
import { playTrick, TRICK_NAMES, type TrickGame } from './tricks.ts';

const seats = [0, 0, 1, 2, 4].map((role, i) => ({
  who: { role, tag: i + 1, coins: 9 },
  mind: { manner: [MANNERS.robber, MANNERS.liar, MANNERS.timid, MANNERS.pack, MANNERS.pedlar][i] },
}));
const session = record(new Arena(suiteMap('clearing'), 42, seats), 'clearing', 'a test', 800);

describe('a session', () => {
  it('is read as it was written and replays to the same state', () => {
    const read = decodeSession(encodeSession(session));
    expect(read).toEqual(session);
    let ticks = 0;
    replay(read, () => ticks++);
    expect(ticks).toBe(800);
  });

  it('that was changed is found out', () => {
    const inputs = session.inputs.map((bytes) => Uint8Array.from(bytes));
    const at = inputs.findIndex((bytes, t) => t > 100 && bytes.length > 0);
    inputs[at] = new Uint8Array(0);
    expect(() => replay({ ...session, inputs })).toThrow(/hash: the replay ends in/);
  });

  it.each([
    ['nothing', () => new Uint8Array(0), /too short/],
    ['no gzip', () => new Uint8Array(64).fill(7), /session: /],
    [
      'one that would be huge',
      () => {
        const bytes = encodeSession(session);
        new DataView(bytes.buffer).setUint32(bytes.length - 4, 0xfffffff, true);
        return bytes;
      },
      /268435455 bytes unpacked, at most/,
    ],
    ['one cut off', () => gzipSync(gunzipSync(encodeSession(session)).subarray(0, 900)), /cut off at tick/],
    [
      'one with more behind',
      () => gzipSync(Uint8Array.from([...gunzipSync(encodeSession(session)), 1])),
      /1 bytes behind its last tick/,
    ],
    [
      'another header',
      () => {
        const bytes = gunzipSync(encodeSession(session));
        bytes.set(new TextEncoder().encode('classing'), Buffer.from(bytes).indexOf('clearing'));
        return gzipSync(bytes);
      },
      /session: map: /,
    ],
  ])('refuses %s', (_what, make, message) => {
    expect(() => decodeSession(make())).toThrow(SessionError);
    expect(() => decodeSession(make())).toThrow(message);
  });
});

const committed = fileURLToPath(new URL('../../docs/path.session', import.meta.url));
describe.runIf(existsSync(committed))('the committed session', () => {
  it('replays to its recorded state and shows guards nearer the ways of the robber at its end', () => {
    const { onTheWay } = pathStory(decodeSession(Uint8Array.from(readFileSync(committed))));
    expect(onTheWay[1]).toBeGreaterThan(onTheWay[0]);
  });
});

describe('a trick', () => {
  it('is the same game each time', () => {
    const game = playTrick('courier', new Map(), 8);
    expect(playTrick('courier', new Map(), 8)).toEqual(game);
    expect(game.success).toHaveLength(600);
    expect(game.success.reduce((a, b) => a + b, 0)).toBeGreaterThan(10);
  }, 60_000);

  const game = (early: number, late: number): TrickGame => ({
    success: Array.from({ length: 600 }, (_, s) => (s < 60 ? early / 60 : s >= 480 ? late / 60 : 0)),
    lost: [],
    downs: 1,
  });

  it('falls by one less the late success over the early one, both means over the seeds', () => {
    const games = [game(10, 2), game(0, 2)];
    expect(fallOf(games, [0, 1])).toBeCloseTo(100 * (1 - 2 / 5), 6);
    expect(fallOf(games, [1, 1])).toBe(0);
  });

  it('is summed up by the median over the tricks', () => {
    const falls = [8, 6, 5, 4, 1];
    const games = new Map(
      TRICK_NAMES.map((name, k) => [name as string, [game(10, falls[k]), game(10, falls[k])]]),
    );
    games.set('varied', [game(10, 9), game(10, 9)]);
    const { fall, kept, tricks, varied } = summariseAdaptation(games as never);
    expect(fall.mean).toBeCloseTo(50, 6);
    expect([fall.low, fall.high].map((v) => v.toFixed(6))).toEqual(['50.000000', '50.000000']);
    expect(kept.mean).toBeCloseTo(90, 6);
    expect(tricks[0].perMinute.map(({ mean }) => mean.toFixed(6)).slice(0, 2)).toEqual([
      '10.000000',
      '0.000000',
    ]);
    expect(varied.downs).toBe(1);
    expect(() => summariseAdaptation(new Map())).toThrow(/needs two games/);
  });

  it('costs a known player what the same one gets from those who cannot know', () => {
    const sum = (late: number) =>
      summariseAdaptation(
        new Map([...TRICK_NAMES, 'varied' as const].map((name) => [name, [game(10, late), game(10, late)]])),
      );
    const { median, tricks } = knownCosts(sum(2), sum(8));
    expect(median.mean).toBeCloseTo(75, 6);
    expect(tricks).toHaveLength(TRICK_NAMES.length);
    expect(knownCosts(sum(2), sum(0)).median.mean).toBe(0);
  });
});

describe('energy', () => {
  it('is what the meters say, also when they begin anew, else CPU time at a stated power', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'powercap-'));
    try {
      mkdirSync(path.join(folder, 'intel-rapl:0'));
      const file = path.join(folder, 'intel-rapl:0', 'energy_uj');
      writeFileSync(path.join(folder, 'intel-rapl:0', 'max_energy_range_uj'), '10000000\n');
      writeFileSync(file, '9000000\n');
      const stop = startEnergy(folder);
      writeFileSync(file, '2000000\n');
      expect(stop()).toMatchObject({
        joules: 3,
        how: expect.stringMatching(/^measured by RAPL over 1 package,/),
      });
      const without = startEnergy(path.join(folder, 'none'))();
      expect(without.joules).toBe(without.cpuSeconds * WATTS_PER_CORE);
      expect(without.how).toMatch(/^estimated: /);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the report', () => {
  it('is one page that asks nothing of anybody and holds every frame', () => {
    const frames = framesOf(session);
    expect(frames.count).toBe(100);
    expect(Buffer.from(frames.data, 'base64')).toHaveLength(100 * seats.length * 6);
    expect(frames.roles).toEqual([0, 0, 1, 2, 4]);
    const page = reportPage({
      title: 'a <b>',
      lead: '',
      tiles: [{ label: 'x', value: '1', note: '' }],
      sections: [{ title: 's', text: '', body: playerHtml(frames, 'data:image/png;base64,') }],
      foot: '',
    });
    expect(page).toContain('a &#60;b&#62;');
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|<link|src="(?!data:)|@import|url\(/,
    );
    expect(page).toContain("default-src 'none'");
  });
});
