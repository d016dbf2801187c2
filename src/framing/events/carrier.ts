import { eventMark } from './event-mark.ts';

/** What carries the lines of several streams in one file. */
export const carriers = ['cri', 'docker-json'] as const;
export type CarrierName = (typeof carriers)[number];

/** Where a carried text stands in its line. */
export interface CarriedText {
  /** Lines of one stream go on with each other. */
  readonly stream: string;
  readonly start: number;
  readonly end: number;
  /** Whether the runtime cut the text, so that the next one of the stream goes on with it. */
  readonly isPart: boolean;
  /** Where the line says that it is a part, if it does. */
  readonly tag?: number;
  /** The beginning of the text as the program wrote it. */
  readonly told: Uint8Array;
  /** Whether the text has its own newline. */
  readonly endsInNewline: boolean;
  /** What stands in front of the text, so that it says that its event began before. */
  readonly torn: (head: Uint8Array) => readonly Uint8Array[];
}

/** @returns undefined when the carrier is not around the line */
export function carriedText(carrier: CarrierName, line: Buffer): CarriedText | undefined {
  return carrier === 'cri' ? criText(line) : dockerText(line);
}

const headBytes = 64;

/** `2026-03-01T12:00:00.000000000Z stdout P text` */
function criText(line: Buffer): CarriedText | undefined {
  const head = line.toString('latin1', 0, headBytes);
  const [all, stream, tag] = /^\d{4}-\d\d-\d\d\S{1,32} (stdout|stderr) ([PF])(?::\S{0,16})? /.exec(head) ?? [];
  if (all === undefined || stream === undefined || tag === undefined) return undefined;
  const at = all.indexOf(` ${stream} `) + stream.length + 2;
  const end = endOfText(line);
  const told = line.subarray(all.length, end);
  const torn = (prefix: Uint8Array) => [prefix, eventMark];
  return { stream, start: all.length, end, isPart: tag === 'P', tag: at, told, endsInNewline: false, torn };
}

const logKey = '{"log":"';
const newlineEscape = '\\n';

/**
 * `{"log":"text\n","stream":"stdout","time":"2026-03-01T12:00:00.000000000Z"}`, as Docker's json-file driver writes it; what
 * others make of it has other keys, and texts without a newline at their end that are whole all the same.
 */
function dockerText(line: Buffer): CarriedText | undefined {
  if (!line.subarray(0, logKey.length).equals(Buffer.from(logKey))) return undefined;
  const rest = line.toString('latin1', Math.max(logKey.length, line.length - tailBytes));
  const [all, stream] =
    /","stream":"(stdout|stderr)",(?:"attrs":\{[^{}]{0,500}\},)?"time":"[^"]{1,40}"\}\r?$/.exec(rest) ?? [];
  if (all === undefined || stream === undefined) return undefined;
  const end = line.length - all.length;
  if (end < logKey.length) return undefined;
  const isPart = line.toString('latin1', end - newlineEscape.length, end) !== newlineEscape;
  const text = line.toString('latin1', logKey.length, Math.min(end, logKey.length + toldBytes));
  const told = Buffer.from(text.replace(/\\n$/, '').replaceAll('\\t', '\t'), 'latin1');
  const torn = () => [Buffer.from(`{"event.part":"continued",${logKey.slice(1)}`)];
  return { stream, start: logKey.length, end, isPart, told, endsInNewline: true, torn };
}

const toldBytes = 400;

const tailBytes = 700;

/** A carriage return in front of the newline is no part of it. */
export function endOfText(line: Buffer): number {
  return line.at(-1) === 0x0d ? line.length - 1 : line.length;
}
