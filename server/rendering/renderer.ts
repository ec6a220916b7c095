import { Worker } from 'node:worker_threads';

export type RenderType = 'png' | 'gif';

export interface ToRender {
  id: number;
  type: RenderType;
  body: Uint8Array;
}

export interface Rendered {
  id: number;
  /** Null: the body is no picture of this kind. */
  bytes: Uint8Array | null;
}

/** Pictures waiting to be rendered at once. */
const MOST_WAITING = 256;

/** Too much is being rendered already. */
export class RendererBusy extends Error {
  override name = 'RendererBusy';
}

interface Waiting {
  resolve: (bytes: Uint8Array | null) => void;
  reject: (error: Error) => void;
}

/** Renders canonical picture bytes on a thread of its own, which starts with the first and keeps nothing alive. */
export class Renderer {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  /**
   * A PNG of 3008 × 3008 of a picture's bytes, or a GIF of a strip's; null where they are no such bytes.
   * @throws RendererBusy when too much waits; Error when the thread ends
   */
  render(type: RenderType, body: Uint8Array): Promise<Uint8Array | null> {
    if (this.waiting.size >= MOST_WAITING)
      return Promise.reject(new RendererBusy(`${MOST_WAITING} pictures are being rendered`));
    const id = ++this.last;
    this.worker ??= this.start();
    this.worker.postMessage({ id, type, body } satisfies ToRender);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  private start(): Worker {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url));
    worker.unref();
    worker.on('message', ({ id, bytes }: Rendered) => {
      this.waiting.get(id)?.resolve(bytes);
      this.waiting.delete(id);
    });
    const ended = (error: Error): void => {
      if (this.worker !== worker) return;
      this.worker = null;
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    };
    worker.on('error', ended);
    worker.on('exit', () => ended(new Error('the rendering thread has ended')));
    return worker;
  }
}
