/**
 * Replaces `{name:Type}` by the value as a literal, for users to read, copy and change. The server never receives a
 * report in this form: it binds the parameters.
 */
export function fillParameters(sql: string, values: Readonly<Record<string, string | number>>): string {
  return tidy(sql).replace(/\{(\w+):([^{}]+)\}/g, (placeholder, name: string, type: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? placeholder : literalOf(String(value), type);
  });
}

function literalOf(text: string, type: string): string {
  const fine = /^DateTime64\((\d), '([^']+)'\)/.exec(type);
  if (fine) return `toDateTime64(${quote(text)}, ${fine[1]}, '${fine[2]}')`;
  const zone = /^DateTime(?:\('([^']+)'\))?/.exec(type);
  if (zone) return `toDateTime(${quote(text)}, '${zone[1] ?? 'UTC'}')`;
  // A literal has 64 bits: of most fractions it is another number than a column of 32 bits has.
  if (type === 'Float32') return `toFloat32(${text})`;
  if (type.startsWith('Array(')) return `CAST(${quote(text)}, '${type}')`;
  return type === 'Bool' || /^U?Int/.test(type) ? text : quote(text);
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\0': '\\0', '\n': '\\n', '\r': '\\r' };

function quote(text: string): string {
  return `'${text.replaceAll(/[\\'\0\n\r]/g, (char) => escapes[char] ?? char)}'`;
}

/** Removes the indentation that the text has from the source code. */
function tidy(sql: string): string {
  const lines = sql
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n');
  const depths = lines.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length);
  const depth = Math.min(...depths);
  return lines.map((line) => line.slice(Math.min(depth, line.length - line.trimStart().length))).join('\n');
}
