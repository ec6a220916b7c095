/**
 * The embedded database in a thread of its own, so that its work never holds the world's clock up. It speaks
 * Postgres's own protocol over messages, so that the server talks to it as to any other Postgres.
 * Plain JavaScript, because a worker thread starts without the TypeScript loader.
 *
 * In: { open } a new connection begins, { data } its bytes, { close } the end. Out: { ready }, { data }, { closed }.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

/** Code of the Terminate message. */
const TERMINATE = 0x58;

const db = await PGlite.create(workerData.dir);
let work = Promise.resolve();
let rest = Buffer.alloc(0);
let started = false;

/** Takes the whole messages off the front of what has arrived: the first has no type byte, all others have one. */
function wholeMessages(chunk) {
  rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk);
  let end = 0;
  for (;;) {
    const head = started ? 1 : 0;
    if (rest.length < end + head + 4) break;
    const length = head + rest.readUInt32BE(end + head);
    if (rest.length < end + length) break;
    started = true;
    end += length;
  }
  const whole = rest.subarray(0, end);
  rest = rest.subarray(end);
  return whole;
}

async function answer(messages) {
  if (messages.length === 0 || messages[0] === TERMINATE) return;
  // Where the database itself fails, on a full disk for one, this thread ends and a new one recovers from the files.
  parentPort.postMessage({ data: await db.execProtocolRaw(messages) });
}

parentPort.on('message', (message) => {
  work = work.then(async () => {
    if (message.data) await answer(wholeMessages(message.data));
    else if (message.open) {
      rest = Buffer.alloc(0);
      started = false;
      await db.exec('ROLLBACK');
    } else {
      await db.close();
      parentPort.postMessage({ closed: true });
      process.exit(0);
    }
  });
});

parentPort.postMessage({ ready: true });
