import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../engine/engine.ts';
import { openEngine } from '../../engine/open-engine.ts';
import type { GeoList } from './geo-list.ts';
import { loadGeoNetworks } from './load-geo-networks.ts';
import { makeMmdb } from './test-doubles/make-mmdb.ts';

const directory = mkdtempSync(join(tmpdir(), 'tailrace-geo-networks-test-'));
let engine: Engine;

beforeAll(async () => {
  engine = await openEngine({ directory: join(directory, 'store') });
});

afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

let folders = 0;

/** Writes files to a new folder and returns the path of the first. */
function write(files: Record<string, string | Buffer>): string {
  const folder = join(directory, `files-${folders++}`);
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return join(folder, Object.keys(files)[0] ?? '');
}

async function lookUp(list: GeoList, addresses: readonly string[]): Promise<unknown[]> {
  const rows = await engine.rows<{ value: unknown }>({
    sql: `
      SELECT dictGet('tailrace.geo_${list}', '${list}', toIPv6OrDefault(address)) AS value
      FROM (SELECT arrayJoin({addresses:Array(String)}) AS address)`,
    params: { addresses },
  });
  return rows.map(({ value }) => value);
}

async function storedPrefixes(): Promise<string[]> {
  const sql = 'SELECT prefix FROM tailrace.geo_networks ORDER BY prefix';
  return (await engine.rows<{ prefix: string }>({ sql })).map(({ prefix }) => prefix);
}

const locations = `geoname_id,locale_code,continent_code,continent_name,country_iso_code,country_name,is_in_european_union
2077456,en,OC,Oceania,AU,Australia,0
6252001,en,NA,"North America",US,"United States",0
6255148,en,EU,Europe,,,0
`;
const blocksHeader = 'network,geoname_id,registered_country_geoname_id,represented_country_geoname_id';

test('MaxMind’s CSV: both halves and the locations beside the named file', async () => {
  const city = write({
    'GeoLite2-Country-Blocks-IPv4.csv': `${blocksHeader}\r\n1.0.0.0/24,2077456,2077456,\r\n1.0.1.0/24,2077456,,\r\n3.0.0.0/8,6252001,,\r\n4.0.0.0/8,6255148,,\r\n5.0.0.0/8,,2077456,\r\n`,
    'GeoLite2-Country-Blocks-IPv6.csv': `${blocksHeader}\n2001:db8::/32,6252001,6252001,\n`,
    'GeoLite2-Country-Locations-en.csv': locations,
  });
  expect(await loadGeoNetworks(engine, { city })).toEqual(['country']);
  expect(
    await lookUp('country', [
      '1.0.0.9',
      '1.0.1.255',
      '1.0.2.0',
      '3.9.9.9',
      '4.0.0.1',
      '5.0.0.1',
      '2001:db8::1',
      '::ffff:3.0.0.1',
    ]),
  ).toEqual(['AU', 'AU', '', 'US', '', '', 'US', 'US']);
  expect(await lookUp('country', ['', '-', '1.0.0.x', '999.1.1.1', '1.0.0', '2001:db8::g'])).toEqual(Array(6).fill(''));
});

test('MaxMind’s CSV of autonomous systems, gzipped, with commas in names', async () => {
  const csv =
    'network,autonomous_system_number,autonomous_system_organization\n1.0.0.0/24,13335,"Cloudflare, Inc."\n2001:200::/32,2500,WIDE\n';
  expect(await loadGeoNetworks(engine, { asn: write({ 'asn.csv.gz': gzipSync(csv) }) })).toEqual(['asn']);
  expect(await lookUp('asn', ['1.0.0.1', '2001:200::1', '9.9.9.9'])).toEqual([13_335, 2500, 0]);
});

test('DB-IP’s CSV: ranges that are no prefixes, quoted or not', async () => {
  const city = write({
    'dbip.csv':
      '0.0.0.0,0.255.255.255,ZZ\n1.0.0.3,1.0.2.4,CN\n"1.0.2.5","1.0.2.5","AU"\n255.255.255.255,255.255.255.255,JP\n::,1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,ZZ\n2001:db8::5,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,DE\n',
  });
  await loadGeoNetworks(engine, { city });
  const answers = {
    '0.1.2.3': '',
    '1.0.0.2': '',
    '1.0.0.3': 'CN',
    '1.0.2.4': 'CN',
    '1.0.2.5': 'AU',
    '1.0.2.6': '',
    '255.255.255.255': 'JP',
    '2001:db8::4': '',
    '2001:db8::5': 'DE',
    'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff': 'DE',
  };
  expect(await lookUp('country', Object.keys(answers))).toEqual(Object.values(answers));
});

