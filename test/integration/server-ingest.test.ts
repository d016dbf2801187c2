import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingestFiles } from '../../src/pipeline/ingest-files.ts';
import { expandPaths } from '../../src/sources/files/expand-paths.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.warn('skipped: ingest into a ClickHouse server, because TAILRACE_TEST_CLICKHOUSE_URL is not set');

describe.skipIf(!url)('ingest into a ClickHouse server', () => {
  let store: Store;

  beforeAll(async () => {
    store = await openStore({ url: url ?? '' });
  });

  afterAll(() => store?.close());

  test('stores the shipped logs like the embedded engine, each once', async () => {
    const { files } = await expandPaths([
      fileURLToPath(new URL('../../examples/logs/simulated-edge', import.meta.url)),
    ]);
    const first = await ingestFiles(store, files);
    const counts = { files: 96, lines: 10_192, rows: 9_995, rejected: 5, comments: 192, failed: [] };
    // The server may have been used before: then all of it is known.
    if (first.known === 0) expect(first).toMatchObject(counts);
    expect(await ingestFiles(store, files)).toMatchObject({ known: 96, rows: 0, failed: [] });
    const [books] = await store.engine.rows({
      sql: `
        SELECT sum(lines) AS lines, sum(rows) AS rows, sum(rejected) AS rejected,
          (SELECT count() FROM requests WHERE distribution = 'E2EXAMPLE1DEMO') AS stored,
          (SELECT uniqExact(request_id) FROM requests WHERE distribution = 'E2EXAMPLE1DEMO') AS different,
          (SELECT countIf(is_bot) > 1000 FROM requests WHERE distribution = 'E2EXAMPLE1DEMO') AS bots
        FROM ledger WHERE position(origin, 'simulated-edge') > 0`,
    });
    expect(books).toEqual({ lines: 10_192, rows: 9_995, rejected: 5, stored: 9_995, different: 9_995, bots: 1 });
  });
});
