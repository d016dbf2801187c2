import { EngineError } from '../engine-error.ts';

/** The error without the path of a folder: those who ask over HTTP need not know where it is on this machine. */
export function hideFolder(error: unknown, folder: string): unknown {
  if (!(error instanceof EngineError) || !error.message.includes(folder)) return error;
  const { code, message, cause, retryable, clickhouseCode } = error;
  return new EngineError(code, message.replaceAll(folder, '…'), {
    cause,
    retryable,
    ...(clickhouseCode === undefined ? {} : { clickhouseCode }),
  });
}
