import * as tf from '@tensorflow/tfjs-core';
import '../judge/graph.ts';

/** Gradients that the rivals need beside the judge's. */
tf.registerGradient({
  kernelName: 'Square',
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as tf.Tensor, tf.mul(x, 2)) }),
});
tf.registerGradient({
  kernelName: 'Slice',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    const begin = attributes.begin as unknown as number[];
    const { shape } = dy as tf.Tensor;
    const pads = x.shape.map((whole, axis): [number, number] => [
      begin[axis],
      whole - begin[axis] - shape[axis],
    ]);
    return { x: () => tf.pad(dy as tf.Tensor, pads) };
  },
});
tf.registerGradient({
  kernelName: 'PadV2',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    const begin = (attributes.paddings as unknown as [number, number][]).map(([before]) => before);
    return { x: () => tf.slice(dy as tf.Tensor, begin, x.shape) };
  },
});
tf.registerGradient({
  kernelName: 'Concat',
  saveAllInputs: true,
  gradFunc: (dy, saved, attributes) => {
    const axis = attributes.axis as unknown as number;
    const sizes = saved.map((one) => one.shape[axis]);
    const parts = tf.split(dy as tf.Tensor, sizes, axis);
    return Object.fromEntries(parts.map((part, n) => [n, () => part]));
  },
});
