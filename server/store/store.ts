import { sql } from 'drizzle-orm';
import { type Database, type DatabaseOptions, type Db, openDatabase } from './database.ts';

/**
 * The door to the database. An embedded Postgres that met a full disk may be beyond use: it is then closed and opened
 * again from its files before the next piece of work.
 */
export class Store {
  private readonly options: DatabaseOptions;
  private database: Database;
  private broken = false;
  private opening: Promise<void> | null = null;

  private constructor(options: DatabaseOptions, database: Database) {
    this.options = options;
    this.database = database;
  }

  static async open(options: DatabaseOptions): Promise<Store> {
    return new Store(options, await openDatabase(options));
  }

  /** Does a piece of work. Errors are the driver's own; work that failed has changed nothing. */
  async run<T>(work: (db: Db) => Promise<T>): Promise<T> {
    if (this.broken) await this.reopen();
    const { database } = this;
    try {
      return await work(database.db);
    } catch (error) {
      await database.db.execute(sql`SELECT 1`).catch(() => {
        if (this.database === database) this.broken = true;
      });
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  private reopen(): Promise<void> {
    this.opening ??= (async () => {
      try {
        await this.database.close().catch(() => {});
        this.database = await openDatabase(this.options);
        this.broken = false;
      } finally {
        this.opening = null;
      }
    })();
    return this.opening;
  }
}
