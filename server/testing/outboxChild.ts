/**
 * An operator in a process of its own, to be killed at any moment: `outboxChild.ts HOME RPC_URL PEOPLE`. It mints a
 * symbiont for each person and lets epochs go by until all have grown as far as they can, then says "all is done".
 */
import { inArray } from 'drizzle-orm';
import { symbiontsOf } from '../store/identities.ts';
import { countOpenIntents, evolvingIdentities, shownIntents } from '../store/outbox.ts';
import { intents } from '../store/schema.ts';
import { TestOperator } from './operator.ts';

/** Enough of everything for every stage. */
const DEEDS = [4000, 4000, 4000, 4000, 4000, 4000, 4000, 4000];
/** An epoch goes by when nothing else is on its way, or after so long: the chronicle's ring holds 64. */
const PATIENCE_MS = 12_000;

const [home, rpcUrl, people] = process.argv.slice(2);
const operator = await TestOperator.open(home, rpcUrl);
const { store } = operator;
while (operator.people.length < Number(people)) await operator.guest();
// A guest who was killed before it hatched hatches now.
const hatched = await symbiontsOf(
  store,
  operator.people.map(({ id }) => id),
);
for (const person of operator.people) if (!hatched.has(person.id)) await operator.hatch(person);
operator.outbox().start();
console.log('working');
let waited = performance.now();
for (;;) {
  await new Promise((resolve) => setTimeout(resolve, 100));
  const moving = await store.run((db) =>
    db.$count(intents, inArray(intents.state, ['pending', 'signed', 'sent'])),
  );
  const waiting = await evolvingIdentities(store);
  const idle = [...operator.counters].filter(([, deeds]) => deeds[0] === 0).map(([id]) => id);
  const isOpen = (await countOpenIntents(store)) + (await shownIntents(store, 1)).length > 0;
  if (!isOpen && idle.length === 0) {
    const opened = await operator.reconsider();
    if (opened === 0) break;
    console.log(`reconsidered ${opened}`);
  }
  if (waiting.length + idle.length === 0) continue;
  if (moving > 0 && performance.now() - waited < PATIENCE_MS) continue;
  waited = performance.now();
  await operator.epoch(new Map(idle.map((id) => [id, DEEDS])));
}
console.log('all is done');
await operator.close();
process.exit(0);
