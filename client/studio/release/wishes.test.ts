import { expect, it } from 'vitest';
import type { StudioManage } from '#shared/protocol/studio.ts';
import { wishProblem } from './wishes.ts';

const ADDRESS = 'Eo4Yw4Wz5sN9ZkqkVwYyKZ1TJHb1m3sQd7nq2cXfW8aB';

it.each<[StudioManage, string | null]>([
  [{ do: 'supply', supply: 40 }, null],
  [{ do: 'supply', supply: Number.NaN }, 'Supply must be a whole number from 0 to 4294967295.'],
  [{ do: 'supply', supply: 1.5 }, 'Supply must be a whole number from 0 to 4294967295.'],
  [{ do: 'price', price: 1_000_000_000_000 }, null],
  [
    { do: 'price', price: 1_000_000_000_001 },
    'Price, in lamports, must be a whole number from 0 to 1000000000000.',
  ],
  [{ do: 'price', price: -1 }, 'Price, in lamports, must be a whole number from 0 to 1000000000000.'],
  [{ do: 'dailyCap', dailyCap: 65_536 }, 'Evolutions a day must be a whole number from 0 to 65535.'],
  [{ do: 'propose', to: ADDRESS }, null],
  [{ do: 'propose', to: null }, null],
  [{ do: 'propose', to: 'nobody' }, 'Whom it goes to must be a Solana address.'],
])('%o: %s', (wish, problem) => {
  expect(wishProblem(wish)).toBe(problem);
});
