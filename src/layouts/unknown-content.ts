/** What a sample looks like that is in no known format, and what to do. */
interface Likeness {
  readonly is: (lines: readonly string[]) => boolean;
  readonly problem: string;
}

const likenesses: readonly Likeness[] = [
  {
    is: (lines) => lines.some((line) => line.startsWith('#fields\t')),
    problem: "it is Zeek's table; have Zeek write JSON (LogAscii::use_json=T), or store it as lines with --format text",
  },
  {
    is: (lines) => lines.some((line) => /^#Fields:?\s/i.test(line)),
    problem: 'its #Fields line names columns that are not those of HTTP requests; store it as lines with --format text',
  },
  {
    is: ([first = '']) => /^__[A-Z_]+=/.test(first),
    problem: "it is journald's export format; write JSON with journalctl -o json",
  },
  {
    is: ([first = '', ...rest]) =>
      /^"?[@A-Za-z][^" ,]*"?(,"?[@A-Za-z][^" ,]*"?)+$/.test(first) && most(rest, (line) => line.includes(',')),
    problem: 'it is a table in CSV, whose columns are not known; write one JSON object a line',
  },
  {
    is: ([first = '']) => /^\[\s*(?:\{|$)/.test(first),
    problem: "it is one JSON array; write one object a line, as jq -c '.[]' does",
  },
  {
    is: ([first = '', second = '']) => /^\{\s*$/.test(first) && /^\s+"/.test(second),
    problem:
      'it is JSON that is printed over many lines; write one object a line, as jq -c . does, of a list as jq -c ".events[]" does',
  },
  {
    is: (lines) => most(lines, (line) => /^[^ :"{]{1,300}\.[a-z]{1,5}:/.test(line)),
    problem: 'each line begins with the name of a file, as grep writes it; leave the names out with grep -h',
  },
  {
    is: (lines) => most(lines, (line) => line.length > 1 && line.startsWith('"') && line.endsWith('"')),
    problem: 'each line stands in quotes; take them off, as sed \'s/^"//; s/"$//\' does',
  },
  {
    is: (lines) => most(lines, isLabelled),
    problem:
      'it is LTSV without a time, a status and a request that are known, so no access log; store it as lines with --format text',
  },
  {
    is: ([first = '']) => /\}\0\{/.test(first),
    problem: "its objects are separated by zero bytes, as in GELF; write one object a line, as tr '\\0' '\\n' does",
  },
  {
    is: (lines) => most(lines, (line) => line.startsWith('{')),
    problem:
      'its lines begin as JSON objects and are none; write one object a line, or store it as lines with --format text',
  },
  {
    is: (lines) => lines.filter((line) => /"[A-Z]{3,10} [^"]* HTTP\/\d/.test(line)).length >= lines.length / 2,
    problem:
      'its lines are requests in an order of values that is not known; have the server write JSON or combined, or store them as they are with --format text',
  },
  {
    is: (lines) => most(lines, (line) => /^[a-z_.]+=\S+ [a-z_.]+=/.test(line)),
    problem:
      'its lines are logfmt without a time that is known; write time=…, or store them as they are with --format text',
  },
];

/** @param lines of a text that no format recognises; blank ones say nothing */
export function unknownText(lines: readonly string[]): string {
  const filled = lines.filter((line) => line.trim() !== '').map((line) => line.replace(/\r$/, ''));
  const likeness = likenesses.find(({ is }) => is(filled));
  return (
    likeness?.problem ??
    'its lines are text in no format that is known; store them as they are with --format text, ' +
      'or name the format with --format and the columns with --fields'
  );
}

function most(lines: readonly string[], isSo: (line: string) => boolean): boolean {
  return lines.length > 0 && lines.filter(isSo).length > lines.length * 0.8;
}

function isLabelled(line: string): boolean {
  const values = line.split('\t');
  return values.length > 2 && values.every((value) => /^[0-9A-Za-z_.-]+:/.test(value));
}
