import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestFiles } from '../../pipeline/ingest-files.ts';
import { enrichmentViews } from '../enrich.ts';
import { openStore } from '../open-store.ts';
import type { GeoFiles } from './geo-list.ts';

const directory = mkdtempSync(join(tmpdir(), 'tailrace-geo-enrichment-test-'));
const city = join(directory, 'city.csv');
const asn = join(directory, 'asn.csv');

beforeAll(() => {
  writeFileSync(
    city,
    '203.0.113.0,203.0.113.255,AU\n2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,JP\n::,::ffff,DE\n',
  );
  writeFileSync(asn, '203.0.113.0,203.0.113.127,64500,Example\n');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const log = `#Version: 1.0
#Fields: date time x-edge-request-id cs-uri-stem sc-status c-ip c-country asn
2026-03-01\t10:00:00\ta1\t/\t200\t203.0.113.9\t-\t-
2026-03-01\t10:00:00\ta2\t/\t200\t203.0.113.200\t-\t-
2026-03-01\t10:00:00\ta3\t/\t200\t203.0.113.9\tFR\t-
2026-03-01\t10:00:00\ta4\t/\t200\t203.0.113.9\t-\t64999
2026-03-01\t10:00:00\ta5\t/\t200\t203.0.113.9\tFR\t64999
2026-03-01\t10:00:00\ta6\t/\t200\t2001:db8::1\t-\t-
2026-03-01\t10:00:00\ta7\t/\t200\t203.0.113.xxx\t-\t-
2026-03-01\t10:00:00\ta8\t/\t200\t-\t-\t-
2026-03-01\t10:00:00\ta9\t/\t200\t198.51.100.1\t-\t-
`;

/** Country and autonomous system of each row, in a separate store. */
async function ingest(name: string, geoip?: GeoFiles): Promise<unknown[]> {
  const path = join(directory, `${name}.log`);
  writeFileSync(path, log);
  const store = await openStore({ directory: join(directory, 'store') }, { geoip });
  try {
    await ingestFiles(store, [path], { hints: {} });
    const rows = await store.engine.rows<{ country: string; asn: number }>({
      sql: `
        SELECT country, asn
        FROM requests
        WHERE filename LIKE {name:String}
        ORDER BY request_id`,
      params: { name: `%${name}.log` },
    });
    return rows.map(({ country, asn: number }) => `${country} ${number}`);
  } finally {
    await store.close();
  }
}

test('country and autonomous system come from the address where the log has none', async () => {
  expect(await ingest('both', { city, asn })).toEqual([
    'AU 64500',
    'AU 0',
    'FR 64500',
    'AU 64999',
    'FR 64999',
    'JP 0',
    ' 0',
    ' 0',
    ' 0',
  ]);
});

test('one file alone', async () => {
  expect((await ingest('asn-only', { asn })).slice(0, 3)).toEqual([' 64500', ' 0', 'FR 64500']);
  expect((await ingest('city-only', { city, asn: undefined })).slice(0, 3)).toEqual(['AU 0', 'AU 0', 'FR 0']);
});

test('without files nothing is looked up, even where networks were loaded before', async () => {
  expect((await ingest('none')).slice(0, 4)).toEqual([' 0', ' 0', 'FR 0', ' 64999']);
  expect(enrichmentViews().join()).not.toContain('geo_');
});

test('a file that cannot be read keeps the store from opening, and leaves its directory free', async () => {
  const opened = openStore({ directory: join(directory, 'store') }, { geoip: { city: join(directory, 'no.mmdb') } });
  await expect(opened).rejects.toThrow(/cannot read the GeoIP file ".*no\.mmdb": there is no such file/);
  expect((await ingest('after', { city }))[0]).toBe('AU 0');
});
