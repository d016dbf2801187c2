import type { ParseArgsConfig } from 'node:util';

/** One command of the program; each is in a file of its own. */
export interface Command {
  /** Everything below the usage line of `--help`. */
  readonly help: string;
  readonly usage: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /**
   * Runs the command. Throws {@link UsageError} for wrong arguments; any other error is printed, with exit code 1.
   * @returns the exit code
   */
  run(args: Arguments): Promise<number>;
}

export interface Arguments {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
}

/** The command line is invalid: exit code 2. */
export class UsageError extends Error {}

export const exitCodes = { fine: 0, failed: 1, usage: 2 } as const;

export function textOption(args: Arguments, name: string): string | undefined {
  const value = args.values[name];
  return typeof value === 'string' ? value : undefined;
}

/** Values of an option that may be repeated. */
export function textOptions(args: Arguments, name: string): string[] {
  const values = args.values[name];
  return Array.isArray(values) ? values.map(String) : [];
}

export function isSet(args: Arguments, name: string): boolean {
  return args.values[name] === true;
}
