/** One line a happening: time, part, what. Never a token, a key or a message of a player. */
export type Log = (line: string) => void;

export function logger(part: string): Log {
  return (line) => console.log(`${new Date().toISOString().slice(11, 23)} ${part.padEnd(8)} ${line}`);
}

/** An error's message in one short line, for logs and answers. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replace(/\s+/g, ' ').slice(0, 300);
}
