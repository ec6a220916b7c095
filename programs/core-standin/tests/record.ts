/**
 * Records what Metaplex Core's real binary (METAPLEX_CORE_SO) does with every step of the script:
 *   METAPLEX_CORE_SO=… node --import tsx programs/core-standin/tests/record.ts
 */
import { writeFileSync } from 'node:fs';
import { Svm } from '../../testing/svm.ts';
import { PEOPLE, play, type Record, SCRIPT } from './script/index.ts';

/** Each record names only the accounts that the step changed. */
export function recorded(svm: Svm): Record[] {
  for (const keypair of Object.values(PEOPLE)) svm.fund(keypair);
  let before: Record['accounts'] = {};
  return SCRIPT.map((step) => {
    const after = play(svm, step);
    const changed = Object.entries(after.accounts).filter(
      ([place, state]) => JSON.stringify(state) !== JSON.stringify(before[place] ?? null),
    );
    before = after.accounts;
    return { ...after, accounts: Object.fromEntries(changed) };
  });
}

if (process.argv[1]?.endsWith('record.ts')) {
  const records = recorded(new Svm('real binary'));
  writeFileSync(new URL('./recorded.json', import.meta.url), `${JSON.stringify(records, null, 1)}\n`);
  console.log(`${records.length} steps recorded`);
}
