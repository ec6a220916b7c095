import { startServer } from './app.ts';
import { readConfig } from './config.ts';
import { logger, reason } from './log.ts';

const log = logger('server');

process.on('unhandledRejection', (error) => log(`unhandled: ${reason(error)}`));
process.on('uncaughtException', (error) => {
  // Everything that was acknowledged is on disk; a state that nobody foresaw is not worth going on with.
  console.error(error);
  process.exit(1);
});

try {
  const server = await startServer(readConfig(process.env, process.argv.slice(2)));
  console.log(`Symbiont is ready: ${server.url}`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      server.close().then(
        () => process.exit(0),
        (error) => {
          log(`stopping: ${reason(error)}`);
          process.exit(1);
        },
      );
    });
} catch (error) {
  console.error(`Symbiont cannot start: ${reason(error)}`);
  process.exit(1);
}
