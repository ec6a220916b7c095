import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLedger } from './ledger.ts';
import { projectPrograms, readProgram } from './programs.ts';
import { serveLedger } from './serve.ts';

/** The ledger alone, without the game: `node --import tsx server/ledger/main.ts --port 8897`. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8897' },
    host: { type: 'string', default: '127.0.0.1' },
    dir: { type: 'string', default: join(process.env.SYMBIONT_HOME ?? '.symbiont', 'ledger') },
    'slot-ms': { type: 'string' },
    /** ADDRESS=PATH; may be given several times. */
    program: { type: 'string', multiple: true, default: [] },
  },
});

const given = values.program.map((text) => {
  const [address, path] = text.split('=');
  return readProgram(address, path ?? '', `--program ${text}`);
});
const ledger = await openLedger({
  dir: values.dir,
  programs: [...projectPrograms(), ...given],
  slotMs: values['slot-ms'] === undefined ? undefined : Number(values['slot-ms']),
  log: (line) => console.error(line),
});
const served = await serveLedger(ledger, { port: Number(values.port), host: values.host });
console.log(JSON.stringify({ url: served.url, wsUrl: served.wsUrl }));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void served
      .close()
      .then(() => ledger.close())
      .then(() => process.exit(0));
  });
}
