/**
 * Prioritised fictitious self-play (Vinyals et al. 2019, "Grandmaster level in StarCraft II using multi-agent reinforcement
 * learning"; fictitious self-play: Heinrich, Lanctot, Silver 2015): whom the learner does badly against is met more often.
 */

/** How a learner does against one of a pool, and how sure that is. */
export interface Standing {
  readonly name: string;
  /** Mean return of the learner's episodes against it. */
  readonly score: number;
}

/**
 * Shares of a pool (they sum to one): (1 - x)^power, where x runs from 0 for whom the learner does worst against to 1 for the
 * easiest, plus `floor` for everybody, so that nobody is forgotten (fictitious play's uniform part). Scores that are all the same
 * give equal shares.
 * @throws RangeError on an empty pool, or a score that is no finite number.
 */
export function prioritize(standings: readonly Standing[], power = 2, floor = 0.25): number[] {
  if (standings.length === 0) throw new RangeError('league: an empty pool has no shares');
  for (const { name, score } of standings)
    if (!Number.isFinite(score)) throw new RangeError(`league: the score against ${name} is ${score}`);
  const scores = standings.map(({ score }) => score);
  const worst = Math.min(...scores);
  const span = Math.max(...scores) - worst;
  const raw = scores.map((score) => {
    const x = span > 0 ? (score - worst) / span : 0;
    let priority = 1;
    for (let k = 0; k < power; k++) priority *= 1 - x;
    return priority + floor;
  });
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((value) => value / sum);
}
