import { EngineError } from '../engine/engine-error.ts';
import type { FileInput } from './file-input.ts';
import {
  CommitError,
  StoredElsewhereError,
  UnclosedBatchError,
  UndecidedCommitError,
  UnexpectedContentError,
} from './store-batch.ts';

/** Lines cannot be stored in whichever way they are read, so the store is the cause, not the bytes. */
export class NotTheBytesError extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** Whether a failure is transient: disk full, store unreachable, engine busy; not caused by the content. */
export function mayPass(cause: unknown): boolean {
  if (cause instanceof NotTheBytesError) return true;
  if (isAnswer(cause)) return false;
  if (cause instanceof EngineError) {
    return cause.retryable || isStoreFailure(cause);
  }
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'].includes(code);
}

/** Whether every other input would fail in the same way: the disk is full, or the store unreachable. */
export function isStoreFailure(cause: unknown): boolean {
  return (
    cause instanceof EngineError && (cause.code === 'TAILRACE_DISK_FULL' || cause.code === 'TAILRACE_STORE_UNAVAILABLE')
  );
}

/** Inputs that caused a failure of their batch; empty where the failure names none. */
export function oddInputs(inputs: readonly FileInput[], cause: unknown): Set<FileInput> {
  return new Set(oddPlaces(cause).flatMap((place) => inputs[place] ?? []));
}

function oddPlaces(cause: unknown): readonly number[] {
  if (cause instanceof UnexpectedContentError) return cause.inputs;
  return cause instanceof EngineError && cause.object !== undefined ? [cause.object - 1] : [];
}

/** Whether the failure of a batch does not show its cause. */
export function isUnexplained(cause: unknown): boolean {
  return !isAnswer(cause) && !mayPass(cause) && oddPlaces(cause).length === 0;
}

/** Not a failure to store: an outcome with its own handling. */
function isAnswer(cause: unknown): boolean {
  return [CommitError, StoredElsewhereError, UndecidedCommitError, UnclosedBatchError].some(
    (answer) => cause instanceof answer,
  );
}

export function isExcess(cause: unknown): boolean {
  return cause instanceof EngineError && cause.code === 'TAILRACE_QUERY_LIMIT';
}
