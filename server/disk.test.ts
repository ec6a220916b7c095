import { spawnSync } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadTerrain } from './load.ts';
import { preparedHome, removeHomes, temporaryHome } from './testing/homes.ts';
import { TestPlayer, until } from './testing/player.ts';
import { type SpawnedServer, spawnServer } from './testing/server.ts';

const SIZE = '96m';
const disk = temporaryHome();
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', disk]).status === 0;
let server: SpawnedServer | null = null;

afterAll(async () => {
  await server?.kill();
  if (mounted) spawnSync('umount', ['-l', disk]);
  removeHomes();
});

/** Writes until the disk has no byte left. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (const size of [1 << 20, 4096, 512, 1]) {
      const chunk = Buffer.alloc(size);
      try {
        for (;;) if (writeSync(file, chunk) < size) break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

/** A small disk of its own; only the superuser can make one. */
test.skipIf(!mounted)(
  'a full disk: the world goes on, says so, and is saved again when there is room',
  async () => {
    const home = join(disk, 'home');
    mkdirSync(home);
    cpSync(await preparedHome(), home, { recursive: true });
    const running = await spawnServer({ home });
    server = running;
    const terrain = loadTerrain('hollow.json');
    let player = await TestPlayer.join(running.url);
    const forage = async (what: string, holds: () => boolean, ms = 60_000) =>
      until(
        what,
        () => {
          player.forage(terrain);
          return holds();
        },
        ms,
      );
    await forage('a first deed', () => (player.deeds?.counters[0] ?? 0) > 0);

    fill(join(disk, 'filler'));
    await forage('the warning', () => !player.room.state.saving);
    expect(player.notices.at(-1)).toMatchObject({
      level: 'warning',
      text: expect.stringContaining('cannot be saved'),
    });
    const saved = player.deeds?.savedTick ?? 0;
    const tick = player.view?.tick ?? 0;
    const goods = () => (player.view?.self.fruit ?? 0) + (player.view?.self.crystal ?? 0);
    const before = goods();
    // The world goes on for longer than a snapshot is due; nothing of it is told as saved.
    await forage('the world to go on', () => (player.view?.tick ?? 0) > tick + 240 && goods() > before);
    expect(player.deeds?.savedTick).toBe(saved);
    expect(player.view?.ackTick).toBeLessThanOrEqual(tick);
    expect(await (await fetch(`${running.url}/api/status`)).json()).toMatchObject({
      ok: true,
      saving: false,
    });

    rmSync(join(disk, 'filler'));
    await forage('saving again', () => player.room.state.saving === true);
    await forage('deeds that are saved', () => (player.deeds?.savedTick ?? 0) > tick + 240);
    const { deeds, token } = player;
    await running.kill();

    server = await spawnServer({ home });
    player = await TestPlayer.join(server.url, token);
    for (let i = 0; i < 8; i++)
      expect(player.deeds?.counters[i]).toBeGreaterThanOrEqual(deeds?.counters[i] ?? 0);
    const self = player.view?.self;
    await until('a calm view', () => player.view?.self.gathering === 0);
    expect(
      (self?.fruit ?? 0) + (self?.crystal ?? 0) + (self?.bankedFruit ?? 0) + (self?.bankedCrystal ?? 0),
    ).toBe(player.deeds?.counters[0]);
  },
  240_000,
);