test('DB-IP’s city file has the continent first, its ASN file a number', async () => {
  const city = write({ 'city.csv': '1.0.0.0,1.0.0.255,OC,AU,Queensland,"South Brisbane",-27.4767,153.017\n' });
  const asn = write({ 'asn.csv': '1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."\n1.0.1.0,1.0.1.255,AS2,X\n' });
  expect(await loadGeoNetworks(engine, { city, asn })).toEqual(['country', 'asn']);
  expect(await lookUp('country', ['1.0.0.1'])).toEqual(['AU']);
  expect(await lookUp('asn', ['1.0.0.1', '1.0.1.1'])).toEqual([13_335, 2]);
});

test('of networks within each other the narrowest counts, also one of which nothing is known', async () => {
  const asn = write({
    'asn.csv':
      'network,autonomous_system_number\n10.0.0.0/8,1\n10.0.0.0/15,3\n10.0.0.0/16,2\n10.1.0.0/16,2\n10.2.0.0/15,2\n10.9.2.0/24,0\n10.9.2.3/32,5\n',
  });
  await loadGeoNetworks(engine, { asn });
  expect(await lookUp('asn', ['10.9.9.9', '10.0.0.1', '10.1.0.1', '10.9.2.1', '10.9.2.3'])).toEqual([1, 2, 2, 0, 5]);
});

test('any ranges: the boundaries of each answer as the file says', async () => {
  const offsets =
    fc.sample(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 400, maxLength: 400 }), {
      numRuns: 1,
      seed: 7,
    })[0] ?? [];
  const ranges: { first: number; last: number; asn: number }[] = [];
  let next = 16_777_216;
  for (const [index, size] of offsets.entries()) {
    const gap = index % 3 === 0 ? size % 7 : 0;
    ranges.push({ first: next + gap, last: next + gap + size, asn: (size % 3) + 1 });
    next += gap + size + 1;
  }
  const text = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
  const asn = write({
    'a.csv': ranges.map(({ first, last, asn }) => `${text(first)},${text(last)},${asn},X\n`).join(''),
  });
  await loadGeoNetworks(engine, { asn });
  const wanted = ranges.flatMap(({ first, last }) => [first - 1, first, last, last + 1]);
  const expected = wanted.map(
    (address) => ranges.find(({ first, last }) => first <= address && address <= last)?.asn ?? 0,
  );
  expect(await lookUp('asn', wanted.map(text))).toEqual(expected);
});

test('a MaxMind DB, gzipped too, with neighbours stored as one network', async () => {
  const bytes = makeMmdb([
    ['1.0.0.0/9', { country: { iso_code: 'AU' } }],
    ['1.128.0.0/9', { country: { iso_code: 'AU' } }],
    ['1.2.3.0/24', { country: { iso_code: 'DE' } }],
    ['2001:db8::/32', { country: { iso_code: 'JP' } }],
  ]);
  await engine.run({ sql: 'TRUNCATE TABLE tailrace.geo_networks' });
  for (const content of [bytes, gzipSync(bytes)]) {
    await loadGeoNetworks(engine, { city: write({ 'x.mmdb': content }) });
    expect(await lookUp('country', ['1.2.3.4', '1.2.4.4', '1.200.0.0', '2001:db8::1', '2.0.0.0', '::'])).toEqual([
      'DE',
      'AU',
      'AU',
      'JP',
      '',
      '',
    ]);
  }
  const simple = makeMmdb(
    [
      ['8.0.0.0/9', { autonomous_system_number: 7 }],
      ['8.128.0.0/9', { autonomous_system_number: 7 }],
    ],
    { addressBits: 32 },
  );
  await engine.run({ sql: 'TRUNCATE TABLE tailrace.geo_networks' });
  await loadGeoNetworks(engine, { asn: write({ 'asn.mmdb': simple }) });
  expect(await storedPrefixes()).toEqual(['8.0.0.0/8']);
});

