import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LayoutHints } from '../layouts/detect-layout.ts';
import { describeBatchLayout, isColumnLayout } from '../pipeline/batch-layout.ts';
import { ingestFiles } from '../pipeline/ingest-files.ts';
import { inspectInput } from '../pipeline/inspect-input.ts';
import { loggedColumns } from '../schema/requests.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { findFormat, formats } from './catalog.ts';

/**
 * Every `<format>/testdata/<case>.<suffix>` is ingested and held against `<case>.expected.ndjson`: what became of the
 * file, then its rows (columns that are empty or 0 left out; `status` always there), its rejects with line number,
 * reason and bytes, and its events. Enriched columns have tests of their own: their values change with their data. `<case>.hints.json` holds what a person says on the command line.
 *
 * UPDATE_GOLDEN=1 writes the expectations; check each by hand against its input afterwards. In CI a missing one fails.
 */
const folder = dirname(fileURLToPath(import.meta.url));
const cases = formats.flatMap(({ name }) => findCases(join(folder, name, 'testdata')));
const update = process.env.UPDATE_GOLDEN === '1' && process.env.CI !== 'true';

let store: Store;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-golden-'));
  store = await openStore({ directory });
}, 300_000);

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

describe.each(formats.map(({ name }) => name))('%s', (format) => {
  const own = cases.filter((path) => path.startsWith(join(folder, format, 'testdata')));

  test('has cases, and no expectation without one', () => {
    expect(own.length).toBeGreaterThan(0);
    const expected = readdirSync(join(folder, format, 'testdata')).filter((name) => name.endsWith('.expected.ndjson'));
    expect(own.map((path) => basename(expectationOf(path)))).toEqual(expect.arrayContaining(expected));
    expect(new Set(own.map(expectationOf)).size).toBe(own.length);
  });

  test.each(own.map((path) => [basename(path), path] as const))('%s', async (_, path) => {
    const actual = await resultOf(path);
    const file = expectationOf(path);
    if (update || (!existsSync(file) && process.env.CI !== 'true')) writeFileSync(file, actual);
    expect(existsSync(file), `${basename(file)} is missing; UPDATE_GOLDEN=1 writes it`).toBe(true);
    expect(actual).toBe(readFileSync(file, 'utf8'));
  });
});

function findCases(testdata: string): string[] {
  return readdirSync(testdata)
    .filter((name) => name !== 'README.md' && !/\.(expected\.ndjson|hints\.json|oracle\.json)$/.test(name))
    .map((name) => join(testdata, name))
    .sort();
}

function stem(path: string): string {
  return path.replace(/\.(log\.gz|json\.gz|log|gz|json|parquet)$/, '');
}

function expectationOf(path: string): string {
  return `${stem(path)}.expected.ndjson`;
}

function hintsText(path: string): string {
  const file = `${stem(path)}.hints.json`;
  return existsSync(file) ? readFileSync(file, 'utf8') : '{}';
}

function readHints(path: string): LayoutHints {
  const { format: name, ...hints } = JSON.parse(hintsText(path)) as Omit<LayoutHints, 'format'> & { format?: string };
  const format = name === undefined ? undefined : findFormat(name);
  return { ...hints, ...(format ? { format } : {}) };
}

async function resultOf(path: string): Promise<string> {
  const { failed } = await ingestFiles(store, [path], { hints: readHints(path) });
  if (failed[0]) return ndjson([{ failed: failed[0].problem.replaceAll(`${dirname(path)}/`, '') }]);
  const { layout } = await inspectInput(path, readHints(path));
  const [books] = await store.engine.rows<Record<string, unknown>>({
    sql: `
      SELECT toString(batch) AS batch, lines, rows, rejected, comments, first_time, last_time
      FROM ledger WHERE origin = {path:String}`,
    params: { path },
  });
  const { batch, ...ledger } = books as { batch: string };
  const of = { batch, path, filename: basename(path) };
  return ndjson([
    { layout: describeBatchLayout(layout), ...ledger },
    ...(await (isColumnLayout(layout) && layout.format.event ? eventsOfLog(of) : rowsOf(of))),
    ...(await rejectsOf(of)),
    ...(await eventsOf(of)),
  ]);
}

interface Stored {
  readonly batch: string;
  readonly path: string;
  readonly filename: string;
}

function rowsOf(of: Stored): Promise<object[]> {
  const columns = [...Object.keys(loggedColumns), 'distribution', 'sampling_rate', 'extra'].join(', ');
  return readRows(`SELECT ${columns} FROM requests`, 'time, request_id, path, query, tuple(*)', of);
}

function eventsOfLog(of: Stored): Promise<object[]> {
  return readRows('SELECT * EXCEPT (batch, filename, source_format, shape) FROM logs', 'time, message, tuple(*)', of);
}

async function readRows(select: string, order: string, { batch, filename }: Stored): Promise<object[]> {
  const rows = await store.engine.rows<Record<string, unknown>>({
    sql: `${select} WHERE batch = {batch:UInt64} AND filename = {filename:String} ORDER BY ${order}`,
    params: { batch, filename },
  });
  const texts = rows.map((row) => JSON.stringify(withoutDefaults(row)));
  return [...new Set(texts)].map((text) => {
    const times = texts.filter((other) => other === text).length;
    return times === 1 ? { row: JSON.parse(text) } : { times, row: JSON.parse(text) };
  });
}

function withoutDefaults(row: Record<string, unknown>): Record<string, unknown> {
  const isDefault = (name: string, value: unknown) =>
    value === '' || value === null || (value === 0 && name !== 'status') || (name === 'sampling_rate' && value === 100);
  const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return Object.fromEntries(Object.entries(row).filter(([name, value]) => !isDefault(name, value) && !isEmpty(value)));
}

/** Lines that are no UTF-8, or hold control characters, are shown in hexadecimal: JSON could not show their bytes. */
function rejectsOf({ batch, path }: Stored): Promise<object[]> {
  return store.engine.rows({
    sql: `
      SELECT line_number AS rejected, reason,
        if(isValidUTF8(line) AND NOT match(line, '[\\\\x00-\\\\x08\\\\x7f]'), line, concat('hex:', hex(line))) AS line
      FROM rejects
      WHERE batch = {batch:UInt64} AND origin = {path:String}
      ORDER BY line_number`,
    params: { batch, path },
  });
}

function eventsOf({ batch, path }: Stored): Promise<object[]> {
  return store.engine.rows({
    sql: 'SELECT name AS event, detail FROM events WHERE batch = {batch:UInt64} AND origin = {path:String} ORDER BY name',
    params: { batch, path },
  });
}

function ndjson(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
