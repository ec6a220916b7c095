import { DAY_TICKS } from '#shared/world/balance.ts';

/** Colour and strength of the light over the world at times of the day (0 = first light, of a day's length 1). */
const TIMES: readonly (readonly [time: number, colour: number, alpha: number])[] = [
  [0, 0xffb070, 0.2],
  [0.06, 0xffd9a0, 0.1],
  [0.14, 0xfff6d8, 0],
  [0.5, 0xfff6d8, 0],
  [0.58, 0xff9a56, 0.14],
  [0.66, 0x8a4a9a, 0.28],
  [0.73, 0x1c2460, 0.46],
  [0.9, 0x1c2460, 0.46],
  [0.97, 0xa05a8a, 0.3],
  [1, 0xffb070, 0.2],
];

/** The day's light at a tick: what to lay over the world, and how much of the night there is (0..1). */
export function daylight(tick: number): { colour: number; alpha: number; night: number; time: number } {
  const time = (((tick % DAY_TICKS) + DAY_TICKS) % DAY_TICKS) / DAY_TICKS;
  const next = Math.max(
    1,
    TIMES.findIndex(([t]) => t > time),
  );
  const [t0, c0, a0] = TIMES[next - 1];
  const [t1, c1, a1] = TIMES[next];
  const k = (time - t0) / (t1 - t0);
  let colour = 0;
  for (const shift of [16, 8, 0]) {
    const from = (c0 >> shift) & 255;
    const to = (c1 >> shift) & 255;
    colour |= Math.round(from + (to - from) * k) << shift;
  }
  const alpha = a0 + (a1 - a0) * k;
  const night =
    time < 0.5 ? Math.max(0, 1 - time / 0.08) * 0.5 : Math.max(0, Math.min(1, (alpha - 0.16) / 0.26));
  return { colour, alpha, night, time };
}
