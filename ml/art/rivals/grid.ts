/**
 * The world's own kind of model on the rivals' terms: `node --import tsx ml/art/rivals/grid.ts [--minutes 2]` trains it
 * from nothing for as much processor time as they have had, to `runs/art-rivals/grid.safetensors`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { companionSprites } from '#ml/art/companions/index.ts';
import { createTrainer } from '#ml/art/finetune.ts';
import { TRAINING_SEED } from '#ml/art/judge/figures.ts';
import { startBackend } from '#ml/net/backend.ts';
import { minutesOf } from './minutes.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '2' } } });
const limit = minutesOf(values.minutes) * 60;

await startBackend();
const sprites = companionSprites(TRAINING_SEED);
const options = { size: 32, seed: 31, batch: 32, sprites, style: 'companion', name: 'grid' } as const;
const used = () => process.cpuUsage().user / 1e6;

// how many steps fit is what the fall of the learning rate needs to know
const trial = createTrainer({ ...options, steps: 1000 });
await trial.step();
const begin = used();
for (let n = 0; n < 20; n++) await trial.step();
const steps = Math.max(100, Math.round((limit * 20) / (used() - begin)));
trial.dispose();

const trainer = createTrainer({ ...options, steps });
const start = used();
let loss = 0;
while (trainer.done < steps && used() - start < limit * 1.15) {
  loss += (await trainer.step()).loss;
  if (trainer.done % 100 === 0) {
    console.log(`grid step ${trainer.done}/${steps}  loss ${(loss / 100).toFixed(4)}`);
    loss = 0;
  }
}
const folder = new URL('../../../runs/art-rivals/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('grid.safetensors', folder), trainer.model({ seconds: Math.round(used() - start) }));
console.log(`grid: ${trainer.done} steps in ${(used() - start).toFixed(0)} s`);
trainer.dispose();
