/** Reads a number of minutes. @throws Error unless it is over 0 and at most 60 */
export function minutesOf(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0 && minutes <= 60)) throw new Error(`minutes must be over 0 and at most 60, got ${text}`);
  return minutes;
}
