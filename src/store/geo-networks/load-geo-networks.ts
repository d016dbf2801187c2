import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Engine } from '../../engine/engine.ts';
import type { DictionaryReader } from '../dictionary-source.ts';
import { type CsvDatabase, findCsvDatabase } from './csv-layout.ts';
import { checkGzip, type GeoFile, hashFiles, openGeoFile, unusableGeoFile } from './geo-file.ts';
import { type GeoFiles, type GeoList, geoLists } from './geo-list.ts';
import { geoDictionary, geoTables } from './geo-tables.ts';
import { readMmdbNetworks } from './mmdb-networks.ts';
import { insertLocations, insertNetworkLines } from './network-lines.ts';
import { findNested, storeNetworks } from './store-networks.ts';

/** Part of each version: raise it to reload files when their processing changes. */
const loaderVersion = '1';

/**
 * Loads the networks of the files into the dictionaries `geo_country` and `geo_asn`. A file whose
 * content is already loaded is only read once.
 *
 * @param reader user as whom a server's dictionaries read the table
 * @returns the lists with a file
 * @throws EngineError `TAILRACE_INPUT_UNREADABLE` for a file that is missing, damaged, or of the wrong kind; the
 *   previous data remain loaded then
 */
export async function loadGeoNetworks(engine: Engine, files: GeoFiles, reader?: DictionaryReader): Promise<GeoList[]> {
  const lists = (Object.keys(geoLists) as GeoList[]).filter((list) => files[geoLists[list].option] !== undefined);
  if (lists.length === 0) return [];
  for (const statement of geoTables) await engine.run(statement);
  for (const list of lists) {
    const version = await loadList(engine, list, files[geoLists[list].option] ?? '');
    await engine.run(geoDictionary(list, version, reader));
    await dropOtherVersions(engine, list, version);
  }
  return lists;
}

async function loadList(engine: Engine, list: GeoList, path: string): Promise<string> {
  const file = openGeoFile(path);
  const database = file.content === 'csv' ? findCsvDatabase(file, list) : undefined;
  const parts = database ? partsOf(database) : [file];
  const version = await hashFiles(
    parts.map((part) => part.path),
    `${loaderVersion}:${list}`,
  );
  if ((await currentVersion(engine, list)) === version) return version;
  for (const part of parts) await checkGzip(part);
  await dropVersion(engine, list, version);
  const load = randomUUID();
  try {
    if (database) await insertCsv(engine, database, load);
    else await insertMmdb(engine, file, list, load);
    await checkLines(engine, database?.networks ?? [file], load);
    const [found] = await engine.rows<{ nested: number }>(findNested(load));
    await engine.run(storeNetworks(list, version, load, Boolean(found?.nested)));
  } finally {
    await engine.run({ sql: 'ALTER TABLE tailrace.geo_network_lines DROP PARTITION {load:UUID}', params: { load } });
    await engine.run({ sql: 'ALTER TABLE tailrace.geo_locations DROP PARTITION {load:UUID}', params: { load } });
  }
  await recordVersion(engine, list, version, path);
  return version;
}

function partsOf({ networks, locations }: CsvDatabase): GeoFile[] {
  return locations ? [...networks, locations.file] : [...networks];
}

async function insertCsv(engine: Engine, { layout, networks, locations }: CsvDatabase, load: string): Promise<void> {
  await engine.insertFrom({ kind: 'lines', files: networks }, (source) => insertNetworkLines(source, layout, load));
  if (locations === undefined) return;
  await engine.insertFrom({ kind: 'lines', files: [locations.file] }, (source) =>
    insertLocations(source, locations, load),
  );
}

/** Converts a MaxMind DB to a temporary file of lines `prefix,value`, which the engine reads like any CSV. */
async function insertMmdb(engine: Engine, file: GeoFile, list: GeoList, load: string): Promise<void> {
  const lines = await readMmdbLines(file, list);
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-geo-networks-'));
  try {
    const path = join(directory, 'networks.csv');
    await writeFile(path, lines);
    const layout = { network: [1], value: 2, byLocation: false, hasHeader: false } as const;
    await engine.insertFrom({ kind: 'lines', files: [{ path, gzip: false }] }, (source) =>
      insertNetworkLines(source, layout, load),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function readMmdbLines(file: GeoFile, list: GeoList): Promise<string> {
  try {
    const bytes = await readFile(file.path);
    const networks = readMmdbNetworks(file.gzip ? gunzipSync(bytes) : bytes, list);
    return networks.map(([prefix, value]) => `${prefix},${value}\n`).join('');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unusableGeoFile(file.path, reason, 'replace it by a complete copy of a .mmdb or .csv file', cause);
  }
}

async function checkLines(engine: Engine, files: readonly GeoFile[], load: string): Promise<void> {
  const [bad] = await engine.rows<{ object: number; line: number; problem: string }>({
    sql: `
      SELECT object, line_number + 1 AS line, problem
      FROM tailrace.geo_network_lines
      WHERE load = {load:UUID} AND problem != ''
      ORDER BY object, line_number
      LIMIT 1`,
    params: { load },
  });
  if (bad === undefined) return;
  const path = files[bad.object - 1]?.path ?? '';
  throw unusableGeoFile(path, `line ${bad.line} "${bad.problem}" holds no network`, 'replace it by a complete copy');
}

async function currentVersion(engine: Engine, list: GeoList): Promise<string | undefined> {
  const [current] = await engine.rows<{ version: string }>({
    sql: `
      SELECT argMax(version, loaded_at) AS version
      FROM tailrace.geo_network_sets
      WHERE list = {list:String}`,
    params: { list },
  });
  return current?.version;
}

/** Makes the version current. @throws EngineError when the file has no values for the list */
async function recordVersion(engine: Engine, list: GeoList, version: string, path: string): Promise<void> {
  const [found] = await engine.rows<{ networks: number; known: number }>({
    sql: `
      SELECT count() AS networks, countIf(country != '' OR asn != 0) AS known
      FROM tailrace.geo_networks
      WHERE list = {list:String} AND version = {version:String}`,
    params: { list, version },
  });
  if (!found?.known) {
    const { option, noun } = geoLists[list];
    throw unusableGeoFile(path, `it names no network's ${noun}`, `name another file as geoip.${option}`);
  }
  await engine.run({
    sql: `
      INSERT INTO tailrace.geo_network_sets (list, version, path, networks, loaded_at)
      SELECT {list:String}, {version:String}, {path:String}, {networks:UInt64}, now64(3)`,
    params: { list, version, path, networks: found.networks },
  });
}

async function dropOtherVersions(engine: Engine, list: GeoList, version: string): Promise<void> {
  const others = await engine.rows<{ version: string }>({
    sql: `
      SELECT DISTINCT version
      FROM tailrace.geo_networks
      WHERE list = {list:String} AND version != {version:String}`,
    params: { list, version },
  });
  for (const other of others) await dropVersion(engine, list, other.version);
}

async function dropVersion(engine: Engine, list: GeoList, version: string): Promise<void> {
  await engine.run({
    sql: 'ALTER TABLE tailrace.geo_networks DROP PARTITION ({list:String}, {version:String})',
    params: { list, version },
  });
}
