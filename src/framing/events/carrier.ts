import { eventMark } from './event-mark.ts';

/** Container log formats that split long lines into parts. */
export const splittingCarriers = ['cri', 'docker-json'] as const;
/** Log formats that carry the lines of several streams in one file. */
export const carriers = [...splittingCarriers, 'compose'] as const;
export type CarrierName = (typeof carriers)[number];

/** Position of a carried text in its line. */
export interface CarriedText {
  /** Lines of one stream continue each other. */
  readonly stream: string;
  /** Within a stream of many writers, whose lines are mixed, only adjacent lines of one writer continue each other. */
  readonly writer?: string;
  readonly start: number;
  readonly end: number;
  /** Whether the runtime split the text, so that the next one of the stream continues it. */
  readonly isPart: boolean;
  /** Position of the tag that marks the line as a part, if any. */
  readonly tag?: number;
  /** The beginning of the text as the program wrote it. */
  readonly told: Uint8Array;
  /** Whether the text has its own newline. */
  readonly endsInNewline: boolean;
  /** Whether it would make a text unreadable that it is joined to; absent where any bytes can be joined. */
  readonly isDamaged?: () => boolean;
  /** The prefix that marks the text's event as started earlier. */
  readonly torn: (head: Uint8Array) => readonly Uint8Array[];
}

/** @returns undefined when the line is not in this carrier's format */
export function carriedText(carrier: CarrierName, line: Buffer): CarriedText | undefined {
  switch (carrier) {
    case 'cri':
      return criText(line);
    case 'docker-json':
      return dockerText(line);
    case 'compose':
      return composeText(line);
  }
}

/** A quick check of whether a carrier's line may hold only a part of a text. */
export function mayBePart(carrier: CarrierName, line: string): boolean {
  if (carrier === 'cri') return line.includes(' stdout P') || line.includes(' stderr P');
  return line.startsWith(logKey) && !line.includes('\\n","stream"');
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

/** `web-1  | text` */
function composeText(line: Buffer): CarriedText | undefined {
  const [all, stream] = /^([\w./-]{1,128}) {1,64}\| /.exec(line.toString('latin1', 0, 200)) ?? [];
  if (all === undefined || stream === undefined) return undefined;
  const end = endOfText(line);
  const torn = (prefix: Uint8Array) => [prefix, eventMark];
  const told = line.subarray(all.length, end);
  return { stream, start: all.length, end, isPart: false, told, endsInNewline: false, torn };
}

/**
 * `Mar  1 12:00:00 web-1 app[4242]: text`. Blanks that programs write after the colon are no indentation, and rsyslog
 * writes a tab as `#011`.
 */
export function syslogText(line: Buffer): CarriedText | undefined {
  if (line[6] !== space || line[9] !== colon || line[12] !== colon || line[15] !== space) return undefined;
  const head = line.toString('latin1', 0, syslogHeadBytes);
  const [all, writer] = /^[A-Z][a-z]{2} [ \d]\d [\d:]{8} ([\w.-]+ [^\s:[]+(?:\[\d+\])?): */.exec(head) ?? [];
  if (all === undefined || writer === undefined) return undefined;
  const end = endOfText(line);
  const start = Math.min(all.length, end);
  const isEscaped = line.toString('latin1', start, start + escapedTab.length) === escapedTab;
  const told = isEscaped
    ? Buffer.concat([Buffer.from('\t'), line.subarray(start + escapedTab.length, end)])
    : line.subarray(start, end);
  const torn = (prefix: Uint8Array) => [eventMark, prefix];
  return { stream: '', writer, start, end, isPart: false, told, endsInNewline: false, torn };
}

const space = 0x20;
const colon = 0x3a;
const escapedTab = '#011';
const syslogHeadBytes = 300;

const logKey = '{"log":"';
const newlineEscape = '\\n';

/**
 * `{"log":"text\n","stream":"stdout","time":"2026-03-01T12:00:00.000000000Z"}`, as Docker's json-file driver writes it;
 * tools that rewrite it use other keys, and texts that are whole without a trailing newline.
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
  const isDamaged = () => !isStringContent(line.toString('latin1', logKey.length, end));
  return { stream, start: logKey.length, end, isPart, told, endsInNewline: true, isDamaged, torn };
}

const toldBytes = 400;

/** Whether this is the text of a JSON string, between its quotes. */
function isStringContent(text: string): boolean {
  try {
    return typeof JSON.parse(`"${text}"`) === 'string';
  } catch {
    return false;
  }
}

const tailBytes = 700;

/** A carriage return before the newline is not part of it. */
export function endOfText(line: Buffer): number {
  return line.at(-1) === 0x0d ? line.length - 1 : line.length;
}
