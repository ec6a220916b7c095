/**
 * `npm run programs`: builds the on-chain programs into assets/programs (the .so files, the IDL and
 * `hashes.json`) and the WebAssembly kernels. `-- --check` builds them anew in a temporary place and
 * compares every byte with what is committed; it exits with 1 and names what differs. `-- deploy` brings
 * the programs onto a cluster, `-- addresses` gives them other addresses (programs/deploy).
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const committed = fileURLToPath(new URL('../assets/programs/', import.meta.url));

/** Builds everything into `out`; throws when the build fails. */
function build(out: string): void {
  const done = spawnSync('bash', [join(here, 'build.sh'), out], { stdio: 'inherit' });
  if (done.status !== 0) throw new Error(`programs: the build failed (exit ${done.status ?? done.signal})`);
  writeFileSync(join(out, 'hashes.json'), `${JSON.stringify(hashes(out), null, 2)}\n`);
}

function hashes(folder: string): Record<string, string> {
  const built = readdirSync(folder).filter((name) => /\.(so|json)$/.test(name) && name !== 'hashes.json');
  return Object.fromEntries(
    built.sort().map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}

/** Crates that become WebAssembly, each with a build.sh that writes beside it or, with `--check`, compares. */
const KERNELS = ['shared/brain/kernel', 'shared/art/grid/kernel', 'ml/kernel'];

/** Builds the kernels, or compares them with what is committed. @returns those that failed */
function kernels(...args: string[]): string[] {
  return KERNELS.filter((folder) => {
    const script = fileURLToPath(new URL(`../${folder}/build.sh`, import.meta.url));
    return spawnSync('bash', [script, ...args], { stdio: 'inherit' }).status !== 0;
  });
}

/** The names of files that a fresh build makes otherwise than they are committed. */
function differences(): string[] {
  const place = mkdtempSync(join(tmpdir(), 'symbiont-programs-'));
  try {
    const fresh = join(place, 'out');
    build(fresh);
    const [ours, theirs] = [hashes(committed), hashes(fresh)];
    const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
    const differing = names.filter((name) => ours[name] !== theirs[name]);
    const listed: unknown = JSON.parse(readFileSync(join(committed, 'hashes.json'), 'utf8'));
    return JSON.stringify(listed) === JSON.stringify(theirs) ? differing : [...differing, 'hashes.json'];
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function main(args: string[]): Promise<number> {
  // loaded only here: a build must work while what they read is not built yet
  if (args[0] === 'deploy') return (await import('./deploy/cli.ts')).deploy(args.slice(1));
  if (args[0] === 'addresses') {
    const changed = (await import('./deploy/cli.ts')).addresses(args.slice(1));
    for (const file of changed) console.log(`changed: ${file}`);
    console.log(changed.length > 0 ? 'Now build them: npm run programs' : 'Nothing to change.');
    return 0;
  }
  if (args.length === 1 && args[0] === '--check') {
    const names = [...differences().map((name) => `assets/programs/${name}`), ...kernels('--check')];
    for (const name of names) console.error(`programs: ${name} is not what the source builds`);
    if (names.length === 0) console.log('programs: the committed files are what the source builds');
    return names.length === 0 ? 0 : 1;
  }
  if (args.length === 0 || (args.length === 1 && args[0] === 'build')) {
    build(committed);
    const [failed] = kernels();
    if (failed) throw new Error(`programs: ${failed}: the build failed`);
    for (const [name, hash] of Object.entries(hashes(committed))) console.log(`${hash}  ${name}`);
    return 0;
  }
  console.error(
    `programs: unknown arguments "${args.join(' ')}"; usage: npm run programs [-- build | --check | deploy … | addresses …]`,
  );
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
