import * as tf from '@tensorflow/tfjs-core';

/**
 * tfjs' Node bundle comes without gradients, to be small: here are those that the art networks need. Idempotent by
 * the module system.
 */

/** Sums what broadcasting spread, so that a gradient gets its input's shape. */
function shapedAs(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  const lead = gradient.shape.length - shape.length;
  const axes = gradient.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < lead || (shape[axis - lead] === 1 && gradient.shape[axis] > 1));
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, shape);
}

type Saved = tf.Tensor[];
type Attributes = { readonly [name: string]: unknown } | undefined;
type Rule = (dy: tf.Tensor, saved: Saved, attributes: Attributes) => { [input: string]: () => tf.Tensor };

function rule(kernelName: string, inputsToSave: string[], gradFunc: Rule): void {
  tf.registerGradient({
    kernelName,
    inputsToSave,
    gradFunc: (dy, saved, attributes) => gradFunc(dy as tf.Tensor, saved, attributes as Attributes),
  });
}

rule('Add', ['a', 'b'], (dy, [a, b]) => ({ a: () => shapedAs(dy, a.shape), b: () => shapedAs(dy, b.shape) }));
rule('Sub', ['a', 'b'], (dy, [a, b]) => ({
  a: () => shapedAs(dy, a.shape),
  b: () => shapedAs(tf.neg(dy), b.shape),
}));
rule('Multiply', ['a', 'b'], (dy, [a, b]) => ({
  a: () => shapedAs(tf.mul(dy, b), a.shape),
  b: () => shapedAs(tf.mul(dy, a), b.shape),
}));
rule('Reshape', ['x'], (dy, [x]) => ({ x: () => tf.reshape(dy, x.shape) }));
rule('Relu', ['x'], (dy, [x]) => ({ x: () => tf.mul(dy, tf.step(x)) }));
rule('Square', ['x'], (dy, [x]) => ({ x: () => tf.mul(dy, tf.mul(x, 2)) }));
rule('Exp', ['x'], (dy, [x]) => ({ x: () => tf.mul(dy, tf.exp(x)) }));
rule('Sum', ['x'], (dy, [x], attributes) => {
  const axes = tf.util.parseAxisParam((attributes?.axis ?? []) as number[], x.shape);
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return { x: () => tf.mul(tf.reshape(dy, kept), tf.onesLike(x)) };
});
rule('Transpose', [], (dy, _, attributes) => {
  const perm = attributes?.perm as number[];
  const back = perm.map((_, axis) => perm.indexOf(axis));
  return { x: () => tf.transpose(dy, back) };
});
rule('Slice', ['x'], (dy, [x], attributes) => {
  const begin = attributes?.begin as number[];
  const size = dy.shape;
  const pads = x.shape.map((whole, axis): [number, number] => [
    begin[axis],
    whole - begin[axis] - size[axis],
  ]);
  return { x: () => tf.pad(dy, pads) };
});
rule('PadV2', ['x'], (dy, [x], attributes) => {
  const begin = (attributes?.paddings as [number, number][]).map(([before]) => before);
  return { x: () => tf.slice(dy, begin, x.shape) };
});
tf.registerGradient({
  kernelName: 'Concat',
  saveAllInputs: true,
  gradFunc: (dy, saved, attributes) => {
    const axis = (attributes as unknown as { axis: number }).axis;
    const parts = tf.split(
      dy as tf.Tensor,
      saved.map((one) => one.shape[axis]),
      axis,
    );
    return Object.fromEntries(parts.map((part, n) => [n, () => part]));
  },
});
