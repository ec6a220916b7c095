/** The decision vectors that every implementation must pass, and the networks in them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hexToBytes } from '@noble/hashes/utils';
import { createNetwork, type Network } from '#shared/brain/index.ts';
import type { DecisionVectors, VectorNetwork } from '#shared/brain/vectors.ts';

const file = fileURLToPath(new URL('../../assets/vectors/decisions.json', import.meta.url));
export const VECTORS: DecisionVectors = JSON.parse(readFileSync(file, 'utf8'));

export function networkOf({ layers }: VectorNetwork): Network {
  return createNetwork(
    layers.map(({ inputs, outputs, shift, bias, weights }) => ({
      inputs,
      outputs,
      shift,
      bias: Int32Array.from(bias),
      weights: new Int8Array(hexToBytes(weights).buffer),
    })),
  );
}

/** A network of the vectors by its name. */
export function vectorNetwork(name: string): Network {
  const found = VECTORS.networks.find((network) => network.name === name);
  if (!found) throw new Error(`the vectors hold no network "${name}"`);
  return networkOf(found);
}
