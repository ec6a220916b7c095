import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

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

/** The embedded database, running in its thread. It has one session, so one connection at a time. */
export class Cluster {
  private readonly worker: Worker;
  private socket: ThreadSocket | null = null;
  private ended: Error | null = null;

  private constructor(worker: Worker) {
    this.worker = worker;
    worker.on('message', (message: { data?: Uint8Array }) => {
      if (message.data) this.socket?.push(message.data);
    });
    worker.on('error', (error) => this.end(error));
    worker.on('exit', () => this.end(new Error('database: its thread has ended')));
  }

  /** @throws Error when the files are no database or cannot be read */
  static async open(dir: string): Promise<Cluster> {
    if (!existsSync(dir)) await makeCluster(dir);
    const worker = new Worker(new URL('./cluster.mjs', import.meta.url), {
      workerData: { dir },
      execArgv: [],
    });
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`database: its thread ended with ${code}`)));
    });
    return new Cluster(worker);
  }

  /** A new connection; the one before, if any, is rolled back. @throws Error when the thread has ended */
  connect(): Duplex {
    if (this.ended) throw this.ended;
    this.socket?.destroy();
    this.worker.postMessage({ open: true });
    this.socket = new ThreadSocket(this.worker);
    return this.socket;
  }

  async close(): Promise<void> {
    if (this.ended) return;
    const exited = new Promise((resolve) => this.worker.once('exit', resolve));
    this.worker.postMessage({ close: true });
    await exited;
  }

  private end(error: Error): void {
    this.ended ??= error;
    this.socket?.destroy(this.ended);
  }
}

/** Bytes to and from the thread, as the Postgres driver wants a socket. */
class ThreadSocket extends Duplex {
  private readonly worker: Worker;

  constructor(worker: Worker) {
    super();
    this.worker = worker;
  }

  get readyState(): string {
    return this.destroyed ? 'closed' : 'open';
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.worker.postMessage({ data: chunk });
    done();
  }
}
