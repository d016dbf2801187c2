import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classicQueries } from '../../bench/classic-queries.ts';
import { exportHours } from '../../src/lake/export-hours.ts';
import { FolderLake } from '../../src/lake/folder-lake.ts';
import { lakeDdl } from '../../src/lake/lake-ddl.ts';
import { storeRandomRequests } from '../../src/reports/test-doubles/random-requests.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { copyPreparedStore } from '../prepared-store.ts';

const readers = process.env.TAILRACE_TEST_READERS ?? '';
if (!readers) console.warn('skipped: other readers of lakes, because TAILRACE_TEST_READERS is not set');

describe.skipIf(!readers)('a lake', () => {
  const root = mkdtempSync(join(tmpdir(), 'tailrace-lake-readers-'));
  let store: Store;

  beforeAll(async () => {
    store = await openStore({ directory: copyPreparedStore(join(root, 'store')) });
    await storeRandomRequests(store.engine, { first: 0, count: 3000, hours: 26, batch: 1 });
    const lake = new FolderLake({ type: 'folder', path: join(root, 'lake') });
    const range = { fromMs: 0, toMs: Date.UTC(2027, 0, 1) };
    await lake.open();
    await exportHours(store.engine, lake, { tables: ['requests'], range, mask: {} }, new AbortController().signal);
    await lake.close();
  });
  afterAll(async () => {
    await store?.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** Rows, with all numbers as numbers and the rest as text. */
  function askPython(script: string, ...more: string[]): unknown[][] {
    return JSON.parse(execFileSync(readers, ['-c', script, ...more], { encoding: 'utf8', cwd: root }));
  }

  async function askStore(sql: string): Promise<unknown[][]> {
    return (await store.engine.rows<Record<string, unknown>>({ sql })).map((row) => Object.values(row));
  }

  const duckDb = `
import duckdb, json, sys
connection = duckdb.connect()
connection.execute("SET TimeZone = 'UTC'")
for statement in sys.argv[1:]: answer = connection.execute(statement)
print(json.dumps(answer.fetchall(), default=lambda value: int(value) if hasattr(value, 'is_integer') else str(value)))`;
  const requests = `CREATE VIEW requests AS SELECT * FROM read_parquet('lake/requests/*/*/*.parquet', hive_partitioning = true)`;

  test('is read by DuckDB with the line of the documentation', async () => {
    const document = readFileSync(new URL('../../docs/lake.md', import.meta.url), 'utf8');
    const [line = ''] = /^SELECT .* FROM read_parquet\(.*$/m.exec(document) ?? [];
    const expected = `SELECT status, count() AS n FROM requests WHERE toDate(time) = '2026-03-01' GROUP BY status ORDER BY status`;
    expect(askPython(duckDb, line)).toEqual(await askStore(expected));
  });

  test.each(classicQueries)(
    'answers the classic query $name in DuckDB, over the view that Athena gets',
    async ({ sql }) => {
      const view = lakeDdl({ location: 's3://b/', tables: ['requests'], firstDay: '2026-01-01' }).at(-1) ?? '';
      const sorted = (rows: unknown[][]) => rows.map((row) => JSON.stringify(row)).toSorted();
      expect(sorted(askPython(duckDb, requests, view, sql))).toEqual(sorted(await askStore(sql)));
    },
  );

  test('is read by PyArrow, and has as much as the table', async () => {
    const script = `
import json, pyarrow.compute as pc, pyarrow.dataset
rows = pyarrow.dataset.dataset('lake/requests', format='parquet', partitioning='hive').to_table()
print(json.dumps([[rows.num_rows, pc.sum(rows['bytes_sent']).as_py(), pc.sum(rows['status']).as_py(), pc.count_distinct(rows['path']).as_py()]]))`;
    const expected = 'SELECT count(), sum(bytes_sent), sum(status), uniqExact(path) FROM requests';
    expect(askPython(script)).toEqual(await askStore(expected));
  });
});
