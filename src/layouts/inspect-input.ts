import { type FileInspection, type InspectedFile, inspectFile } from '../framing/files/inspect-file.ts';
import { isUnusual } from '../framing/files/odd-lines.ts';
import { MatchDeadlineError, withinDeadline } from '../text/match-deadline.ts';
import type { BatchLayout } from './batch-layout.ts';
import { type Detection, detectLayout, enoughConfidence } from './detect-layout.ts';
import { detectParquet } from './detect-parquet.ts';
import { detectionMs, type InputHints, undetectable } from './find-layout.ts';
import { KnownHeaders } from './known-headers.ts';
import { detectLogLayout, detectToldText, isLikely } from './logs/detect-log-layout.ts';
import type { OpenedSample } from './opening/find-opening.ts';
import { openedLayout, openInput } from './opening/open-input.ts';
import { unknownText } from './unknown-content.ts';

export interface InspectedInput {
  readonly file: InspectedFile;
  readonly layout: BatchLayout;
  readonly confidence: number;
  readonly doubts: readonly string[];
  /** See {@link isUnusual}. */
  readonly isUnusual: boolean;
}

/** An input that cannot be stored as it is: the cause and what to do. The file is not changed. */
export class UnusableInputError extends Error {}

/** An empty input: nothing to store, but not an error. */
export class EmptyInputError extends Error {}

/** An empty gzip is twenty bytes plus the file name; larger ones may have members between two empty ones. */
const emptyGzipBytes = 300;

export interface InspectOptions {
  /** Below it the columns are refused; `inspect` shows them all the same. */
  readonly leastConfidence?: number;
  /** From earlier files with the same hints. */
  readonly headers?: KnownHeaders;
  /** Whether lines of no known format are an application log rather than a file named by mistake. */
  readonly acceptText?: boolean;
}

/**
 * Reads the beginning and end of a file and finds its layout.
 * @throws EmptyInputError when it is empty
 * @throws UnusableInputError when it is not a known log, or the confidence is too low
 */
export async function inspectInput(
  path: string,
  hints: InputHints,
  { leastConfidence = enoughConfidence, headers = new KnownHeaders(), acceptText = false }: InspectOptions = {},
): Promise<InspectedInput> {
  const inspected = inspectOrExplain(path);
  const { head: _, sample, ...file } = inspected;
  if (file.problem) throw new UnusableInputError(file.problem);
  if (sample.length === 0 && file.statedBytes === 0 && file.bytes < emptyGzipBytes)
    throw new EmptyInputError('it is empty; fetch it again, or leave it out');
  const known = headers.find(sample);
  const opened =
    known || file.content === 'parquet' ? unopened : inTime(() => openInput(sampleLines(sample, file.complete), hints));
  const { lines } = opened;
  const access = hints.logFormat
    ? undefined
    : file.content === 'parquet'
      ? await detectParquet(path, hints)
      : (known ?? inTime(() => surelyOrText(detectLayout(lines, hints), lines, hints)));
  const detection = access ?? inTime(() => detectLog(lines, hints, acceptText || opened.isLog));
  if (!detection) throw new UnusableInputError(unknownContent(sample, lines, hints));
  if (access) headers.remember(sample, access);
  if (access && access.confidence < leastConfidence) {
    throw new UnusableInputError(
      `its columns are not sure enough (${Math.round(access.confidence * 100)} %): it looks like ` +
        `${access.layout.format.name}, but ${access.doubts[0] ?? 'many values do not fit'}; name them with --fields`,
    );
  }
  return {
    file,
    ...detection,
    layout: inTime(() => openedLayout(detection.layout, opened)),
    isUnusual: isUnusual(inspected),
  };
}

/** @throws UnusableInputError when it takes too long */
function inTime<T>(detect: () => T): T {
  try {
    return withinDeadline(detectionMs, detect);
  } catch (cause) {
    if (!(cause instanceof MatchDeadlineError)) throw cause;
    throw new UnusableInputError(`${undetectable}; name it with --format`);
  }
}

/** For Parquet, and for a file with a known header: no further detection. */
const unopened: OpenedSample = { steps: [], lines: [], isLog: false, services: [] };

/** With uncertain columns, lines of text with a time are read as text instead. */
function surelyOrText(access: Detection | undefined, lines: readonly string[], { format }: InputHints) {
  const isUnsure = access !== undefined && access.confidence < enoughConfidence && !format;
  return isUnsure && detectToldText(lines) ? undefined : access;
}

/**
 * Text with few timestamps could be anything, so it is an error in a file that the user named; the text of a
 * source is accepted as a log.
 */
function detectLog(lines: readonly string[], { format, logFormat }: InputHints, acceptText: boolean) {
  if (format) return undefined;
  const detection = detectLogLayout(lines, logFormat ? { format: logFormat } : {});
  if (!detection) return undefined;
  return isLikely(detection) || logFormat || acceptText ? { ...detection, doubts: [] } : undefined;
}

function inspectOrExplain(path: string): FileInspection {
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

function unknownContent(sample: Buffer, lines: readonly string[], hints: InputHints): string {
  if (sample.length === 0) return 'it holds no readable bytes: empty or a broken gzip; fetch it again';
  const odd = sample.filter((byte) => byte === 0 || (byte < 9 && byte > 0)).length;
  if (odd > sample.length / 100) return 'it is a binary file, not a log; leave it out';
  const forced = hints.format ?? hints.logFormat;
  if (!forced) return unknownText(lines);
  return `its columns cannot be recognised as ${forced.name}; name the format with --format and the columns with --fields`;
}
