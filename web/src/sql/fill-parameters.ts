import type { ReportParameters } from '../data/report-answer.ts';

/**
 * Replaces `{name:Type}` by the value as a literal, for users to read, copy and change. The server never receives a
 * report in this form: it binds the parameters.
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

/** `({host:String} = '' OR host = {host:String})` becomes `host = …` with a host, and is dropped without one. */
function dropIdleFilters(sql: string, parameters: ReportParameters): string {
  let text = '';
  let end = 0;
  for (const { 0: filter, 1: name, 2: column, 3: again, index } of sql.matchAll(optionalFilter)) {
    const before = sql.slice(end, index);
    if (name !== again || !before.trimEnd().endsWith('AND')) continue;
    const isIdle = !parameters[name as keyof ReportParameters];
    text += isIdle ? before.trimEnd().slice(0, -'AND'.length).trimEnd() : `${before}${column} = {${name}:String}`;
    end = index + filter.length;
  }
  return text + sql.slice(end);
}

const optionalFilter = /\(\{(\w+):String\} = '' OR (\w+) = \{(\w+):String\}\)/g;

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
