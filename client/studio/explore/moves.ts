/** What hands can do on a map. */
export interface Moves {
  drag(dx: number, dy: number): void;
  zoom(by: 1 | -1): void;
  tap(x: number, y: number): void;
}

/** Mouse, fingers (two to zoom) and keys. */
export function moveBy(canvas: HTMLCanvasElement, { drag, zoom, tap }: Moves): void {
  const fingers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  let apart = 0;
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    apart = spread();
    if (fingers.size === 1) moved = 0;
  });
  canvas.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [event.offsetX - before.x, event.offsetY - before.y];
    fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    moved += Math.abs(dx) + Math.abs(dy);
    if (fingers.size === 1 && moved > 6) drag(dx, dy);
    else if (fingers.size === 2) {
      const now = spread();
      if (now > apart * 1.35 || now < apart / 1.35) {
        zoom(now > apart ? 1 : -1);
        apart = now;
      }
    }
  });
  const up = (event: PointerEvent) => {
    if (fingers.delete(event.pointerId) && moved <= 6 && event.type === 'pointerup')
      tap(event.offsetX, event.offsetY);
  };
  canvas.addEventListener('pointerup', up);
  canvas.addEventListener('pointercancel', up);
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1 : -1);
    },
    { passive: false },
  );
  canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[
      event.key
    ];
    if (step) drag(step[0], step[1]);
    else if (event.key === '+' || event.key === '-') zoom(event.key === '+' ? 1 : -1);
    else if (event.key === 'Enter') tap(canvas.clientWidth / 2, canvas.clientHeight / 2);
    else return;
    event.preventDefault();
  });
}
