import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConfigError, ROOT, readConfig } from './config.ts';
import { writeBrains } from './testing/brains.ts';
import { removeHomes, temporaryHome } from './testing/homes.ts';

afterAll(removeHomes);

test('without settings the defaults hold', () => {
  expect(readConfig({ PORT: '' })).toMatchObject({ port: 2567, databaseUrl: null, rpcUrl: null, dev: false });
  expect(readConfig({ SIGN_IN_HOSTS: 'Play.example, 10.0.0.7:2567' })).toMatchObject({
    signInHosts: ['play.example', '10.0.0.7:2567'],
  });
  expect(readConfig({ PUBLIC_URL: 'https://example.org/' }, ['--dev'])).toMatchObject({
    publicUrl: 'https://example.org',
    dev: true,
  });
});

test.each([
  [{ PORT: '70000' }, 'PORT: must be from 0 to 65535'],
  [{ PORT: 'x' }, 'PORT: must be a whole number'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL: must be a URL starting with postgres://'],
  [{ SOLANA_RPC_URL: 'devnet' }, 'SOLANA_RPC_URL: must be a URL'],
  [{ REDIS_URL: 'redis://localhost' }, 'REDIS_URL: several server processes are not supported yet'],
  [{ PUBLIC_URL: 'file:///x' }, 'PUBLIC_URL: must be a URL starting with http://'],
  [{ WORLD_SEED: '4294967296' }, 'WORLD_SEED: must be from 0'],
  [{ LEARN_EVERY: '-1' }, 'LEARN_EVERY: must be a whole number'],
  [{ LEARN_STEPS: '10' }, 'LEARN_STEPS: must be from 1000'],
  [{ LEARN_HOURS: '0' }, 'LEARN_HOURS: must be from 1'],
  [{ TRAIN_QUEUE: '1001' }, 'TRAIN_QUEUE: must be from 0 to 1000'],
  [{ TRAIN_MINUTES: '0' }, 'TRAIN_MINUTES: must be from 1'],
  [{ HOST: 'a b' }, 'HOST: must be a host name'],
  [{ SIGN_IN_HOSTS: 'play.example, http://x' }, 'SIGN_IN_HOSTS: must be hosts'],
])('%j is refused by name', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(ConfigError);
  expect(() => readConfig(environment)).toThrow(message);
});

test('an unknown argument is refused', () => {
  expect(() => readConfig({}, ['--deb'])).toThrow('argument --deb: unknown');
});

/** Starts the server where it cannot start. @returns what it says */
function refusal(env: Record<string, string>): string {
  const done = spawnSync(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', SYMBIONT_HOME: temporaryHome(), ...env },
    encoding: 'utf8',
    timeout: 50_000,
  });
  expect(done.status).toBe(1);
  return done.stderr;
}

test('the server refuses to start without a brain, or with a broken one, and names the file', () => {
  const dir = join(temporaryHome(), 'brains');
  expect(refusal({ SYMBIONT_BRAINS: dir })).toMatch(/brain forager: .*forager\.safetensors is missing/);
  writeBrains(dir);
  writeFileSync(join(dir, 'raider.safetensors'), 'not a brain');
  expect(refusal({ SYMBIONT_BRAINS: dir })).toMatch(/brain raider: .*raider\.safetensors: \w+/);
});

test('a broken rule of growth is refused, and names what is wrong', () => {
  const home = temporaryHome();
  const rule = join(home, 'rule.json');
  writeFileSync(rule, '{"steps":[],"branchStage":0,"branches":[]}');
  const env = { SYMBIONT_BRAINS: writeBrains(join(home, 'brains')), GROWTH_RULE: rule };
  expect(refusal(env)).toMatch(/GROWTH_RULE: .*0 steps, 1 to 5/);
});
