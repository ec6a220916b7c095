import { expect, test } from 'vitest';
import { Name } from '#shared/protocol/index.ts';
import { friendlyName, isUnwanted, tidy } from './words.ts';

test.each([
  ['fuck', true],
  ['F.U-c k', true],
  ['fùçk', true],
  ['5h1t happens', true],
  ['Dick', true],
  ['Dickens', false],
  ['Classic bass', false],
  ['Ada Lovelace', false],
  ['Scunthorpe', false],
  ['小さい', false],
])('%j is unwanted: %s', (text, unwanted) => {
  expect(isUnwanted(text)).toBe(unwanted);
});

test('a line keeps its shape around what is starred out', () => {
  expect(tidy('well, shit! héllo 👋')).toBe('well, ****! héllo 👋');
});

test('every friendly name is a name', () => {
  for (let a = 0; a < 40; a++)
    for (let b = 0; b < 40; b++) {
      const picks = [a, b];
      const name = friendlyName(() => picks.shift() ?? 0);
      expect(Name.safeParse(name).success && !isUnwanted(name)).toBe(true);
    }
});
