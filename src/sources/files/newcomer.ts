import type { StoredObject } from '../source.ts';
import type { OpenFile } from './open-file.ts';

/** A found file that is not classified yet. It is kept open, so that nothing of it is lost meanwhile. */
export interface Newcomer {
  readonly file: OpenFile;
  path: string;
  /** Whether it matches a pattern; if not, it matters only when it continues a generation that was read before. */
  readonly isMatched: boolean;
  /** Last known size, and since when it is unchanged. */
  steady: { bytes: number; modifiedMs: number; sinceMs: number };
  /** Origin of the open file that it was a copy of so far, and its size then. */
  copyOf?: { readonly origin: string; readonly bytes: number };
  /** What `tailrace ingest` stored under its name; absent until the store was asked. */
  ingested?: readonly StoredObject[];
}

/** A file that is written in one go is complete after this long without a change. */
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
