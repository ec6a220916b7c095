import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALIVE, WANDERER } from '#shared/world/index.ts';
import { removeHomes } from '../testing/homes.ts';
import { TestPlayer, until } from '../testing/player.ts';
import { type SpawnedServer, spawnServer } from '../testing/server.ts';

let server: SpawnedServer;

beforeAll(async () => {
  server = await spawnServer({ env: { DIALOGUE_MODEL: 'keywords' } });
}, 90_000);
afterAll(async () => {
  await server?.kill();
  removeHomes();
});

/** Says it to an NPC near by until one answers: they walk about, and whoever has gone too far does not hear. */
async function speak(player: TestPlayer, text: string): Promise<number> {
  let npc = -1;
  let sentAt = Number.NEGATIVE_INFINITY;
  await until(
    'an answer',
    () => {
      if (player.said.length >= 2) return true;
      const { self, agents = [] } = player.view ?? {};
      const near = agents
        .filter((a) => a.role !== WANDERER && a.status === ALIVE)
        .map((a) => ({ slot: a.slot, far: Math.hypot(a.x - self!.x, a.y - self!.y) }))
        .sort((a, b) => a.far - b.far)[0];
      if (near && near.far < 6 * 256 && performance.now() - sentAt > 5000) {
        npc = near.slot;
        sentAt = performance.now();
        player.send('say', { target: npc, text });
      }
      return false;
    },
    45_000,
  );
  return npc;
}

test('what a player says is heard and answered, for those near to see; the status says what understands', async () => {
  const status = (await (await fetch(`${server.url}/api/status`)).json()) as { dialogue: string };
  expect(status.dialogue).toBe('keywords');
  const [ada, bob] = await Promise.all([TestPlayer.join(server.url), TestPlayer.join(server.url)]);
  const slot = ada.welcome!.slot;
  const npc = await speak(ada, '  hallo you fuck  ');
  expect(ada.said[0]).toEqual({ slot, to: npc, text: 'hallo you ****' });
  expect(ada.said[1]).toMatchObject({ slot: npc, to: slot });
  expect(ada.said[1].text.length).toBeGreaterThan(3);
  expect(ada.said[1].text).not.toContain('fuck');
  await until('the other one hears it', () => bob.said.length >= 2);
  await Promise.all([ada.leave(), bob.leave()]);
});

test('bad sentences are refused with the field that is wrong', async () => {
  const player = await TestPlayer.join(server.url);
  const bad: unknown[] = [
    {},
    { target: 0 },
    { target: -1, text: 'hi' },
    { target: 1.5, text: 'hi' },
    { target: 5000, text: 'hi' },
    { target: 0, text: '' },
    { target: 0, text: 'x'.repeat(201) },
    { target: 0, text: 'a\u0000b' },
    { target: 0, text: 'a\u202eb' },
    { target: 0, text: ['hi'] },
    { target: 0, text: 'hi', tone: 3 },
    { target: player.welcome!.slot, text: 'hi' },
  ];
  for (const message of bad) {
    const before = player.refused.length;
    player.send('say', message);
    await until(`the refusal of ${JSON.stringify(message)}`, () => player.refused.length > before);
    expect(player.refused.at(-1)).toMatchObject({ message: 'say' });
  }
  expect(player.refused.every((r) => /^(target|text|payload|say)/.test(r.reason))).toBe(true);
  expect(player.closed).toBeNull();
  expect(player.said).toEqual([]);
  await player.leave();
});
