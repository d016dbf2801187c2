import { resolve } from 'node:path';
import type { StoreLocation } from '../engine/open-engine.ts';
import { type Arguments, textOption } from './command.ts';
import { tell } from './print.ts';

export const storeOption = { store: { type: 'string' } } as const;

export const storeHelp = '  --store DIR      where the data is; default ./tailrace-data, or TAILRACE_STORE';

/** The store that a command works on. */
export function storeDirectory(args: Arguments): string {
  return resolve(textOption(args, 'store') ?? process.env.TAILRACE_STORE ?? 'tailrace-data');
}

export function storeLocation(args: Arguments): StoreLocation {
  return { directory: storeDirectory(args) };
}

/** Tells what the engine has to say beside answers. */
export function tellOfEngine(text: string): void {
  tell(`tailrace: ${text}`);
}
