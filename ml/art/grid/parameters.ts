import {
  type GridLayer,
  type GridNetwork,
  type GridShape,
  layersOf,
  MAX_GRID_BIAS,
  MOST,
} from '#shared/art/grid/network.ts';

/** Master weights of a grid network, floats, and the moments of Adam (Kingma and Ba 2015). */
export interface Masters {
  /** One array for all: every layer's weights [inputs][outputs] and bias in turn. */
  readonly values: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

interface Place {
  readonly weights: number;
  readonly bias: number;
  readonly end: number;
}

export function placesOf(shape: GridShape): Place[] {
  let at = 0;
  return layersOf(shape).map(({ inputs, outputs }) => {
    const weights = at;
    const bias = weights + inputs * outputs;
    at = bias + outputs;
    return { weights, bias, end: at };
  });
}

const emptyOf = (shape: GridShape): Masters => {
  const places = placesOf(shape);
  const count = places[places.length - 1].end;
  return { values: new Float32Array(count), first: new Float32Array(count), second: new Float32Array(count) };
};

/** Fresh masters: weights of a spread that keeps activations within 0..1, `random` 0..1 each. */
export function freshMasters(shape: GridShape, random: () => number): Masters {
  const masters = emptyOf(shape);
  const places = placesOf(shape);
  layersOf(shape).forEach(({ name, inputs }, l) => {
    const { weights, bias, end } = places[l];
    const added = name.startsWith('tokens') || name.startsWith('narrow');
    const spread = Math.sqrt((added ? 0.3 : 3) / inputs);
    for (let i = weights; i < bias; i++) masters.values[i] = (random() * 2 - 1) * spread;
    for (let i = bias; i < end; i++) masters.values[i] = added || name === 'paint' ? 0 : 0.3 * random();
  });
  return masters;
}

/** Masters of a network that was rounded before. */
export function mastersOf({ shape, layers }: GridNetwork): Masters {
  const masters = emptyOf(shape);
  const places = placesOf(shape);
  layers.forEach((layer, l) => {
    const scale = 2 ** layer.shift;
    const { weights, bias } = places[l];
    layer.weights.forEach((w, i) => {
      masters.values[weights + i] = w / scale;
    });
    layer.bias.forEach((b, o) => {
      masters.values[bias + o] = (b - scale / 2) / (scale * MOST);
    });
  });
  return masters;
}

/** One step of Adam; weights are kept within what int8 holds. `t` counts from 1. */
export function adamStep(
  shape: GridShape,
  masters: Masters,
  gradient: { readonly weights: readonly Float32Array[]; readonly biases: readonly Float32Array[] },
  rate: number,
  t: number,
): void {
  const places = placesOf(shape);
  layersOf(shape).forEach(({ shift }, l) => {
    const { weights, bias } = places[l];
    const most = MOST / 2 ** shift;
    moved(masters, gradient.weights[l], weights, rate, t, most);
    moved(masters, gradient.biases[l], bias, rate, t, 64);
  });
}

export function moved(
  { values, first, second }: Masters,
  gradient: Float32Array,
  at: number,
  rate: number,
  t: number,
  most: number,
): void {
  const c1 = rate / (1 - 0.9 ** Math.min(t, 10_000));
  const c2 = 1 / (1 - 0.99 ** Math.min(t, 10_000));
  for (let i = 0; i < gradient.length; i++) {
    const g = gradient[i];
    const k = at + i;
    first[k] = 0.9 * first[k] + 0.1 * g;
    second[k] = 0.99 * second[k] + 0.01 * g * g;
    const value = values[k] - (c1 * first[k]) / (Math.sqrt(second[k] * c2) + 1e-8);
    values[k] = Math.max(-most, Math.min(value, most));
  }
}

const rounded = (value: number, scale: number): number =>
  Math.max(-MOST, Math.min(MOST, Math.round(value * scale)));

/** Weights as the integer network has them (straight-through estimator, Bengio et al. 2013); biases as they are. */
export function usedOf(
  shape: GridShape,
  { values }: Masters,
): { weights: Float32Array[]; biases: Float32Array[] } {
  const places = placesOf(shape);
  const layers = layersOf(shape);
  return {
    weights: layers.map(({ shift }, l) => {
      const scale = 2 ** shift;
      const { weights, bias } = places[l];
      const used = new Float32Array(bias - weights);
      for (let i = 0; i < used.length; i++) used[i] = rounded(values[weights + i], scale) / scale;
      return used;
    }),
    biases: layers.map((_, l) => values.slice(places[l].bias, places[l].end)),
  };
}

/** The integer network. Half a step in the bias makes the shift round. */
export function integersOf(shape: GridShape, { values }: Masters): GridNetwork {
  const places = placesOf(shape);
  const layers = layersOf(shape).map((layer, l): GridLayer => {
    const scale = 2 ** layer.shift;
    const { weights, bias, end } = places[l];
    return {
      ...layer,
      weights: Int8Array.from(values.subarray(weights, bias), (w) => rounded(w, scale)),
      bias: Int32Array.from(values.subarray(bias, end), (b) => {
        const whole = Math.round(b * scale * MOST) + scale / 2;
        return Math.max(-MAX_GRID_BIAS, Math.min(MAX_GRID_BIAS, whole));
      }),
    };
  });
  return { shape, layers };
}
