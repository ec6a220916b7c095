import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** A command line that cannot be used; the message names the argument and the limit. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A decision that cannot be judged; the message says why. */
export class JudgeError extends Error {
  override readonly name = 'JudgeError';
}

export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** @throws UsageError unless the value is a number in [least, greatest]. */
  number(name: string, least: number, greatest: number, whole?: boolean): number | undefined;
}

/** Reads a verb's arguments. @throws UsageError on an unknown option or another number of positionals. */
export function readArguments(
  args: readonly string[],
  options: Readonly<Record<string, 'string' | 'boolean'>>,
  positionals: number | readonly [least: number, most: number],
): Arguments {
  const config: ParseArgsOptionsConfig = {};
  for (const [name, type] of Object.entries(options)) config[name] = { type };
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options: config, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const [least, most] = typeof positionals === 'number' ? [positionals, positionals] : positionals;
  if (parsed.positionals.length < least || parsed.positionals.length > most)
    throw new UsageError(
      `takes ${least === most ? most : `${least} to ${most}`} argument${most === 1 ? '' : 's'}, was given ${parsed.positionals.length}`,
    );
  const text = (name: string) => parsed.values[name] as string | undefined;
  return {
    positionals: parsed.positionals,
    text,
    flag: (name) => parsed.values[name] === true,
    number(name, least, greatest, whole = true) {
      const given = text(name);
      if (given === undefined) return undefined;
      const value = Number(given);
      if (
        given.trim() === '' ||
        !(value >= least && value <= greatest) ||
        (whole && !Number.isInteger(value))
      )
        throw new UsageError(
          `--${name}: must be a ${whole ? 'whole ' : ''}number from ${least} to ${greatest}, is "${given}"`,
        );
      return value;
    },
  };
}
