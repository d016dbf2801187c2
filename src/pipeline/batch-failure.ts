import { EngineError } from '../engine/engine-error.ts';
import type { FileInput } from './file-input.ts';
import {
  CommitError,
  StoredElsewhereError,
  UnclosedBatchError,
  UndecidedCommitError,
  UnexpectedContentError,
} from './store-batch.ts';

/** Lines that cannot be stored, whichever way they are read: whatever is wrong is wrong with the store. */
export class NotTheBytesError extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** Disk full, store gone, engine busy: whatever has nothing to do with what is stored. */
export function mayPass(cause: unknown): boolean {
  if (cause instanceof NotTheBytesError) return true;
  if (isAnswer(cause)) return false;
  if (cause instanceof EngineError) {
    return cause.retryable || cause.code === 'TAILRACE_DISK_FULL' || cause.code === 'TAILRACE_STORE_UNAVAILABLE';
  }
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'].includes(code);
}

/** Inputs that a failure of their batch is about; none where it does not say. */
export function oddInputs(inputs: readonly FileInput[], cause: unknown): Set<FileInput> {
  return new Set(oddPlaces(cause).flatMap((place) => inputs[place] ?? []));
}

function oddPlaces(cause: unknown): readonly number[] {
  if (cause instanceof UnexpectedContentError) return cause.inputs;
  return cause instanceof EngineError && cause.object !== undefined ? [cause.object - 1] : [];
}

/** Whether a batch failed without a word about what was at fault. */
export function isUnexplained(cause: unknown): boolean {
  return !isAnswer(cause) && !mayPass(cause) && oddPlaces(cause).length === 0;
}

/** What is no failure to store: it is known how to go on. */
function isAnswer(cause: unknown): boolean {
  return [CommitError, StoredElsewhereError, UndecidedCommitError, UnclosedBatchError].some(
    (answer) => cause instanceof answer,
  );
}

export function isExcess(cause: unknown): boolean {
  return cause instanceof EngineError && cause.code === 'TAILRACE_QUERY_LIMIT';
}
