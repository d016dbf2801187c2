import { accessSync, constants, statSync } from 'node:fs';
import type { InputFile } from './engine.ts';
import { EngineError } from './engine-error.ts';

/**
 * Identity and state of a file; equal as long as the file is neither replaced nor written to.
 *
 * @param index 0-based position among the files of the input
 * @throws EngineError `TAILRACE_INPUT_UNREADABLE` for a file that is missing, not a file, or unreadable
 */
export function identifyInput(file: InputFile, index: number): string {
  try {
    const stat = statSync(file.path, { bigint: true });
    if (!stat.isFile()) throw unreadableBecause(file, index, 'it is not a file', 'name a file');
    accessSync(file.path, constants.R_OK);
    return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}`;
  } catch (cause) {
    throw unreadableInput(file, index, cause);
  }
}

/** @throws EngineError `TAILRACE_INPUT_UNREADABLE` when the file has changed */
export function checkSameInput(file: InputFile, index: number, before: string | undefined): void {
  if (identifyInput(file, index) === before) return;
  throw unreadableBecause(file, index, 'it changed while it was read', 'ingest it again when it is complete');
}

const reasons: Record<string, readonly [reason: string, remedy: string]> = {
  ENOENT: ['there is no such file', 'check the path'],
  EACCES: ['permission denied', 'correct its rights'],
  EPERM: ['permission denied', 'correct its rights'],
  EISDIR: ['it is a directory', 'name a file'],
  Z_DATA_ERROR: ['its gzip data is damaged', 'replace it by a complete copy'],
  Z_BUF_ERROR: ['its gzip data ends too early', 'replace it by a complete copy'],
};

/** The error for any problem with a file. */
export function unreadableInput(file: InputFile, index: number, cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const [reason, remedy] = reasons[code] ?? [cause instanceof Error ? cause.message : String(cause), 'check the file'];
  return unreadableBecause(file, index, reason, remedy, cause);
}

export function unreadableBecause(
  file: InputFile,
  index: number,
  reason: string,
  remedy: string,
  cause?: unknown,
): EngineError {
  return new EngineError('TAILRACE_INPUT_UNREADABLE', `cannot read the file "${file.path}": ${reason}; ${remedy}`, {
    object: index + 1,
    cause,
  });
}
