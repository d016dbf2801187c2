import { findLogFormat, logFormats } from '../../formats/logs/catalog.ts';
import { knownKeys, plainName } from '../../formats/logs/known-keys.ts';
import type { LogFormat } from '../../formats/logs/log-format.ts';
import { isOwnLine, isStatedText, objectKeys } from '../../formats/logs/shapes-of.ts';
import { anyEvent, continuesEvent } from '../../framing/events/continuation.ts';
import type { LogLayout } from './log-layout.ts';

export interface LogDetection {
  readonly layout: LogLayout;
  /**
   * 0–1: the share of lines that look like the format; 1 when the user names it. For text, the share of its events that
   * begin with their time and their level, and 0.5 where these are fewer.
   */
  readonly confidence: number;
}

/**
 * Finds the layout of lines that are not an access log.
 * @param lines complete lines without their newline
 * @returns `undefined` for no lines, and for binary data
 */
export function detectLogLayout(
  lines: readonly string[],
  hints: { readonly format?: LogFormat } = {},
): LogDetection | undefined {
  if (hints.format) return { layout: { format: hints.format, onlyJson: hints.format.json }, confidence: 1 };
  const filled = lines.filter((line) => line.trim() !== '');
  // A line torn by a crash must not cost the others.
  if (filled.length === 0 || filled.filter(isBinary).length > filled.length / 2) return undefined;
  const keyed = filled.map((line) => ({ line, keys: objectKeys(line) }));
  const share = (isSo: (of: (typeof keyed)[number]) => unknown) => keyed.filter(isSo).length / keyed.length;
  const shares = logFormats.map((format) => ({
    format,
    share: share(({ line, keys }) => isOwnLine(format, line, keys)),
  }));
  const best = shares.reduce((one, other) => (other.share > one.share ? other : one));
  // A Lambda function's platform lines may be few among its application's lines.
  if (best.share > 0 && (best.share >= 0.5 || !best.format.json)) return found(best.format, best.share);
  const json = share(({ keys }) => keys);
  const isLog = keyed.some(({ keys }) => [...(keys ?? [])].some((key) => logKeys.has(plainName(key))));
  return json >= 0.5
    ? found(findLogFormat('json-lines'), isLog ? json : json * unlikeLog)
    : found(findLogFormat('text'), Math.max(0.5, statedShare(filled)));
}

/** JSON without a time, a level or a message may be any data. */
const unlikeLog = 0.8;
const logKeys: ReadonlySet<string> = new Set(
  [...knownKeys.time, ...knownKeys.level, ...knownKeys.message].map(plainName),
);

/** Lines that continue an event, as in a stack trace, do not count. Below a header are the rows of a table. */
function statedShare(lines: readonly string[]): number {
  if (lines.some((line) => line.startsWith('#Fields:'))) return 0;
  const begins = lines.filter((line) => !continuesEvent(Buffer.from(line), anyEvent));
  return begins.length === 0 ? 0 : begins.filter(isStatedText).length / begins.length;
}

function found(format: LogFormat | undefined, confidence: number): LogDetection {
  if (!format) throw new Error('BUG: the catalogue lacks a format that everything falls back on');
  return { layout: { format, onlyJson: false }, confidence };
}

/** Decoded binary data holds zeros or replacement characters. */
function isBinary(line: string): boolean {
  const odd = [...line].filter(
    (character) => character === '\ufffd' || (character < ' ' && !textControls.has(character)),
  );
  return line.includes('\0') || odd.length > line.length * 0.3;
}

/** Escapes set the colours of terminals. */
const textControls: ReadonlySet<string> = new Set(['\t', '\r', '\f', '\v', '\u001b']);
