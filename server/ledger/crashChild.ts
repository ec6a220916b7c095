import { openLedger } from './ledger.ts';
import { serveLedger } from './serve.ts';

/** A ledger in a process of its own, for tests that kill it: `node --import tsx crashChild.ts DIR LIMITS`. */
const [dir, limits] = process.argv.slice(2);
const ledger = await openLedger({
  dir,
  programs: [],
  slotMs: 100,
  limits: JSON.parse(limits ?? '{}'),
  log: (line) => console.error(line),
});
const served = await serveLedger(ledger, { port: 0 });
console.log(JSON.stringify({ ...served, stats: ledger.stats() }));
