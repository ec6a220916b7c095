import { DAY_TICKS } from '#shared/world/balance.ts';

/** The colour by which everything is multiplied, and how much night there is, at times of the day (0..1, 0 = first light). */
const TIMES: readonly (readonly [time: number, colour: number, night: number])[] = [
  [0, 0xffc9a0, 0.35],
  [0.06, 0xffe3bd, 0],
  [0.14, 0xffffff, 0],
  [0.5, 0xffffff, 0],
  [0.58, 0xffd2a0, 0],
  [0.66, 0xc98fb8, 0.5],
  [0.73, 0x6470b8, 1],
  [0.9, 0x6470b8, 1],
  [0.97, 0xc29ac0, 0.6],
  [1, 0xffc9a0, 0.35],
];

/** The day's light at a tick: what to multiply the world by, how much night there is (0..1), the time of day (0..1). */
export function daylight(tick: number): { colour: number; night: number; time: number } {
  const time = (((tick % DAY_TICKS) + DAY_TICKS) % DAY_TICKS) / DAY_TICKS;
  const next = Math.max(
    1,
    TIMES.findIndex(([t]) => t > time),
  );
  const [t0, c0, n0] = TIMES[next - 1];
  const [t1, c1, n1] = TIMES[next];
  const k = (time - t0) / (t1 - t0);
  let colour = 0;
  for (const shift of [16, 8, 0]) {
    const from = (c0 >> shift) & 255;
    const to = (c1 >> shift) & 255;
    colour |= Math.round(from + (to - from) * k) << shift;
  }
  return { colour, night: n0 + (n1 - n0) * k, time };
}
