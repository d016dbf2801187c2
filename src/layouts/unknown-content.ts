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
    problem: 'it is CSV with unknown columns; write one JSON object per line',
  },
  {
    is: ([first = '']) => /^\[\s*(?:\{|$)/.test(first),
    problem: "it is one JSON array; write one object per line, as jq -c '.[]' does",
  },
  {
    is: ([first = '', second = '']) => /^\{\s*$/.test(first) && /^\s+"/.test(second),
    problem:
      'it is JSON that spans several lines; write one object per line, as jq -c . does, of a list as jq -c ".events[]" does',
  },
  {
    is: (lines) => most(lines, (line) => /^[^ :"{]{1,300}\.[a-z]{1,5}:/.test(line)),
    problem: 'each line begins with a file name, as grep writes it; omit the names with grep -h',
  },
  {
    is: (lines) => most(lines, (line) => line.length > 1 && line.startsWith('"') && line.endsWith('"')),
    problem: 'each line is quoted; remove the quotes, as sed \'s/^"//; s/"$//\' does',
  },
  {
    is: (lines) => most(lines, isLabelled),
    problem: 'it is LTSV without known labels for time, status and request; store it as lines with --format text',
  },
  {
    is: ([first = '']) => /\}\0\{/.test(first),
    problem: "its objects are separated by zero bytes, as in GELF; write one object per line, as tr '\\0' '\\n' does",
  },
  {
    is: (lines) => most(lines, (line) => line.startsWith('{')),
    problem:
      'its lines begin like JSON objects but cannot be parsed; write one object per line, or store it as lines with --format text',
  },
  {
    is: (lines) => lines.filter((line) => /"[A-Z]{3,10} [^"]* HTTP\/\d/.test(line)).length >= lines.length / 2,
    problem:
      'its lines are requests with values in an unknown order; have the server write JSON or combined, or store them as they are with --format text',
  },
  {
    is: (lines) => most(lines, (line) => /^[a-z_.]+=\S+ [a-z_.]+=/.test(line)),
    problem: 'its lines are logfmt without a known time; write time=…, or store them as they are with --format text',
  },
];

/** @param lines of a text that no format recognises; blank ones say nothing */
export function unknownText(lines: readonly string[]): string {
  const filled = lines.filter((line) => line.trim() !== '').map((line) => line.replace(/\r$/, ''));
  const likeness = likenesses.find(({ is }) => is(filled));
  return (
    likeness?.problem ??
    'its lines are text in an unknown format; store them as they are with --format text, ' +
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
