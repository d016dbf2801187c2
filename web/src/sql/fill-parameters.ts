import type { ReportParameters } from '../data/report-answer.ts';

/**
 * Replaces `{name:Type}` by the value as a literal, for people to read, copy and change. The server never gets a report
 * in this form: it binds the parameters.
 */
export function fillParameters(sql: string, parameters: ReportParameters): string {
  return dropIdleFilters(tidy(sql), parameters).replace(
    /\{(\w+):([^{}]+)\}/g,
    (placeholder, name: string, type: string) => {
      if (!Object.hasOwn(parameters, name)) return placeholder;
      const value = parameters[name as keyof ReportParameters];
      if (typeof value === 'number') return String(value);
      const zone = /^DateTime(?:\('([^']+)'\))?/.exec(type);
      const literal = `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
      return zone ? `toDateTime(${literal}, '${zone[1] ?? 'UTC'}')` : literal;
    },
  );
}

/** `({host:String} = '' OR host = {host:String})` is `host = …` with a host, and nothing without. */
function dropIdleFilters(sql: string, parameters: ReportParameters): string {
  const filter = /(\s*\bAND\s+)\(\{(\w+):String\} = '' OR (\w+) = \{\2:String\}\)/g;
  return sql.replace(filter, (_text, and: string, name: string, column: string) =>
    parameters[name as keyof ReportParameters] ? `${and}${column} = {${name}:String}` : '',
  );
}

/** Takes away the indentation that the text has only because it stands in a program. */
function tidy(sql: string): string {
  const lines = sql
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n');
  const depths = lines.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length);
  const depth = Math.min(...depths);
  return lines.map((line) => line.slice(Math.min(depth, line.length - line.trimStart().length))).join('\n');
}
