import { EngineError } from '../engine-error.ts';

/** The error without a folder's path, which HTTP clients need not know. */
export function hideFolder(error: unknown, folder: string): unknown {
  if (!(error instanceof EngineError) || !error.message.includes(folder)) return error;
  const { code, message, cause, retryable, clickhouseCode } = error;
  return new EngineError(code, message.replaceAll(folder, '…'), {
    cause,
    retryable,
    ...(clickhouseCode === undefined ? {} : { clickhouseCode }),
  });
}