test('a file is loaded again when it changed, and only then; old networks go', async () => {
  const loads = async () => {
    const sql = "SELECT count() AS loads FROM tailrace.geo_network_sets WHERE list = 'asn'";
    return (await engine.rows<{ loads: number }>({ sql }))[0]?.loads ?? 0;
  };
  const asn = write({ 'asn.csv': '1.0.0.0,1.0.0.255,11,X\n' });
  await loadGeoNetworks(engine, { asn });
  const before = await loads();
  await loadGeoNetworks(engine, { asn });
  expect(await loads()).toBe(before);
  writeFileSync(asn, '1.0.0.0,1.0.0.255,12,X\n');
  await loadGeoNetworks(engine, { asn });
  expect(await loads()).toBe(before + 1);
  expect(await lookUp('asn', ['1.0.0.1'])).toEqual([12]);
  const [kept] = await engine.rows<{ versions: number; lines: number }>({
    sql: `
      SELECT
        (SELECT uniqExact(version) FROM tailrace.geo_networks WHERE list = 'asn') AS versions,
        (SELECT count() FROM tailrace.geo_network_lines) + (SELECT count() FROM tailrace.geo_locations) AS lines`,
  });
  expect(kept).toEqual({ versions: 1, lines: 0 });
});

const blocks = { 'A-Blocks-IPv4.csv': `${blocksHeader}\n1.0.0.0/24,1,,\n` };

test.each<[name: string, files: Record<string, string | Buffer>, message: RegExp]>([
  ['empty', { 'a.csv': '' }, /it is empty; replace it/],
  ['zip', { 'a.csv': 'PK\x03\x04...' }, /it is a zip archive; unpack it/],
  [
    'other text',
    { 'a.csv': 'hello\nworld\n' },
    /its first line "hello" is not that of a CSV file.*country; name a \.mmdb/,
  ],
  ['the other list', { 'a.csv': '1.0.0.0,1.0.0.255,13335,X\n' }, /names each network's country/],
  ['no locations', blocks, /there is no file "A-Locations-en\.csv" beside it/],
  [
    'other locations',
    { ...blocks, 'A-Locations-en.csv': 'a,b\n' },
    /A-Locations-en\.csv": it has no columns "geoname_id"/,
  ],
  [
    'no known country',
    { ...blocks, 'A-Locations-en.csv': locations },
    /names no network's country; name another file as geoip\.city/,
  ],
  [
    'a damaged line',
    { 'a.csv': '1.0.0.0,1.0.0.255,AU\n1.0.1.0,1.0.\n' },
    /line 2 "1\.0\.1\.0,1\.0\." holds no network/,
  ],
  ['a range backwards', { 'a.csv': '1.0.0.9,1.0.0.1,AU\n' }, /line 1 .* holds no network/],
  [
    'a cut gzip',
    { 'a.csv.gz': gzipSync('1.0.0.0,1.0.0.255,AU\n'.repeat(9)).subarray(0, -4) },
    /its gzip data ends too early; replace it/,
  ],
  [
    'a cut MaxMind DB',
    { 'a.mmdb': makeMmdb([['1.0.0.0/24', 'AU']]).subarray(0, 300) },
    /a\.mmdb": it is not a MaxMind DB, or only a part/,
  ],
  ['MaxMind DB, other list', { 'a.mmdb': makeMmdb([['1.0.0.0/24', { asn: 1 }]]) }, /names no network's country/],
])('%s', async (_, files, message) => {
  const good = write({ 'good.csv': '1.0.0.0,1.0.0.255,AU\n' });
  await loadGeoNetworks(engine, { city: good });
  const error = await loadGeoNetworks(engine, { city: write(files) }).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: 'TAILRACE_INPUT_UNREADABLE', message: expect.stringMatching(message) });
  expect(String(error)).toMatch(/cannot read the (GeoIP )?file ".+": .+; .+/);
  expect(await lookUp('country', ['1.0.0.1'])).toEqual(['AU']);
});

test('a file that is not there, and a directory', async () => {
  await expect(loadGeoNetworks(engine, { asn: join(directory, 'no.mmdb') })).rejects.toThrow(
    /cannot read the GeoIP file ".*no\.mmdb": there is no such file; check the path/,
  );
  await expect(loadGeoNetworks(engine, { asn: directory })).rejects.toThrow(/it is a directory; name/);
  expect(await loadGeoNetworks(engine, {})).toEqual([]);
});
