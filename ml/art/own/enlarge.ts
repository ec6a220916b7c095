import { type GridModel, readGrid, saveGrid } from '#shared/art/grid/file.ts';
import { type GridLayer, patchOf, ROLES } from '#shared/art/grid/network.ts';

/**
 * The file of a 32 × 32 model as one of 64 × 64 that draws the same, each pixel four times: where a creator's larger
 * pictures begin. Only the last layer grows; what lies before it knows bodies and stages already.
 * @throws ArtError where the file is no grid model
 */
export function enlarged(file: Uint8Array): Uint8Array {
  const small = readGrid(file);
  if (small.shape.size === 64) return file;
  const shape = { ...small.shape, size: 64 as const };
  const [from, to] = [patchOf(small.shape), patchOf(shape)];
  const layers = small.layers.map((layer) => (layer.name === 'paint' ? painted(layer, from, to) : layer));
  const { name, style, rules, anchors, provenance } = small;
  return saveGrid({ name, style, rules, shape, layers, anchors, provenance } satisfies GridModel);
}

/** A `paint` layer whose square of pixels is `to` wide: pixel (x, y) says what (x, y) · from / to said. */
function painted(
  { weights, bias, inputs, outputs, ...rest }: GridLayer,
  from: number,
  to: number,
): GridLayer {
  const wide = to * to * ROLES;
  const source = Int32Array.from({ length: wide }, (_, o) => {
    const pixel = Math.floor(o / ROLES);
    const [x, y] = [pixel % to, Math.floor(pixel / to)];
    return (Math.floor((y * from) / to) * from + Math.floor((x * from) / to)) * ROLES + (o % ROLES);
  });
  return {
    ...rest,
    inputs,
    outputs: wide,
    bias: Int32Array.from(source, (o) => bias[o]),
    weights: Int8Array.from(
      { length: inputs * wide },
      (_, k) => weights[Math.floor(k / wide) * outputs + source[k % wide]],
    ),
  };
}
