import { detectLayout, enoughConfidence, type LayoutHints } from '../layouts/detect-layout.ts';
import { detectParquet } from '../layouts/detect-parquet.ts';
import type { Layout } from '../layouts/layout.ts';
import { type InspectedFile, inspectFile } from '../sources/files/inspect-file.ts';
import { KnownHeaders } from './known-headers.ts';

export interface InspectedInput {
  readonly file: Omit<InspectedFile, 'sample'>;
  readonly layout: Layout;
  readonly confidence: number;
  readonly doubts: readonly string[];
}

/** An input that cannot be stored as it is: the cause and what to do. The file itself is left as it was. */
export class UnusableInputError extends Error {}

/** An input without a single byte: nothing to store, and nothing wrong. */
export class EmptyInputError extends Error {}

/** A gzip of nothing is twenty bytes and the name of the file; larger ones may have members between two empty ones. */
const emptyGzipBytes = 300;

/**
 * Reads the edges of a file and finds its layout.
 * @param leastConfidence below it the columns are refused; a person who only looks wants to see them all the same
 * @param headers of the files before, which had the same hints
 * @throws EmptyInputError when there is nothing in it
 * @throws UnusableInputError when it is no log that we know, or not surely enough
 */
export async function inspectInput(
  path: string,
  hints: LayoutHints,
  leastConfidence: number = enoughConfidence,
  headers: KnownHeaders = new KnownHeaders(),
): Promise<InspectedInput> {
  const { sample, ...file } = inspectOrExplain(path);
  if (file.problem) throw new UnusableInputError(file.problem);
  if (sample.length === 0 && file.statedBytes === 0 && file.bytes < emptyGzipBytes)
    throw new EmptyInputError('it is empty');
  const detection =
    file.content === 'parquet'
      ? await detectParquet(path, hints)
      : (headers.find(sample) ?? detectLayout(sampleLines(sample, file.complete), hints));
  if (!detection) throw new UnusableInputError(unknownContent(sample, hints));
  headers.remember(sample, detection);
  if (detection.confidence < leastConfidence) {
    throw new UnusableInputError(
      `its columns are not sure enough (${Math.round(detection.confidence * 100)} %): it looks like ` +
        `${detection.layout.format.name}, but ${detection.doubts[0] ?? 'many values do not fit'}; name them with --fields`,
    );
  }
  return { file, ...detection };
}

function inspectOrExplain(path: string): InspectedFile {
  try {
    return inspectFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const problem =
      code === 'EACCES' || code === 'EPERM'
        ? 'no permission to read it; run as a user who may, or change its mode'
        : message;
    throw new UnusableInputError(problem, { cause });
  }
}

/** Complete lines only: the last one may be cut by the end of the sample. */
export function sampleLines(sample: Buffer, complete: boolean): string[] {
  const lines = sample.toString('utf8').split('\n');
  if (!complete && lines.length > 1) lines.pop();
  return lines.slice(0, 100);
}

function unknownContent(sample: Buffer, hints: LayoutHints): string {
  if (sample.length === 0) return 'it holds no readable bytes: empty or a broken gzip; fetch it again';
  const odd = sample.filter((byte) => byte === 0 || (byte < 9 && byte > 0)).length;
  if (odd > sample.length / 100) return 'it is a binary file, not a log; leave it out';
  const forced = hints.format ? ` as ${hints.format.name}` : '';
  return `its columns cannot be recognised${forced}; name the format with --format and the columns with --fields`;
}
