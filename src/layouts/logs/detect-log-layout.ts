import { findLogFormat, logFormats } from '../../formats/logs/catalog.ts';
import { knownKeys, plainName } from '../../formats/logs/known-keys.ts';
import type { LogFormat } from '../../formats/logs/log-format.ts';
import { isLevelledText, isOwnLine, isStatedText, isToldText, objectKeys } from '../../formats/logs/shapes-of.ts';
import { anyEvent, beginEvent, continuesEvent, goOnEvent } from '../../framing/events/continuation.ts';
import { linearPattern } from '../../text/linear-pattern.ts';
import type { LogLayout } from './log-layout.ts';

export interface LogDetection {
  readonly layout: LogLayout;
  /**
   * 0–1: the share of lines that look like the format; 1 when the user names it. For text, the share of its events that
   * begin with their time and their level; if these are few, 0.6 if most have one of both, else 0.5.
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
  const isLog = filled.some(isLogObject);
  return json >= 0.5
    ? found(findLogFormat('json-lines'), isLog ? json : json * unlikeLog)
    : found(findLogFormat('text'), textConfidence(filled));
}

/** JSON without a time, a level or a message may be any data. */
const unlikeLog = 0.8;

function isLogObject(line: string): boolean {
  return [...(objectKeys(line) ?? [])].some((key) => logKeys.has(plainName(key)));
}

const logKeys: ReadonlySet<string> = new Set(
  [...knownKeys.time, ...knownKeys.level, ...knownKeys.message].map(plainName),
);

/**
 * Lines that continue an event, as in a stack trace, do not count. Below a header are the rows of a table, and
 * requests in an unknown order should be refused rather than stored as text.
 */
function textConfidence(lines: readonly string[]): number {
  const begins = eventsOf(lines);
  if (begins.length === 0 || lines.some((line) => isDirective.test(line))) return anything;
  const share = (is: (line: string) => boolean) => begins.filter(is).length / begins.length;
  const stated = share(isStatedText);
  if (stated > anything) return stated;
  const isOthers = share((line) => quotedRequest.test(line) && !isLevelledText(line)) >= 0.5 || isTable(begins);
  return share((line) => isToldText(line) || isLogObject(line)) >= 0.5 && !isOthers ? likelyText : anything;
}

/** The first lines of events. */
export function eventsOf(lines: readonly string[]): string[] {
  let state = anyEvent;
  return lines.filter((line) => {
    const text = Buffer.from(line);
    const goesOn = continuesEvent(text, state);
    state = goesOn ? goOnEvent(state, text) : beginEvent(text);
    return !goesOn;
  });
}

/** After the time all lines have as many values, one of them a number: columns that the user could name. */
function isTable(lines: readonly string[]): boolean {
  const rows = lines.map((line) => (beginsWithDay.test(line) ? line.split(' ') : []));
  const [first = []] = rows;
  return (
    first.length > 2 &&
    rows.every((row) => row.length === first.length) &&
    first.some((_, column) => rows.every((row) => /^\d+$/.test(row[column] ?? '')))
  );
}

const anything = 0.5;
const likelyText = 0.6;
const isDirective = /^#(?:Fields|Software|Version):/;
const beginsWithDay = /^\d{4}[-/]\d\d[-/]\d\d[ T]/;
const quotedRequest = linearPattern('"[A-Z]{3,10} [^"]* HTTP/[0-9]');

/** The layout of text of which most lines have a time or a level. */
export function detectToldText(lines: readonly string[]): LogDetection | undefined {
  const detection = detectLogLayout(lines);
  return detection?.layout.format.name === 'text' && isLikely(detection) ? detection : undefined;
}

/** Whether the lines are a log rather than any text. */
export function isLikely({ layout, confidence }: LogDetection): boolean {
  return layout.format.name !== 'text' || confidence > anything;
}

/** Whether a line is almost certainly an application's message: it has a level and a time or a text. */
export function isMessage(line: string): boolean {
  const keys = objectKeys(line);
  if (!keys) return isStatedText(line);
  const has = (names: readonly string[]) => names.some((name) => keys.has(name));
  return has(knownKeys.level) && has(knownKeys.message);
}

function found(format: LogFormat | undefined, confidence: number): LogDetection {
  if (!format) throw new Error('BUG: the catalogue lacks a format that everything falls back on');
  return { layout: { format, onlyJson: false }, confidence };
}

/** Decoded binary data holds zeros or replacement characters. */
function isBinary(line: string): boolean {
  let odd = 0;
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === 0) return true;
    if (code === replacement || (code < space && !textControls.has(code))) odd++;
  }
  return odd > line.length * 0.3;
}

/** Escapes set the colours of terminals. */
const textControls: ReadonlySet<number> = new Set(Buffer.from('\t\r\f\v\u001b'));
const space = 0x20;
const replacement = 0xfffd;
