import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { runScenario } from '../../src/windows/test-doubles/scenario.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.warn('skipped: windows in a ClickHouse server, because TAILRACE_TEST_CLICKHOUSE_URL is not set');

describe.skipIf(!url)('windows in a ClickHouse server', () => {
  const database = `tailrace_windows_${process.pid}`;
  const admin = createClient(url === undefined ? {} : { url });
  const directory = mkdtempSync(join(tmpdir(), 'tailrace-server-windows-'));
  let store: Store;

  beforeAll(async () => {
    // Its tables for enrichment serve stores in other databases too.
    await (await openStore({ url: url ?? '' })).close();
    store = await openStore({ url: url ?? '', database });
  });

  afterAll(async () => {
    await store.close();
    await admin.command({ query: `DROP DATABASE IF EXISTS ${database}` });
    await admin.command({ query: `DROP USER IF EXISTS tailrace_question_${database}` });
    await admin.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test.each(['restart', 'late-rows-correct', 'hopping', 'sessions', 'over-rows'])('%s', async (name) => {
    const file = join(import.meta.dirname, `../../src/windows/testdata/${name}.txt`);
    const text = readFileSync(file, 'utf8');
    for (const table of ['requests', 'ledger', 'plans']) await store.engine.run({ sql: `TRUNCATE TABLE ${table}` });
    expect(await runScenario(store.engine, directory, text.trimEnd())).toBe(text.trimEnd());
  });
});
