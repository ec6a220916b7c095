/**
 * An operator in a process of its own, to be killed at any moment: `broodChild.ts HOME RPC_URL`. Two guests grow into
 * sprouts and have a child; once that is over for good it says "all is done". Started again, it goes on.
 */
import { broodsOf } from '../store/broods.ts';
import { symbiontsOf } from '../store/identities.ts';
import { TestOperator } from './operator.ts';

/** Enough for the first stage of the world's own rule. */
const DEEDS = [40, 40, 40, 40, 40, 40, 40, 40];
const POLL_MS = 10;

const [home, rpcUrl] = process.argv.slice(2);
const operator = await TestOperator.open(home, rpcUrl);
const { store } = operator;
while (operator.people.length < 2) await operator.guest();
for (const person of operator.people) await operator.hatch(person);
operator.outbox().start();
console.log('working');
const [a, b] = operator.people;
const stages = async (): Promise<number[]> =>
  [...(await symbiontsOf(store, [a.id, b.id])).values()].map(({ minted, stage }) => (minted ? stage : -1));
const pause = () => new Promise((resolve) => setTimeout(resolve, POLL_MS));
while ((await stages()).some((stage) => stage < 0)) await pause();
if ((await stages()).some((stage) => stage < 1))
  await operator.epoch(new Map([a, b].map(({ id }) => [id, DEEDS])));
while ((await stages()).some((stage) => stage < 1)) await pause();
console.log('grown');
const known = async () => (await broodsOf(store, a.id, 60))[0];
if (!(await known())) await operator.brood(a, b);
let told = '';
for (;;) {
  const { state, over } = await known();
  if (state !== told) console.log(`is ${state}`);
  told = state;
  if (over) break;
  await pause();
}
console.log('all is done');
await operator.close();
process.exit(0);
