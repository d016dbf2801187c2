import { resolve } from 'node:path';
import { type Arguments, textOption } from './command.ts';
import { tell } from './print.ts';

export const storeOption = { store: { type: 'string' } } as const;

/** Used when neither the command line nor the environment nor a configuration names a store. */
export const defaultDirectory = 'tailrace-data';

/** The directory from the command line, or else from the environment; absolute. */
export function namedDirectory(args: Arguments): string | undefined {
  const named = textOption(args, 'store') ?? process.env.TAILRACE_STORE;
  return named ? resolve(named) : undefined;
}

/** Prints the engine's warnings. */
export function tellOfEngine(text: string): void {
  tell(`tailrace: ${text}`);
}
