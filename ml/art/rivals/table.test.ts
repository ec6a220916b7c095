import { expect, test } from 'vitest';
import { tableIn } from './table.ts';

test('a table stands between its own marks and leaves all else as it is', () => {
  const text = 'a\n<!-- one -->\nold\n<!-- end one -->\nb\n<!-- two -->\n<!-- end two -->\n';
  const changed = tableIn(text, 'one', ['| x |', '| y |']);
  expect(changed).toBe(
    'a\n<!-- one -->\n| x |\n| y |\n<!-- end one -->\nb\n<!-- two -->\n<!-- end two -->\n',
  );
  expect(tableIn(changed, 'one', ['old'])).toBe(text);
  expect(tableIn(text, 'two', ['z'])).toContain('<!-- two -->\nz\n<!-- end two -->');
});

test('marks that are missing or the wrong way round are named', () => {
  expect(() => tableIn('<!-- one -->', 'one', [])).toThrow(
    'its marks <!-- one --> and <!-- end one --> are missing',
  );
  expect(() => tableIn('<!-- end one --><!-- one -->', 'one', [])).toThrow('are missing');
});
