import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SQL, sql } from 'drizzle-orm';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { Cluster } from './cluster.ts';

export type Db = PostgresJsDatabase;
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

/** One Postgres behind the store: the embedded one in its thread, or a server at a URL. */
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

const CONNECT_S = 10;

/** @throws Error as the driver gives it when the database cannot be opened or migrated */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const database = options.url ? openServer(options.url) : await openEmbedded(options.dir);
  try {
    await migrate(database);
  } catch (error) {
    await database.close().catch(() => {});
    throw error;
  }
  return database;
}

const COMMON = { onnotice: () => {}, fetch_types: false, connect_timeout: CONNECT_S } as const;

async function openEmbedded(dir: string): Promise<Database> {
  const cluster = await Cluster.open(dir);
  const client = postgres({
    ...COMMON,
    username: 'postgres',
    database: 'postgres',
    max: 1,
    max_lifetime: null,
    // An option of the driver that its types leave out.
    ...({ socket: () => cluster.connect() } as object),
  });
  return {
    db: drizzle(client),
    script: async (text) => void (await client.unsafe(text)),
    close: async () => {
      await client.end({ timeout: 1 }).catch(() => {});
      await cluster.close();
    },
  };
}

function openServer(url: string): Database {
  const client = postgres(url, { ...COMMON, max: 4 });
  return {
    db: drizzle(client),
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
  const applied = new Set(rows.map((row) => row.name));
  const files = readdirSync(MIGRATIONS).filter((file) => file.endsWith('.sql'));
  for (const file of files.sort()) {
    if (applied.has(file)) continue;
    const text = readFileSync(join(MIGRATIONS, file), 'utf8');
    await database.db.transaction(async (tx) => {
      await tx.execute(sql.raw(text));
      await tx.execute(sql`INSERT INTO migrations (name) VALUES (${file})`);
    });
  }
}

/** Rows as a table `s` within a statement, so that one statement serves them all. @param columns (name type, …) */
export const rowsOf = (rows: readonly object[], columns: SQL): SQL =>
  sql`jsonb_to_recordset((${JSON.stringify(rows)}::text)::jsonb) AS s${columns}`;
