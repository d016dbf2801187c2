import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineDestinations } from '../../src/cli/destination-definitions.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { Destinations } from '../../src/destinations/run-destinations.ts';
import { formats } from '../../src/formats/catalog.ts';
import { untilDelivered } from '../conformance/delivery-trial.ts';
import { ShippedStore } from '../conformance/shipped-store.ts';

const readers = process.env.TAILRACE_TEST_READERS ?? '';
if (!readers) console.warn('skipped: other readers of archives, because TAILRACE_TEST_READERS is not set');

let store: ShippedStore;
beforeAll(async () => {
  store = await ShippedStore.open();
});
afterAll(() => store?.close());

/** Delivers all that is stored. @returns the folder */
async function archive(format: string): Promise<string> {
  const folder = store.scratch.folder();
  const section = { type: 'archive', to: { type: 'folder', path: folder }, format, from: 'beginning' };
  const options = { file: 'tailrace.yaml', environment: {}, formats, baseDirectory: folder };
  const { destinations } = parseConfig(JSON.stringify({ destinations: { [`of-${format}`]: section } }), options);
  const running = new Destinations(
    { engine: store.engine, spoolDirectory: store.scratch.folder() },
    await defineDestinations(destinations),
  );
  await untilDelivered(running);
  await running.stop();
  return folder;
}

async function sums() {
  const sql = `SELECT count() AS rows, sum(bytes_sent) AS bytes, sum(status) AS statuses, uniqExact(path) AS paths,
    sum(length(path)) AS letters FROM requests`;
  return (await store.engine.rows<Record<string, number>>({ sql }))[0];
}

function ask(script: string, ...more: string[]): Record<string, unknown> {
  return JSON.parse(execFileSync(readers, ['-c', script, ...more], { encoding: 'utf8' }));
}

test('zcat and jq read the lines, and find as much as is stored', async () => {
  const folder = await archive('ndjson');
  const program =
    '{rows: length, bytes: map(.bytes_sent) | add, statuses: map(.status) | add, paths: map(.path) | unique | length, letters: map(.path | utf8bytelength) | add}';
  const pipe = `find ${folder}/requests -name '*.gz' | xargs zcat | jq -cs '${program}'`;
  expect(JSON.parse(execFileSync('sh', ['-c', pipe], { encoding: 'utf8' }))).toEqual(await sums());
});

describe.skipIf(!readers)('Parquet', () => {
  let archived: string | undefined;
  const folder = async () => {
    archived ??= await archive('parquet');
    return archived;
  };

  test('DuckDB reads it by its partitions, and finds as much as is stored', async () => {
    const script = `
import duckdb, json, sys
files = f"read_parquet('{sys.argv[1]}/requests/*/*/*.parquet')"
sums = "count(*) AS rows, sum(bytes_sent)::BIGINT AS bytes, sum(status)::BIGINT AS statuses, count(DISTINCT path) AS paths, sum(strlen(path))::BIGINT AS letters"
table = duckdb.connect().execute(f"SELECT {sums} FROM {files} WHERE dt = '2026-03-01' AND hour = 10")
print(json.dumps(dict(zip([column[0] for column in table.description], table.fetchone()))))`;
    expect(ask(script, await folder())).toEqual(await sums());
  });

  test('PyArrow finds types that all readers know', async () => {
    const script = `
import json, pyarrow.dataset, sys
schema = pyarrow.dataset.dataset(sys.argv[1], format="parquet").schema
print(json.dumps({str(field.type) for field in schema}, default=sorted))`;
    for (const table of ['requests', 'logs']) {
      const types = ask(script, join(await folder(), table)) as unknown as string[];
      const known = ['bool', 'double', 'int32', 'int64', 'string', 'timestamp[ms, tz=UTC]'];
      expect(types.filter((type) => !known.includes(type) && !type.startsWith('map<string, string'))).toEqual([]);
    }
  });
});
