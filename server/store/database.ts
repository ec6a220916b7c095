import { execFile } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import type { ExtractTablesWithRelations } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT, PgTransaction } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { drizzle as drizzlePostgres } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';

type Schema = Record<string, never>;
export type Db = PgDatabase<PgQueryResultHKT, Schema, ExtractTablesWithRelations<Schema>>;
export type Tx = PgTransaction<PgQueryResultHKT, Schema, ExtractTablesWithRelations<Schema>>;

/** One database behind the store: PGlite in this process, or Postgres at a URL. */
export interface Database {
  readonly db: Db;
  /** Runs several statements as they stand. */
  script(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Directory of the embedded database. */
  dir: string;
  /** postgres://…; then `dir` is not used. */
  url: string | null;
}

/** @throws Error as the driver gives it when the database cannot be opened or migrated */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const database = options.url ? openPostgres(options.url) : await openPglite(options.dir);
  try {
    await migrate(database);
  } catch (error) {
    await database.close().catch(() => {});
    throw error;
  }
  return database;
}

async function openPglite(dir: string): Promise<Database> {
  if (!existsSync(dir)) await makeCluster(dir);
  const client = await PGlite.create(dir);
  return {
    db: drizzlePglite(client) as unknown as Db,
    script: async (text) => void (await client.exec(text)),
    close: () => client.close(),
  };
}

/**
 * One process and one connection need neither 128 MB of shared buffers nor a gigabyte of log. Files are not synced
 * at each commit: what was committed survives the end of the process, a power cut may cost the last seconds.
 */
const SETTINGS = `
shared_buffers = 8MB
wal_buffers = 1MB
max_wal_size = 64MB
min_wal_size = 32MB
max_connections = 5
`;

/**
 * Makes a new cluster beside its place and moves it there when it is whole. In a process of its own, because making
 * one takes twice the memory that keeping one does, and memory once taken is not given back.
 */
export async function makeCluster(dir: string): Promise<void> {
  const making = `${dir}.${process.pid}.new`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const script = `import { PGlite } from '@electric-sql/pglite';
    const db = await PGlite.create(process.argv[1]);
    await db.close();`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, making], {
    cwd: import.meta.dirname,
  });
  appendFileSync(join(making, 'postgresql.conf'), SETTINGS);
  renameSync(making, dir);
}

function openPostgres(url: string): Database {
  const client = postgres(url, { max: 4, connect_timeout: 10, onnotice: () => {} });
  return {
    db: drizzlePostgres(client) as unknown as Db,
    script: async (text) => void (await client.unsafe(text)),
    close: () => client.end({ timeout: 5 }),
  };
}

const MIGRATIONS = join(import.meta.dirname, 'migrations');

/** Applies the .sql files that were not applied yet, in the order of their names, each in one transaction. */
async function migrate(database: Database): Promise<void> {
  await database.script(
    'CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())',
  );
  const rows = await database.db.execute<{ name: string }>(sql`SELECT name FROM migrations`);
  const list = (Array.isArray(rows) ? rows : (rows as { rows: { name: string }[] }).rows) as {
    name: string;
  }[];
  const applied = new Set(list.map((r) => r.name));
  const files = readdirSync(MIGRATIONS).filter((f) => f.endsWith('.sql'));
  for (const file of files.sort()) {
    if (applied.has(file)) continue;
    const text = readFileSync(join(MIGRATIONS, file), 'utf8');
    await database.script(`BEGIN;\n${text}\nINSERT INTO migrations (name) VALUES ('${file}');\nCOMMIT;`);
  }
}
