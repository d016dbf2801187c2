import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { describeBatchLayout, isColumnLayout } from '../layouts/batch-layout.ts';
import type { LayoutHints } from '../layouts/detect-layout.ts';
import { inspectInput } from '../layouts/inspect-input.ts';
import { ingestFiles } from '../pipeline/ingest-files.ts';
import { loggedColumns } from '../schema/requests.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { findFormat, formats } from './catalog.ts';

/**
 * Every `<format>/testdata/<case>.<suffix>` is ingested and compared with `<case>.expected.ndjson`: the result of the
 * file, then its rows (without empty or 0 columns, except `status`), its rejects with line number, reason and bytes,
 * and its events. Enriched columns have their own tests: their values change with their data. `<case>.hints.json` holds
 * the command line's hints.
 *
 * All files are stored first, those with the same hints together, like one ingest of many files.
 *
 * UPDATE_GOLDEN=1 writes the expectations; check each by hand against its input afterwards.
 */
const folder = dirname(fileURLToPath(import.meta.url));
const cases = formats.flatMap(({ name }) => findCases(join(folder, name, 'testdata')));
const update = process.env.UPDATE_GOLDEN === '1' && process.env.CI !== 'true';

let store: Store;
let directory: string;
let stored: Stored;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-golden-'));
  store = await openStore({ directory: copyPreparedStore(directory) });
  const problems = new Map<string, string>();
  for (const hints of new Set(cases.map(hintsText))) {
    const paths = cases.filter((path) => hintsText(path) === hints);
    const { failed } = await ingestFiles(store, paths, { hints: readHints(hints) });
    for (const { path, problem } of failed) problems.set(path, problem);
  }
  stored = await readStored(problems);
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

test('every row has an identity', async () => {
  for (const table of ['requests', 'logs']) {
    const [counts] = await store.engine.rows<{ rows: number; ids: number; least: number }>({
      sql: `
        SELECT count() AS rows, uniqExact(batch, object, line_number) AS ids, min(least(object, line_number)) AS least
        FROM ${table}`,
    });
    expect(counts).toEqual({ rows: counts?.rows, ids: counts?.rows, least: 1 });
    expect(counts?.rows).toBeGreaterThan(50);
  }
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
    if (update) writeFileSync(file, actual);
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

function readHints(text: string): LayoutHints {
  const { format: name, ...hints } = JSON.parse(text) as Omit<LayoutHints, 'format'> & { format?: string };
  const format = name === undefined ? undefined : findFormat(name);
  return { ...hints, ...(format ? { format } : {}) };
}

/** The store's content of all files, by batch and file. */
interface Stored {
  readonly problems: ReadonlyMap<string, string>;
  readonly ledger: ReadonlyMap<string, readonly Row[]>;
  readonly requests: ReadonlyMap<string, readonly Row[]>;
  readonly logs: ReadonlyMap<string, readonly Row[]>;
  readonly rejects: ReadonlyMap<string, readonly Row[]>;
  readonly events: ReadonlyMap<string, readonly Row[]>;
}

type Row = Readonly<Record<string, unknown>>;

async function resultOf(path: string): Promise<string> {
  const problem = stored.problems.get(path);
  if (problem !== undefined) return ndjson([{ failed: problem.replaceAll(`${dirname(path)}/`, '') }]);
  const { layout } = await inspectInput(path, readHints(hintsText(path)));
  const [books] = stored.ledger.get(path) ?? [];
  const { batch, ...ledger } = books as Row & { batch: string };
  const rows = isColumnLayout(layout) && layout.format.event ? stored.logs : stored.requests;
  return ndjson([
    { layout: describeBatchLayout(layout), ...ledger },
    ...counted(rows.get(`${batch} ${basename(path)}`) ?? []),
    ...(stored.rejects.get(`${batch} ${path}`) ?? []),
    ...(stored.events.get(`${batch} ${path}`) ?? []),
  ]);
}

async function readStored(problems: ReadonlyMap<string, string>): Promise<Stored> {
  const columns = [...Object.keys(loggedColumns), 'distribution', 'sampling_rate', 'extra'].join(', ');
  const rowsKey = "concat(toString(batch), ' ', filename) AS key";
  const lineKey = "concat(toString(batch), ' ', origin) AS key";
  return {
    problems,
    ledger: await readByKey(`
      SELECT origin AS key, toString(batch) AS batch, lines, rows, rejected, comments, first_time, last_time
      FROM ledger`),
    requests: await readByKey(
      `SELECT ${rowsKey}, ${columns} FROM requests ORDER BY time, request_id, path, query, tuple(*)`,
    ),
    logs: await readByKey(`
      SELECT ${rowsKey}, * EXCEPT (batch, object, line_number, filename, source_format, shape, time_from) FROM logs ORDER BY time, message, tuple(*)`),
    // Lines that are not UTF-8, or hold control characters, are shown in hexadecimal: JSON cannot hold their bytes.
    rejects: await readByKey(`
      SELECT ${lineKey}, line_number AS rejected, reason,
        if(isValidUTF8(line) AND NOT match(line, '[\\\\x00-\\\\x08\\\\x7f]'), line, concat('hex:', hex(line))) AS line
      FROM rejects ORDER BY line_number`),
    events: await readByKey(`SELECT ${lineKey}, name AS event, detail FROM events ORDER BY name`),
  };
}

async function readByKey(sql: string): Promise<Map<string, Row[]>> {
  const byKey = new Map<string, Row[]>();
  for (const { key, ...row } of await store.engine.rows<Row & { key: string }>({ sql })) {
    byKey.set(key, [...(byKey.get(key) ?? []), row]);
  }
  return byKey;
}

/** Rows without empty columns; equal ones once, with their count. */
function counted(rows: readonly Row[]): object[] {
  const texts = rows.map((row) => JSON.stringify(withoutDefaults(row)));
  return [...new Set(texts)].map((text) => {
    const times = texts.filter((other) => other === text).length;
    return times === 1 ? { row: JSON.parse(text) } : { times, row: JSON.parse(text) };
  });
}

function withoutDefaults(row: Row): Row {
  const isDefault = (name: string, value: unknown) =>
    value === '' || value === null || (value === 0 && name !== 'status') || (name === 'sampling_rate' && value === 100);
  const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return Object.fromEntries(Object.entries(row).filter(([name, value]) => !isDefault(name, value) && !isEmpty(value)));
}

function ndjson(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
