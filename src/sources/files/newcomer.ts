import type { StoredObject } from '../source.ts';
import type { OpenFile } from './open-file.ts';

/** A file that was found and whose lines belong nowhere yet. It is kept open, so that nothing of it is lost meanwhile. */
export interface Newcomer {
  readonly file: OpenFile;
  path: string;
  /** Whether a pattern leads to it; else it lies beside, and matters only when it goes on with what was read before. */
  readonly isMatched: boolean;
  /** Size when last looked at, and since when. */
  steady: { bytes: number; modifiedMs: number; sinceMs: number };
  /** Origin of the file at hand that it was a copy of so far, and its size then. */
  copyOf?: { readonly origin: string; readonly bytes: number };
  /** What was stored of it by name, by `tailrace ingest`; absent until the store was asked. */
  ingested?: readonly StoredObject[];
}

/** Files that are written once, in one go, are complete when they stood still for so long. */
const steadyMs = 2000;

export function isSteady({ steady, file }: Newcomer): boolean {
  return steady.bytes === file.bytes && Date.now() - steady.sinceMs >= steadyMs;
}

export function lookAgain(newcomer: Newcomer): void {
  const { bytes, modifiedMs } = newcomer.file;
  const { steady } = newcomer;
  if (steady.bytes !== bytes || steady.modifiedMs !== modifiedMs) {
    newcomer.steady = { bytes, modifiedMs, sinceMs: Date.now() };
  }
}
