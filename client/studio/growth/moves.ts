import { type Layout, placeKey, type Room } from './layout.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a creator moved places of the graph, by their keys. */
export type Moved = Readonly<Record<string, Point>>;

/** How far below the graph a place can be moved at once; the graph then grows. */
const BELOW = 240;
/** Keeps places apart by more than what rounding takes. */
const HAIR = 0.01;

const apart = (a: Point, b: Point, { width, height }: Room): boolean =>
  Math.abs(a.x - b.x) >= width - HAIR / 2 || Math.abs(a.y - b.y) >= height - HAIR / 2;

const within = (least: number, value: number, most: number): number => Math.min(most, Math.max(least, value));

/**
 * The point nearest to `wish` where a place stands clear of others, with room for its text. Free space is what is left
 * of a rectangle without other rectangles: its nearest point has a coordinate of the wish's or of an edge.
 */
export function nearestFree(layout: Layout, others: readonly Point[], wish: Point): Point {
  const { room, frame } = layout;
  const x = within(frame.left, wish.x, frame.right);
  const y = within(frame.top, wish.y, frame.bottom + BELOW);
  const start = { x, y };
  const clear = (at: Point) => others.every((one) => apart(at, one, room));
  if (clear(start)) return start;
  const xs = [x, frame.left, frame.right, ...others.flatMap((o) => [o.x - room.width, o.x + room.width])];
  const ys = [y, frame.top, ...others.flatMap((o) => [o.y - room.height, o.y + room.height])];
  let best: Point = start;
  let nearest = Number.POSITIVE_INFINITY;
  for (const cx of xs) {
    if (cx < frame.left || cx > frame.right) continue;
    for (const cy of ys) {
      // Below the lowest of the others there is always room.
      if (cy < frame.top) continue;
      const distance = Math.hypot(cx - x, cy - y);
      if (distance < nearest && clear({ x: cx, y: cy })) [best, nearest] = [{ x: cx, y: cy }, distance];
    }
  }
  return best;
}

/** The graph with its moved places where they were put, or as near to that as there is room; the graph grows with them. */
export function arranged(layout: Layout, moved: Moved): Layout {
  const at = new Map<string, Point>();
  const stays = layout.places.filter((place) => moved[placeKey(place)] === undefined);
  const taken: Point[] = [...stays];
  for (const place of layout.places) {
    const key = placeKey(place);
    const wish = moved[key];
    if (wish === undefined) continue;
    const point = nearestFree(layout, taken, wish);
    taken.push(point);
    at.set(key, point);
  }
  return withPoints(layout, at);
}

/** The graph with some of its places elsewhere; it grows downwards with them. */
export function withPoints(layout: Layout, at: ReadonlyMap<string, Point>): Layout {
  if (at.size === 0) return layout;
  const places = layout.places.map((place) => ({ ...place, ...at.get(placeKey(place)) }));
  const byKey = new Map(places.map((place) => [placeKey(place), place]));
  const edges = layout.edges.map(({ from, to }) => ({
    from: byKey.get(placeKey(from)) ?? from,
    to: byKey.get(placeKey(to)) ?? to,
  }));
  const lowest = Math.max(layout.frame.bottom, ...places.map(({ y }) => y));
  return { ...layout, height: lowest + layout.margin, places, edges };
}

/** Where a place comes to stand that is moved to `wish`, clear of all others as they stand now. */
export function movedTo(shown: Layout, key: string, wish: Point): Point {
  const others = shown.places.filter((place) => placeKey(place) !== key);
  return nearestFree(shown, others, wish);
}

/** The moved places once `key` stands at `point`: those that had to make room stay where one sees them. */
export function withMoved(shown: Layout, moved: Moved, key: string, point: Point): Record<string, Point> {
  const seen = new Map(shown.places.map((place) => [placeKey(place), { x: place.x, y: place.y }]));
  const kept = Object.entries(moved).map(([one, at]) => [one, seen.get(one) ?? at] as const);
  return { ...Object.fromEntries(kept), [key]: point };
}

/** A step of the keyboard (-1, 0 or 1 each way), in units of the graph; past what is in the way, where there is room. */
export function stepped(shown: Layout, key: string, dx: number, dy: number): Point {
  const from = shown.places.find((place) => placeKey(place) === key);
  if (!from) throw new RangeError(`place: ${key} is none of the graph`);
  for (let far = STEP; far <= LEAP; far += STEP) {
    const to = movedTo(shown, key, { x: from.x + dx * far, y: from.y + dy * far });
    if ((to.x - from.x) * dx + (to.y - from.y) * dy > 0) return to;
  }
  return { x: from.x, y: from.y };
}

const STEP = 12;
const LEAP = 25 * STEP;
