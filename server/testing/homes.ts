import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../config.ts';
import { makeCluster } from '../store/cluster.ts';

const homes: string[] = [];

/** Named by what an empty cluster depends on: the database's version and its settings. */
function clusterName(): string {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const settings = readFileSync(join(ROOT, 'server', 'store', 'cluster.ts'));
  const hash = createHash('sha256').update(dependencies['@electric-sql/pglite']).update(settings);
  return `cluster-${hash.digest('hex').slice(0, 12)}`;
}

/** An empty directory for a server's state, removed by `removeHomes`. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'symbiont-'));
  homes.push(home);
  return home;
}

/** The same with an empty database in it, copied from one made once: making one takes seconds. */
export async function preparedHome(): Promise<string> {
  const cache = join(ROOT, 'node_modules', '.cache', 'symbiont');
  const made = join(cache, clusterName());
  if (!existsSync(made)) {
    mkdirSync(cache, { recursive: true });
    await makeCluster(made).catch((error) => {
      // Another test file may have been first.
      if (!existsSync(made)) throw error;
    });
  }
  const home = temporaryHome();
  cpSync(made, join(home, 'db'), { recursive: true });
  return home;
}

export function removeHomes(): void {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
}
