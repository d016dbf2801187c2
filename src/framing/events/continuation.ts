import { linearPattern } from '../../text/linear-pattern.ts';
import { openBrace } from '../json/ascii.ts';

/** What the lines of an event so far imply for the next one. */
export interface EventState {
  /** Its first line: an error below a line with a time or a level belongs to that line. */
  readonly begin: Uint8Array | undefined;
  /** Whether it is a JSON object, which ends with its line. */
  readonly isObject: boolean;
  /** A kind of trace whose last line looks like any other line. */
  readonly trace: 'python' | 'go' | Statement | undefined;
}

/** An entry of MySQL's log of slow queries: its time, its other comments, and the lines of its statement. */
type Statement = 'statement-time' | 'statement';

/** Matches continuations of events of any kind. */
export const anyEvent: EventState = { begin: Buffer.from('0'), isObject: false, trace: undefined };

/** This much of a line is enough to decide. */
const lookedAtBytes = 300;

const stamped = linearPattern(
  String.raw`^[\[(<]?(\d|(TRACE|DEBUG|INFO|NOTICE|WARN|ERROR|FATAL|CRIT)|[A-Z][a-z]{2} [ \d]\d |[IWEF]\d{4} |[DIWEFA], \[\d)`,
);

/** Lines that never begin an event, whatever precedes them. */
const goesOn = linearPattern(
  [
    // Java, Kotlin, Scala; Node
    String.raw`^at [\w$.<>/\[\] ]+[(:]`,
    '^(Caused by|Suppressed|Wrapped by): ',
    String.raw`^\.\.\. \d+ (more|common frames omitted)`,
    '^nested exception is',
    // Python
    String.raw`^Traceback \(most recent call last\):`,
    '^(During handling of the above exception|The above exception was the direct cause)',
    // Go
    String.raw`^goroutine \d+ \[`,
    '^created by ',
    String.raw`^\[signal `,
    // .NET
    '^(---> |--- End of )',
    // The end of an error's own fields as Node prints them.
    String.raw`^\}$`,
    // Ruby, PHP
    String.raw`^from [^ ]+:\d+:in `,
    String.raw`^#\d+ +([^ ]+[(:]|\{main\})`,
    // Laravel
    String.raw`^(\[(stacktrace|previous exception)\]|"\} *$)`,
    // The header that MySQL writes into its log of slow queries
    '^(Tcp port: |Time +Id Command +Argument)',
  ].join('|'),
);

/** Lines without a time or level that continue an event with one: an error below its log line. */
const namesError = linearPattern(
  String.raw`^([\w$]+[.:/]+)*[A-Z][\w$]*(Exception|Error|Throwable|Warning|Exit|Interrupt)(:| \(|$)|^[^ ]+\.rb:\d+:in `,
);

const endsPythonTrace = linearPattern(String.raw`^[A-Za-z_][\w.]*(:|$)`);
const goFrame = linearPattern(String.raw`^([\w.$/@~-]+[.(]|exit status \d)`);

/** First bytes of lines that {@link goesOn} matches; most lines have another. */
const goesOnFirst = new Set(Buffer.from('aCSWnTDgc[-}f#."'));
const space = 0x20;
const tab = 0x09;

/** Decides by the first byte of the line: a digit of a time, the brace of an object. */
export function surelyBegins(first: number | undefined): boolean {
  return first !== undefined && ((first >= 0x30 && first <= 0x39) || first === openBrace);
}

/** Whether a line continues an event. @param text without its carrier */
export function continuesEvent(text: Uint8Array, { begin, isObject, trace }: EventState): boolean {
  const [first = 0] = text;
  if (isStatement(trace)) return !beginsStatement(text, trace);
  if (isObject || surelyBegins(first)) return false;
  if (first === space || first === tab) return !isBlank(text);
  if (goesOnFirst.has(first) && goesOn.test(textOf(text))) return true;
  if (trace) {
    const line = textOf(text);
    return !stamped.test(line) && (trace === 'python' ? endsPythonTrace : goFrame).test(line);
  }
  if (begin === undefined || !mayNameError(text)) return false;
  const line = textOf(text);
  return namesError.test(line) && !stamped.test(line) && stamped.test(textOf(begin));
}

/** Checks the last letter of the first word, to spare most lines the match: Error, Exception, Throwable, Ruby files. */
function mayNameError(text: Uint8Array): boolean {
  const end = text.subarray(0, lookedAtBytes).findIndex((byte) => byte === space || byte === 0x3a || byte === 0x28);
  return lastLetters.has(text[(end === -1 ? Math.min(text.length, lookedAtBytes) : end) - 1] ?? 0);
}

const lastLetters = new Set(Buffer.from('rnegtb'));

/** The state of an event that begins with a line. */
export function beginEvent(text: Uint8Array): EventState {
  return { begin: text, isObject: text[0] === openBrace, trace: traceAfter(text, undefined) };
}

/** The state after one more line. */
export function goOnEvent(state: EventState, text: Uint8Array): EventState {
  const trace = traceAfter(text, state.trace);
  return trace === state.trace ? state : { ...state, trace };
}

/** Blank lines separate the parts of a trace. */
export function isBlank(text: Uint8Array): boolean {
  return text.length < lookedAtBytes && text.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function traceAfter(text: Uint8Array, before: EventState['trace']): EventState['trace'] {
  const [first] = text;
  if (startsWith(text, statementTime)) return 'statement-time';
  if (isStatement(before) || startsWith(text, statementUser)) return 'statement';
  if (first === space || first === tab) return before;
  if (startsWith(text, pythonTrace)) return 'python';
  if (goTraces.some((begin) => startsWith(text, begin))) return 'go';
  return before === 'go' ? 'go' : undefined;
}

/** Whether an event is one whose lines may begin with anything. */
export function isStatement(trace: EventState['trace']): trace is Statement {
  return trace === 'statement-time' || trace === 'statement';
}

/** The time is left out where it is that of the entry before. */
function beginsStatement(text: Uint8Array, trace: Statement): boolean {
  return startsWith(text, statementTime) || (trace === 'statement' && startsWith(text, statementUser));
}

const statementTime = Buffer.from('# Time: ');
const statementUser = Buffer.from('# User@Host: ');
const pythonTrace = Buffer.from('Traceback (most recent call last):');
const goTraces = [Buffer.from('goroutine '), Buffer.from('panic: ')];

function startsWith(text: Uint8Array, begin: Buffer): boolean {
  return text[0] === begin[0] && begin.equals(text.subarray(0, begin.length));
}

function textOf(text: Uint8Array): string {
  return Buffer.from(text.buffer, text.byteOffset, Math.min(text.length, lookedAtBytes))
    .toString('latin1')
    .replace(/\r$/, '');
}
