import type { ShippedTable } from '../destination.ts';
import type { FailedRow } from './user-module.ts';

/** What the program asks the process of a module to do. */
export type ModuleCall =
  | { readonly call: 'open'; readonly options: Readonly<Record<string, unknown>> }
  /** `abort` aborts the signal of the call that is under way; it is the only one without an answer. */
  | { readonly call: 'check' | 'close' | 'abort' }
  | ({ readonly call: 'write' } & WriteCall);

/** A call as a line of JSON, which is followed by so many bytes of rows. */
export type ModuleRequest = ModuleCall & {
  readonly bytes: number;
  /** The signal of the call aborts after so many milliseconds. */
  readonly timeoutMs: number;
};

/** What comes with rows. */
export interface WriteCall {
  readonly table: ShippedTable;
  readonly id: string;
  readonly batch: string;
  readonly part: number;
  readonly attempt: number;
}

/** A line of JSON: rows that are not taken; or why the call failed, with a remedy; or why the process is about to end. */
export type ModuleAnswer =
  | { readonly failed: readonly FailedRow[] }
  | { readonly fault: string }
  | { readonly end: string };

/** For the process, as its argument; anybody on the machine may read that. */
export interface ModuleStart {
  /** Absolute path of the user's file. */
  readonly path: string;
  readonly maxMemory: number;
}

/** File descriptors of the process: requests and answers; and a pipe that ends with the program. */
export const moduleChannels = { calls: 3, life: 4 } as const;
