import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type GeoFile, openGeoFile, unusableGeoFile } from './geo-file.ts';
import { type GeoList, geoLists } from './geo-list.ts';

/** Column positions of a CSV file, counted from 1. */
export interface CsvLayout {
  /** One column with `address/bits`, or two with the first and the last address. */
  readonly network: readonly [column: number] | readonly [first: number, last: number];
  readonly value: number;
  /** The value is a `geoname_id` that refers to the locations file. */
  readonly byLocation: boolean;
  readonly hasHeader: boolean;
}

/** A CSV database: all files that belong to it. */
export interface CsvDatabase {
  readonly layout: CsvLayout;
  /** Files of networks, all with the layout. */
  readonly networks: readonly GeoFile[];
  readonly locations?: { readonly file: GeoFile; readonly id: number; readonly country: number };
}

/**
 * Detects the kind of CSV and the sibling files that belong to it.
 *
 * - MaxMind: `…-Blocks-IPv4.csv` and `…-Blocks-IPv6.csv`, naming either, and `…-Locations-<language>.csv`
 *   (https://dev.maxmind.com/geoip/docs/databases/city-and-country/#csv-databases).
 * - DB-IP: no header; `first,last,country`, `first,last,continent,country,…` (city) or `first,last,number,organization`
 *   (https://db-ip.com/db/format/ip-to-country-lite/csv.html).
 *
 * @throws EngineError `TAILRACE_INPUT_UNREADABLE` when it is neither, holds the other list, or lacks its locations
 */
export function findCsvDatabase(file: GeoFile, list: GeoList): CsvDatabase {
  const [head = ''] = file.sample
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/, 1);
  const cells = head.split(',').map((cell) => cell.replace(/^"|"$/g, ''));
  const layout = cells.includes('network') ? maxmindLayout(cells, list) : rangeLayout(cells, list);
  if (layout === undefined) {
    throw unusableGeoFile(
      file.path,
      `its first line "${head.slice(0, 80)}" is not that of a CSV file which names each network's ${geoLists[list].noun}`,
      'name a .mmdb file, or a CSV file of MaxMind or DB-IP',
    );
  }
  const networks = [file, ...findSiblings(file)];
  return layout.byLocation ? { layout, networks, locations: findLocations(file) } : { layout, networks };
}

function maxmindLayout(header: readonly string[], list: GeoList): CsvLayout | undefined {
  const network: [number] = [header.indexOf('network') + 1];
  const columnOf = (name: string) => header.indexOf(name) + 1;
  if (list === 'asn') {
    const value = columnOf('autonomous_system_number');
    return value > 0 ? { network, value, byLocation: false, hasHeader: true } : undefined;
  }
  const value = columnOf('geoname_id');
  return value > 0 ? { network, value, byLocation: true, hasHeader: true } : undefined;
}

function rangeLayout(cells: readonly string[], list: GeoList): CsvLayout | undefined {
  const [first = '', last = '', third = '', fourth = ''] = cells;
  if (!isAddress(first) || !isAddress(last)) return undefined;
  const layout = { network: [1, 2], byLocation: false, hasHeader: false } as const;
  if (list === 'asn') return /^(AS)?\d+$/.test(third) ? { ...layout, value: 3 } : undefined;
  // DB-IP's city file has the continent's code, also two letters, before the country's.
  if (cells.length >= 8 && isCountry(third) && isCountry(fourth)) return { ...layout, value: 4 };
  return isCountry(third) ? { ...layout, value: 3 } : undefined;
}

function isAddress(text: string): boolean {
  return /^(\d{1,3}(\.\d{1,3}){3}|[\da-f.]*:[\da-f:.]*)$/i.test(text);
}

function isCountry(text: string): boolean {
  return /^[A-Z]{2}$/.test(text);
}

/** The other file of a database that is split by IP version. */
function findSiblings(file: GeoFile): GeoFile[] {
  const [, version] = /-Blocks-IPv([46])\.csv/.exec(basename(file.path)) ?? [];
  if (version === undefined) return [];
  const name = basename(file.path).replace(/-Blocks-IPv[46]\./, `-Blocks-IPv${version === '4' ? 6 : 4}.`);
  const path = join(dirname(file.path), name);
  return existsSync(path) ? [openGeoFile(path)] : [];
}

function findLocations(file: GeoFile): NonNullable<CsvDatabase['locations']> {
  const [stem] = basename(file.path).split('-Blocks-');
  const languages = ['en', 'de', 'es', 'fr', 'ja', 'pt-BR', 'ru', 'zh-CN'];
  const names = languages.flatMap((language) => [
    `${stem}-Locations-${language}.csv`,
    `${stem}-Locations-${language}.csv.gz`,
  ]);
  const path = names.map((name) => join(dirname(file.path), name)).find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw unusableGeoFile(
      file.path,
      `there is no file "${names[0]}" beside it, which says what its geoname_id stand for`,
      'put it there',
    );
  }
  const locations = openGeoFile(path);
  const header = locations.sample.toString('utf8').split(/\r?\n/, 1)[0]?.split(',') ?? [];
  const [id, country] = [header.indexOf('geoname_id') + 1, header.indexOf('country_iso_code') + 1];
  if (id === 0 || country === 0) {
    throw unusableGeoFile(
      path,
      'it has no columns "geoname_id" and "country_iso_code"',
      'replace it by a complete copy',
    );
  }
  return { file: locations, id, country };
}
