import type { Intake } from './intake.ts';
import { MAX_FILE_BYTES, Refused, type Rgba } from './limits.ts';
import type { Cell } from './sheet.ts';
import type { Answer, Ask } from './worker.ts';

/** SVGs are drawn at so many times the size of the sprite, and averaged. */
const FINER = 4;
/** A file that takes longer is given up, with its worker. */
const PATIENCE_MS = 20_000;

type Wish = Ask extends infer One ? (One extends Ask ? Omit<One, 'id'> : never) : never;

/** Takes files in, one after the other, in a worker of its own. */
export class Reader {
  private worker: Worker | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private last = 0;

  /** @throws Refused with the reason why nothing of it was taken */
  read(file: File, size: number, cell?: Cell | 'single'): Promise<Intake> {
    const reading = this.turn.then(() => this.take(file, size, cell));
    this.turn = reading.catch(() => {});
    return reading;
  }

  private async take(file: File, size: number, cell?: Cell | 'single'): Promise<Intake> {
    if (file.size > MAX_FILE_BYTES)
      throw new Refused(
        `has ${(file.size / 2 ** 20).toFixed(1)} MB; at most ${MAX_FILE_BYTES / 2 ** 20} are taken`,
      );
    const bytes = new Uint8Array(await file.arrayBuffer());
    const name = file.name.replace(/\.\w+$/, '').slice(0, 48);
    let answer = await this.ask({ kind: 'file', name, size, bytes, cell });
    if (answer.kind === 'draw') {
      const picture = await drawSvg(answer.text, answer.ratio, size * FINER);
      answer = await this.ask({ kind: 'drawn', name, size, picture });
    }
    if (answer.kind !== 'taken')
      throw new Refused(answer.kind === 'refused' ? answer.why : 'could not be drawn');
    return answer.intake;
  }

  private ask(wish: Wish): Promise<Answer> {
    this.worker ??= new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    const { worker } = this;
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        worker.removeEventListener('message', hear);
        worker.removeEventListener('error', broke);
        settle();
      };
      const hear = ({ data }: MessageEvent<Answer>) => {
        if (data.id === id) end(() => resolve(data));
      };
      const broke = () => {
        worker.terminate();
        this.worker = null;
        end(() => reject(new Refused('takes too long to read, or too much memory')));
      };
      const timer = setTimeout(broke, PATIENCE_MS);
      worker.addEventListener('message', hear);
      worker.addEventListener('error', broke);
      worker.postMessage({ ...wish, id });
    });
  }
}

/** Draws an SVG that was checked. As an image it runs nothing and loads nothing. */
async function drawSvg(text: string, ratio: number, side: number): Promise<Rgba> {
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode().catch(() => {
      throw new Refused('is no SVG that a browser draws');
    });
    const [w, h] = ratio >= 1 ? [side, side / ratio] : [side * ratio, side];
    const canvas = new OffscreenCanvas(Math.max(8, Math.round(w)), Math.max(8, Math.round(h)));
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const { width, height, data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return { width, height, data: new Uint8ClampedArray(data) };
  } finally {
    URL.revokeObjectURL(url);
  }
}
