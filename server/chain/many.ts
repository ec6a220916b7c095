/** Does this with each, so many at once: what one waits for, another can use. */
export async function eachOf<T>(
  all: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < all.length) await work(all[next++]);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, lane));
}

/** Asks for many in as few questions as can be, at once. @returns the answers in the same order */
export async function inParts<T, R>(
  all: readonly T[],
  most: number,
  ask: (some: readonly T[]) => Promise<R[]>,
): Promise<R[]> {
  const parts: Promise<R[]>[] = [];
  for (let at = 0; at < all.length; at += most) parts.push(ask(all.slice(at, at + most)));
  return (await Promise.all(parts)).flat();
}
