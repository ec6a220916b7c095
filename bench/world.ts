import { readFileSync } from 'node:fs';
import * as w from '#shared/world/index.ts';
import { median, report } from './report.ts';

/** 256 worlds of 64 agents, one core, random legal actions at every tick: what a trainer asks of the rules. */
const json = process.argv.includes('--json');
const print = report('world', json);
const terrain = w.parseMap(JSON.parse(readFileSync('assets/maps/hollow.json', 'utf8')));
const WORLDS = 256;
const AGENTS = 64;

function random(state: Uint32Array): number {
  let x = state[0];
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  state[0] = x;
  return x >>> 0;
}

const inputs = new w.Inputs(AGENTS);
const worlds = Array.from({ length: WORLDS }, (_, k) => {
  const world = w.createWorld(terrain, { seed: k + 1, capacity: AGENTS });
  inputs.clear();
  for (let i = 0; i < AGENTS; i++) inputs.join(i, { role: [1, 2, 0][i % 3], tag: i });
  w.step(world, inputs);
  return world;
});
const state = Uint32Array.of(7);
const observation = new Uint8Array(AGENTS * w.OBSERVATION_SIZE);
// A uniform pick among the set bits of a mask, without a branch per action: the positions for each of the 8,192 masks.
const picks = Array.from({ length: 1 << w.ACTION_COUNT }, (_, mask) => Uint8Array.from(w.actionsIn(mask)));

function run(ticks: number, look: boolean): number {
  const begin = performance.now();
  for (let t = 0; t < ticks; t++)
    for (const world of worlds) {
      w.sight(world);
      inputs.clear();
      for (let i = 0; i < AGENTS; i++) {
        if (look) w.observe(world, i, observation, i * w.OBSERVATION_SIZE);
        const choices = picks[w.legal(world, i)];
        inputs.act(i, choices[((random(state) >>> 16) * choices.length) >>> 16]);
      }
      w.step(world, inputs);
    }
  return (ticks * WORLDS * AGENTS * 1000) / (performance.now() - begin);
}

run(30, true);
print('agent_steps_per_s', median([1, 2, 3, 4, 5].map(() => run(30, false))), '1/s');
print('agent_steps_observed_per_s', median([1, 2, 3].map(() => run(15, true))), '1/s');
const hashed: number[] = [];
for (let k = 0; k < 50; k++) {
  const begin = performance.now();
  w.worldHash(worlds[k]);
  hashed.push(performance.now() - begin);
}
print('hash_ms', median(hashed), 'ms');
