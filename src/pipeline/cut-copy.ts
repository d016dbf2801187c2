import { listKey } from '../layouts/layout.ts';
import { makesOtherLines } from '../layouts/opening/opening-step.ts';
import { LineCutter } from '../sources/line-cutter.ts';
import { type BatchLayout, isColumnLayout, isRefused } from './batch-layout.ts';
import type { FileInput } from './file-input.ts';
import { contentOf } from './odd-lines.ts';
import type { SpoolFiles } from './spool.ts';

/** The file is damaged: nothing more of it can be read. */
export class DamagedFileError extends Error {}

/** Whether a line is what is stored: not a document of many, nor a row of Parquet. */
export function hasBoundedLines(layout: BatchLayout): boolean {
  if (!isRefused(layout) && makesOtherLines(layout.opening)) return false;
  if (!isColumnLayout(layout)) return true;
  return layout.framing.kind !== 'parquet' && listKey(layout.framing) === undefined;
}

/**
 * Gives an input with lines that are too long a copy in which they are cut, piece by piece; any other is left alone.
 * @throws DamagedFileError; NodeJS.ErrnoException e.g. `ENOSPC`
 */
export async function withCutCopy(input: FileInput, files: SpoolFiles): Promise<FileInput> {
  if (!input.odd?.areLong || input.cut || input.isEnveloped || !hasBoundedLines(input.layout)) return input;
  const cutter = new LineCutter();
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for await (const chunk of contentOf(input.file)) yield* cutter.push(chunk);
  }
  try {
    return { ...input, cut: await files.writeStream(pieces()) };
  } catch (cause) {
    if (!/^Z_/.test(String((cause as NodeJS.ErrnoException).code))) throw cause;
    throw new DamagedFileError('its gzip data is damaged or ends too early; replace it by a complete copy', { cause });
  }
}
