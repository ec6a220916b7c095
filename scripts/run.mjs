#!/usr/bin/env node
/**
 * Behind every `npm run`: makes sure that what is needed is there, then runs it. Plain JavaScript without
 * dependencies, because on a fresh clone there are none yet.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const NODE_AT_LEAST = [20, 19];
const verbs = { start, dev, test, e2e, build, check, programs, chain, fuzz, bench, symbiont };

const [verb, ...args] = process.argv.slice(2);
if (!(verb in verbs)) fail(`usage: node scripts/run.mjs ${Object.keys(verbs).join('|')} …`);
requireNode();
install();
verbs[verb]();

function start() {
  buildClient();
  run(['--import', 'tsx', 'server/main.ts', ...args]);
}

function dev() {
  run(['--import', 'tsx', '--watch-path=server', '--watch-path=shared', 'server/main.ts', '--dev', ...args]);
}

function test() {
  run(['node_modules/vitest/vitest.mjs', 'run', ...args]);
}

function e2e() {
  buildClient();
  run(['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.e2e.config.ts', ...args]);
}

function build() {
  buildClient(true);
}

function check() {
  run(['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'], () =>
    run(['node_modules/typescript/bin/tsc', '-p', 'shared', '--noEmit'], () =>
      run(['node_modules/typescript/bin/tsc', '-p', '.', '--noEmit']),
    ),
  );
}

function programs() {
  run(['--import', 'tsx', 'programs/cli.ts', ...args]);
}

function chain() {
  run(['--import', 'tsx', 'server/chain/cli.ts', ...args]);
}

function fuzz() {
  run(['--import', 'tsx', 'programs/fuzz/main.ts', ...args]);
}

function bench() {
  const [name, ...rest] = args;
  const names = readdirSync(join(root, 'bench')).flatMap((f) => f.match(/^(\w+)\.ts$/)?.[1] ?? []);
  const known = names.filter((n) => readFileSync(join(root, 'bench', `${n}.ts`), 'utf8').includes('report('));
  if (!known.includes(name) || name === 'report')
    fail(`bench: ${name ?? 'no name'}; known: ${known.filter((n) => n !== 'report').join(', ')}`);
  run(['--import', 'tsx', `bench/${name}.ts`, ...rest]);
}

function symbiont() {
  run(['--import', 'tsx', 'ml/cli.ts', ...args]);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < NODE_AT_LEAST[0] || (major === NODE_AT_LEAST[0] && minor < NODE_AT_LEAST[1]))
    fail(`Symbiont needs Node ${NODE_AT_LEAST.join('.')} or later; this is ${process.versions.node}.`);
}

/** Installs when node_modules is missing, or is of other dependencies than package.json and the lock file name. */
function install() {
  const wanted = digest(['package.json', 'package-lock.json'], dependenciesOf);
  const stamp = join(root, 'node_modules', '.symbiont-install');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing dependencies (once) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) fail('npm install failed; its messages are above.');
  writeFileSync(stamp, digest(['package.json', 'package-lock.json'], dependenciesOf));
}

/** Of package.json only what decides what is installed. */
function dependenciesOf(file, text) {
  if (!file.endsWith('package.json')) return text;
  const { dependencies, devDependencies, overrides } = JSON.parse(text);
  return JSON.stringify([dependencies, devDependencies, overrides]);
}

/** Builds the page when a source of it changed since the last build. */
function buildClient(always = false) {
  const sources = ['client', 'shared', 'assets', 'vite.config.ts', 'package-lock.json'].flatMap((path) =>
    filesUnder(path),
  );
  const wanted = digest(sources.filter((f) => !/\.(test|e2e)\.ts$/.test(f)));
  const stamp = join(root, 'dist', '.symbiont-build');
  if (!always && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Building the page …');
  const done = spawnSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (done.status !== 0) fail('The page could not be built; the messages are above.');
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, wanted);
}

function filesUnder(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .filter((name) => name !== 'target' && name !== 'node_modules')
    .sort()
    .flatMap((name) => filesUnder(`${path}/${name}`));
}

function digest(files, pick = (_, text) => text) {
  const hash = createHash('sha256');
  for (const file of files) {
    const full = join(root, file);
    if (!existsSync(full)) continue;
    hash.update(`${file}\0`).update(pick(file, readFileSync(full, file.endsWith('.json') ? 'utf8' : null)));
  }
  return hash.digest('hex');
}

/** Runs Node with these arguments in the foreground and ends with its status, or goes on with `then`. */
function run(nodeArgs, then) {
  const child = spawn(process.execPath, nodeArgs, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (code === 0 && then) then();
    else process.exit(signal ? 1 : (code ?? 1));
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
