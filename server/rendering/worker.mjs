/** Node starts threads without tsx's loader: it is put in place first. */
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
