import { InferenceSession, Tensor } from 'onnxruntime-node';

/**
 * @xenova/transformers 2.17 was written for onnxruntime 1.14 and copies a tensor's own fields. Newer runtimes keep
 * `data` and `location` behind getters, which such a copy loses: here they are made fields again. Import this before
 * the pipeline is made.
 */
for (const [kept, shown] of [
  ['cpuData', 'data'],
  ['dataLocation', 'location'],
])
  Object.defineProperty(Tensor.prototype, kept, {
    set(value: unknown) {
      for (const key of [kept, shown])
        Object.defineProperty(this, key, { value, writable: true, enumerable: true, configurable: true });
    },
  });

// One thread is enough for a small model, and spinning ones would take the world's clock its core.
const ONE_THREAD = { executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1 };
const create = InferenceSession.create as (model: unknown, options?: object) => Promise<InferenceSession>;
Object.assign(InferenceSession, {
  create: (model: unknown, options: object = {}) =>
    create.call(InferenceSession, model, { ...options, ...ONE_THREAD }),
});
