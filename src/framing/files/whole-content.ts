import { gunzipSync } from 'node:zlib';

/** The lines of a small file whose content was read to its end. */
export interface CountedLines {
  readonly count: number;
  /** Whether the last one has no newline. */
  readonly endsMidLine: boolean;
}

/** A larger one is a matter of the engine, which does not hold it in memory. */
const maxContentBytes = 4 * 1024 * 1024;
const newline = 0x0a;

/**
 * Inflates a whole gzip file of one or several members.
 * @param statedBytes size of its content by its trailer, which saves copies where it is right
 * @returns undefined when it is damaged, holds anything else, or too much
 */
export function inflateWhole(gzip: Buffer, statedBytes: number): Buffer | undefined {
  try {
    const chunkSize = Math.min(Math.max(statedBytes + 1, 1024), maxContentBytes);
    const { buffer, engine } = gunzipSync(gzip, {
      maxOutputLength: maxContentBytes,
      chunkSize,
      info: true,
    }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return engine.bytesWritten === gzip.length ? buffer : undefined;
  } catch {
    return undefined;
  }
}

export function countLines(content: Buffer): CountedLines {
  let count = 0;
  let from = 0;
  for (let at = content.indexOf(newline); at !== -1; at = content.indexOf(newline, from)) {
    count++;
    from = at + 1;
  }
  const endsMidLine = from < content.length;
  return { count: endsMidLine ? count + 1 : count, endsMidLine };
}
