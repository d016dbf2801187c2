/** A line of Apache's combined log format; texts are the bytes that the viewer sent, as Latin-1. */
export interface ApacheRequest {
  /** 1-based line in the log. */
  readonly line: number;
  readonly client: string;
  /** Start of the hour in which the request was logged, milliseconds since 1970. */
  readonly hourMs: number;
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  /** Without question mark; empty when there is none. */
  readonly query: string;
  readonly httpVersion: string;
  readonly status: number;
  /** Bytes of the body; 0 where the log has `-`. */
  readonly bytes: number;
  /** Empty when there is none. */
  readonly referer: string;
  readonly userAgent: string;
}

/**
 * @param content UTC times only
 * @throws Error when a line has another shape
 */
export function parseApacheLog(content: Buffer): ApacheRequest[] {
  const lines = content.toString('latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => parseLine(line, index + 1));
}

/** The last quote is missing in one line of the published log. */
const combined =
  /^(?<client>\S+) \S+ \S+ \[(?<day>\d\d)\/(?<month>\w{3})\/(?<year>\d{4}):(?<hour>\d\d):[\d:]+ \+0000\] "(?<method>\S+) (?<target>\S+) (?<httpVersion>HTTP\/\d\.\d)" (?<status>\d{3}) (?<bytes>\d+|-) "(?<referer>.*)" "(?<userAgent>.*?)"?$/;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function parseLine(line: string, number: number): ApacheRequest {
  const groups = combined.exec(line)?.groups;
  if (!groups)
    throw new Error(`cannot read line "${number}" of the Apache log: it is not in combined format; leave it out`);
  const text = (name: string) => groups[name] as string;
  const target = unescaped(text('target'));
  const question = target.indexOf('?');
  return {
    line: number,
    client: text('client'),
    hourMs: Date.UTC(Number(text('year')), months.indexOf(text('month')), Number(text('day')), Number(text('hour'))),
    method: text('method'),
    path: question === -1 ? target : target.slice(0, question),
    query: question === -1 ? '' : target.slice(question + 1),
    httpVersion: text('httpVersion'),
    status: Number(text('status')),
    bytes: text('bytes') === '-' ? 0 : Number(text('bytes')),
    referer: present(text('referer')),
    userAgent: present(text('userAgent')),
  };
}

function present(value: string): string {
  return value === '-' ? '' : unescaped(value);
}

/** Apache writes bytes that it does not print as `\xhh`, and quotes and backslashes with a backslash before them. */
function unescaped(value: string): string {
  return value.replaceAll(/\\(?:x([0-9a-f]{2})|(.))/g, (_, hex: string | undefined, other: string | undefined) =>
    hex === undefined ? (other as string) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
