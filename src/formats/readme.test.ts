import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formats } from './catalog.ts';
import { type Field, type Format, isTime } from './format.ts';

/** The field table of each format's README is the one in `fields.ts`; UPDATE_GOLDEN=1 writes it. */
const [begin, end] = ['<!-- fields -->', '<!-- /fields -->'];

test.each(formats.map((format) => [format.name, format] as const))('the README of %s', (name, format) => {
  const file = new URL(`./${name}/README.md`, import.meta.url);
  const text = readFileSync(file, 'utf8');
  const [before, rest = ''] = text.split(begin);
  const [written = '', after] = rest.split(end);
  expect(after, `${name}/README.md has the marks ${begin} and ${end}`).toBeDefined();
  const table = fieldTable(format);
  if (process.env.UPDATE_GOLDEN === '1' && process.env.CI !== 'true' && cells(written) !== cells(table)) {
    writeFileSync(file, `${before}${begin}\n\n${table}\n\n${end}${after}`);
  }
  expect(cells(readFileSync(file, 'utf8')), 'UPDATE_GOLDEN=1 writes the table').toContain(cells(table));
  expect(text).toContain(format.reference);
});

function fieldTable(format: Format): string {
  if (format.framing?.kind === 'keyed') return keyTable(format);
  const rows = format.fields.map(
    (field, index) =>
      `| ${index + 1} | \`${field.name}\` | ${field.type} | ${target(format, field)} | ${field.encoding ?? ''} |`,
  );
  return ['| # | field | type | column | encoding |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** In keyed lines, a field is recognised by any of its names. */
function keyTable(format: Format): string {
  const rows = format.fields.map((field) => {
    const names = (field.keys ?? []).map((key) => `\`${key}\``).join(', ');
    return `| ${keyedTarget(field)} | ${field.type} | ${names} |`;
  });
  return ['| column | type | names, the best first |', '|---|---|---|', ...rows].join('\n');
}

function keyedTarget({ column, type }: Field): string {
  if (isTime(type)) return '`time`';
  if (type === 'request-line') return '`method`, `path`, `query`, `http_version`';
  if (type === 'url') return '`path`, `query`, `scheme`, `host`';
  if (type === 'forwarded-address') return '`client_ip`, `client_port`';
  return column ? `\`${column}\`` : 'none, kept in `extra`';
}

function target({ event }: Format, { column, fallbackFor, name, type }: Field): string {
  if (event) {
    const columns = Object.entries(event.columns).filter(
      ([column, text]) => column !== 'message' && text.includes(name),
    );
    const others = isTime(type) ? ['time'] : columns.map(([column]) => column);
    return [...others.map((column) => `\`${column}\``), `\`attributes['${name}']\``].join(', ');
  }
  if (isTime(type)) return '`time`';
  if (type === 'request-line') return '`method`, `scheme`, `host`, `path`, `query`, `http_version`';
  if (type === 'address' && column === 'client_ip') return '`client_ip`, `client_port`';
  if (type === 'forwarded-address') return '`client_ip`, `client_port`, `forwarded_for`';
  const own = column ? `\`${column}\`` : `\`extra['${name}']\``;
  return fallbackFor ? `${own}, and \`${fallbackFor}\` where nothing else is` : own;
}

/** The formatter aligns tables; only their content counts. */
function cells(table: string): string {
  return table
    .trim()
    .replaceAll(/ *\| */g, '|')
    .replaceAll(/-{3,}/g, '---');
}
