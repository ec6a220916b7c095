/** What is left of a value after it has faded by 1/`by`, rounded so that it reaches zero. */
export function faded(value: number, by: number): number {
  return value - (((value + by - 1) / by) | 0);
}
