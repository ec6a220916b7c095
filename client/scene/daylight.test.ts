import { expect, test } from 'vitest';
import { DAY_TICKS } from '#shared/world/balance.ts';
import { daylight } from './daylight.ts';

const channels = (c: number) => [(c >> 16) & 255, (c >> 8) & 255, c & 255];

test('light changes smoothly through the whole day, over midnight too', () => {
  for (let tick = 0; tick < DAY_TICKS; tick += 5) {
    const [a, b] = [daylight(tick), daylight(tick + 5)];
    expect(Math.abs(a.night - b.night)).toBeLessThan(0.01);
    channels(a.colour).forEach((v, k) => {
      expect(Math.abs(v - channels(b.colour)[k])).toBeLessThanOrEqual(2);
    });
  }
});

test('days repeat, noon is white and midnight is night', () => {
  expect(daylight(7 * DAY_TICKS + 123)).toEqual(daylight(123));
  expect(daylight(DAY_TICKS * 0.3)).toMatchObject({ colour: 0xffffff, night: 0 });
  expect(daylight(DAY_TICKS * 0.8).night).toBe(1);
});
