/**
 * Asks for many at once what is asked for one by one: questions of the same turn of the event loop become a single
 * one. Nothing is remembered beyond its answer.
 * @param ask answers many questions, each no more than once in the list; what has no answer is left out
 * @returns the same for one question; null where it has no answer
 */
export function gather<K, V>(ask: (keys: K[]) => Promise<ReadonlyMap<K, V>>): (key: K) => Promise<V | null> {
  let waiting: Set<K> | null = null;
  let answers: Promise<ReadonlyMap<K, V>> = Promise.resolve(new Map());
  return async (key) => {
    if (!waiting) {
      const keys = new Set<K>();
      waiting = keys;
      answers = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        waiting = null;
        return ask([...keys]);
      });
    }
    waiting.add(key);
    return (await answers).get(key) ?? null;
  };
}
