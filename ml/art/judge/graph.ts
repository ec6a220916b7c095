import * as tf from '@tensorflow/tfjs-core';

/**
 * Gradients for what the judge and the rivals compute: tfjs' core brings its operations without them, and its own
 * products by transposed matrices are slow in WebAssembly (transposing first is eight times faster). Broadcast inputs get
 * the sum over what they were spread over.
 */
type Find = (
  dy: tf.Tensor,
  saved: tf.Tensor[],
  attributes: tf.NamedAttrMap,
) => Record<string, () => tf.Tensor>;

/** The gradient at an input of `shape` that was broadcast to dy's. */
function folded(dy: tf.Tensor, shape: number[]): tf.Tensor {
  const extra = dy.shape.length - shape.length;
  const axes = dy.shape.flatMap((n, i) => (i < extra || (shape[i - extra] === 1 && n !== 1) ? [i] : []));
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, shape);
}

const GRADIENTS: readonly [kernel: string, inputs: string[], output: boolean, find: Find][] = [
  [
    'Add',
    ['a', 'b'],
    false,
    (dy, [a, b]) => ({ a: () => folded(dy, a.shape), b: () => folded(dy, b.shape) }),
  ],
  [
    'Sub',
    ['a', 'b'],
    false,
    (dy, [a, b]) => ({ a: () => folded(dy, a.shape), b: () => folded(tf.neg(dy), b.shape) }),
  ],
  [
    'Multiply',
    ['a', 'b'],
    false,
    (dy, [a, b]) => ({ a: () => folded(tf.mul(dy, b), a.shape), b: () => folded(tf.mul(dy, a), b.shape) }),
  ],
  [
    'RealDiv',
    ['a', 'b'],
    false,
    (dy, [a, b]) => ({
      a: () => folded(tf.div(dy, b), a.shape),
      b: () => folded(tf.neg(tf.div(tf.mul(dy, a), tf.square(b))), b.shape),
    }),
  ],
  ['Relu', ['x'], false, (dy, [x]) => ({ x: () => tf.mul(dy, tf.cast(tf.greater(x, 0), 'float32')) })],
  ['Exp', [], true, (dy, [y]) => ({ x: () => tf.mul(dy, y) })],
  ['Sqrt', [], true, (dy, [y]) => ({ x: () => tf.div(tf.mul(dy, 0.5), y) })],
  ['Sigmoid', [], true, (dy, [y]) => ({ x: () => tf.mul(dy, tf.mul(y, tf.sub(1, y))) })],
  ['Reshape', ['x'], false, (dy, [x]) => ({ x: () => tf.reshape(dy, x.shape) })],
  [
    'Transpose',
    ['x'],
    false,
    (dy, _, { perm }) => {
      const back: number[] = [];
      (perm as number[]).forEach((from, to) => {
        back[from] = to;
      });
      return { x: () => tf.transpose(dy, back) };
    },
  ],
  [
    'Sum',
    ['x'],
    false,
    (dy, [x], { axis }) => {
      const axes = ([] as number[]).concat(axis as number[] | number);
      const kept = x.shape.map((n, i) => (axes.length === 0 || axes.includes(i) ? 1 : n));
      return { x: () => tf.mul(tf.reshape(dy, kept), tf.ones(x.shape)) };
    },
  ],
];

for (const [kernelName, inputsToSave, output, gradFunc] of GRADIENTS)
  tf.registerGradient({
    kernelName: kernelName as never,
    inputsToSave,
    outputsToSave: output ? [true] : [],
    gradFunc: gradFunc as tf.GradFunc,
  });

const product = tf.customGrad((...args) => {
  const [a, b, save] = args as unknown as [tf.Tensor2D, tf.Tensor2D, (kept: tf.Tensor[]) => void];
  save([a, b]);
  return {
    value: tf.matMul(a, b),
    gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => {
      const [x, y] = kept as tf.Tensor2D[];
      const d = dy as tf.Tensor2D;
      return [tf.matMul(d, tf.transpose(y)), tf.matMul(tf.transpose(x), d)];
    },
  };
});

/** a × b of matrices. */
export const times = (a: tf.Tensor, b: tf.Tensor): tf.Tensor2D => product(a, b) as tf.Tensor2D;

const crossed = tf.customGrad((...args) => {
  const [logits, targets, save] = args as unknown as [tf.Tensor2D, tf.Tensor2D, (kept: tf.Tensor[]) => void];
  const shifted = tf.sub(logits, tf.max(logits, 1, true));
  const powers = tf.exp(shifted);
  const sums = tf.sum(powers, 1, true);
  const weight = tf.sum(targets, 1, true);
  save([tf.sub(tf.mul(tf.div(powers, sums), weight), targets)]);
  const costs = tf.sub(tf.mul(tf.log(sums), weight), tf.sum(tf.mul(shifted, targets), 1, true));
  return {
    value: tf.sum(costs),
    gradFunc: (dy: tf.Tensor, [difference]: tf.Tensor[]) => [
      tf.mul(difference, dy),
      tf.zerosLike(difference),
    ],
  };
});

/** Σ over rows of the cross entropy of softmax(logits) with targets; a row of targets may sum to a weight. */
export const crossEntropy = (logits: tf.Tensor, targets: tf.Tensor): tf.Scalar =>
  crossed(logits, targets) as tf.Scalar;

/** Sets the step of an optimiser of tfjs, which has no setter for it. */
export function setRate(optimizer: tf.Optimizer, rate: number): void {
  (optimizer as unknown as { learningRate: number }).learningRate = rate;
}
