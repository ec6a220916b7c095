import { ACTION_NAMES } from '#shared/world/index.ts';
import { readBrain } from '../opponents.ts';
import { readArguments } from './options.ts';

/** What stands in a brain file, and what its numbers look like. */
export async function run(args: readonly string[]): Promise<void> {
  const given = readArguments(args, { json: 'boolean' }, 1);
  const { id, manifest, network } = readBrain(given.positionals[0]);
  const layers = network.layers.map(({ inputs, outputs, shift, weights, bias }) => ({
    inputs,
    outputs,
    shift,
    zeroWeights: weights.filter((w) => w === 0).length / weights.length,
    extremeWeights: weights.filter((w) => Math.abs(w) >= 127).length / weights.length,
    deviation: Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0) / weights.length),
    greatestBias: bias.reduce((most, b) => Math.max(most, Math.abs(b)), 0),
  }));
  if (given.flag('json')) {
    console.log(JSON.stringify({ id, manifest, layers }));
    return;
  }
  console.log(`${manifest.name} (${manifest.role})`);
  console.log(`id           ${id}`);
  console.log(`weights      ${manifest.weightsHash}`);
  console.log(`observation  ${manifest.observation}`);
  console.log(`actions      ${ACTION_NAMES.slice(0, manifest.actions).join(' ')}`);
  for (const l of layers)
    console.log(
      `layer        ${l.inputs} → ${l.outputs}, shift ${l.shift}, weights ±${l.deviation.toFixed(1)}, ` +
        `${(l.zeroWeights * 100).toFixed(1)} % zero, ${(l.extremeWeights * 100).toFixed(1)} % at the limit, ` +
        `bias up to ${l.greatestBias}`,
    );
  console.log(
    `provenance   ${JSON.stringify(manifest.provenance, null, 2).replaceAll('\n', '\n             ')}`,
  );
}
