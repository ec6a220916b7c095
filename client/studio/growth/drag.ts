import type { Point } from './moves.ts';

/** From so far on (CSS pixels) a pointer that is down drags; nearer it is a click. */
const SLACK = 6;
/** A finger rests for so long before it lifts a place: until then it scrolls the page. */
const HOLD_MS = 260;

interface Hold {
  readonly key: string;
  readonly pointer: number;
  /** Where the pointer went down, in CSS pixels, and the place's middle from there, in units of the graph. */
  readonly from: Point;
  readonly off: Point;
  lifted: boolean;
  timer: number;
}

export interface Dragging {
  /** Where a place stands now. */
  at(key: string): Point | null;
  /** A place is lifted: until it is dropped, what was touched has to stay in the page. */
  lift(key: string): void;
  /** The pointer wants it here. */
  drag(key: string, to: Point): void;
  /** It is let go where it was dragged to last, or goes back. */
  drop(key: string, keep: boolean): void;
}

/** Lets a mouse, a pen or a finger move what carries `data-key` in a drawing. Escape puts it back. */
export function draggable(drawing: SVGSVGElement, { at, lift, drag, drop }: Dragging): void {
  let hold: Hold | null = null;
  const swallow = (event: Event) => event.stopPropagation();

  const inGraph = (event: PointerEvent): Point => {
    const matrix = drawing.getScreenCTM();
    if (!matrix) return { x: 0, y: 0 };
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    return { x, y };
  };
  const raise = (): void => {
    if (!hold || hold.lifted) return;
    hold.lifted = true;
    drawing.setPointerCapture(hold.pointer);
    lift(hold.key);
  };
  const end = (keep: boolean): void => {
    if (!hold) return;
    const { key, lifted, timer, pointer } = hold;
    clearTimeout(timer);
    hold = null;
    if (!lifted) return;
    if (drawing.hasPointerCapture(pointer)) drawing.releasePointerCapture(pointer);
    drop(key, keep);
  };

  drawing.addEventListener('pointerdown', (event) => {
    const key = (event.target as Element).closest<SVGElement>('.node')?.dataset.key;
    const place = key === undefined ? null : at(key);
    if (hold?.lifted || key === undefined || !place || event.button !== 0 || !event.isPrimary) return;
    // One that left the drawing before it dragged anything was not heard to come up.
    end(false);
    const point = inGraph(event);
    hold = {
      key,
      pointer: event.pointerId,
      from: { x: event.clientX, y: event.clientY },
      off: { x: place.x - point.x, y: place.y - point.y },
      lifted: false,
      timer: event.pointerType === 'touch' ? window.setTimeout(raise, HOLD_MS) : 0,
    };
  });
  drawing.addEventListener('pointermove', (event) => {
    if (event.pointerId !== hold?.pointer) return;
    const far = Math.hypot(event.clientX - hold.from.x, event.clientY - hold.from.y) > SLACK;
    if (!hold.lifted && far) {
      if (event.pointerType === 'touch') return end(false);
      raise();
    }
    if (!hold.lifted) return;
    const point = inGraph(event);
    drag(hold.key, { x: point.x + hold.off.x, y: point.y + hold.off.y });
  });
  drawing.addEventListener('pointerup', (event) => {
    if (event.pointerId !== hold?.pointer) return;
    // The click that follows chooses nothing.
    if (hold.lifted) {
      drawing.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => drawing.removeEventListener('click', swallow, { capture: true }), 0);
    }
    end(true);
  });
  drawing.addEventListener('pointercancel', (event) => {
    if (event.pointerId === hold?.pointer) end(false);
  });
  // While a finger holds a place the page neither scrolls nor opens its menu.
  drawing.addEventListener('touchmove', (event) => hold?.lifted && event.preventDefault(), {
    passive: false,
  });
  drawing.addEventListener('contextmenu', (event) => hold && event.preventDefault());
  drawing.addEventListener('dragstart', (event) => event.preventDefault());
  window.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !hold?.lifted) return;
    event.preventDefault();
    end(false);
  });
}

/** Steps of the arrow keys. */
export const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
