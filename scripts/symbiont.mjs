#!/usr/bin/env node
/** The bin `symbiont`: the same as `npm run symbiont --`. */
process.argv.splice(2, 0, 'symbiont');
await import('./run.mjs');
