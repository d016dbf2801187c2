import type { Statement } from '../../engine/engine.ts';
import { type DictionaryReader, literal, tableSource } from '../dictionary-source.ts';
import { type GeoList, geoLists } from './geo-list.ts';

/** The tables of network data; created when a file is configured for the first time. */
export const geoTables: readonly Statement[] = [
  {
    sql: `
      CREATE TABLE IF NOT EXISTS tailrace.geo_networks
      (
        list    LowCardinality(String) COMMENT 'What is known: country or asn',
        version String COMMENT 'The file that says so; see geo_network_sets',
        prefix  String COMMENT 'The network, e.g. 192.0.2.0/24; the longest that holds an address counts',
        country LowCardinality(String) COMMENT 'ISO 3166 alpha-2 code; empty in the list asn, or when not known',
        asn     UInt32 COMMENT 'Autonomous system number; 0 in the list country, or when not known'
      )
      ENGINE = MergeTree
      PARTITION BY (list, version)
      ORDER BY prefix`,
  },
  {
    sql: `
      CREATE TABLE IF NOT EXISTS tailrace.geo_network_sets
      (
        list      LowCardinality(String),
        version   String COMMENT 'Hash of the files',
        path      String COMMENT 'The file that was named',
        networks  UInt64,
        loaded_at DateTime64(3, 'UTC')
      )
      ENGINE = MergeTree
      ORDER BY (list, loaded_at)`,
  },
  // Staging for the lines of a file. Several processes may load at once, so each load has its own rows.
  {
    sql: `
      CREATE TABLE IF NOT EXISTS tailrace.geo_network_lines
      (
        load        UUID,
        at          DateTime('UTC') DEFAULT now('UTC'),
        object      UInt32,
        line_number UInt64,
        first       UInt128 COMMENT 'First address; those of IPv4 as ::ffff:a.b.c.d',
        last        UInt128 COMMENT 'Last address, this one included',
        value       String COMMENT 'As in the file',
        problem     String COMMENT 'The line, when it holds no network'
      )
      ENGINE = MergeTree
      PARTITION BY load
      ORDER BY (first, line_number)
      TTL at + INTERVAL 1 DAY`,
  },
  {
    sql: `
      CREATE TABLE IF NOT EXISTS tailrace.geo_locations
      (
        load    UUID,
        at      DateTime('UTC') DEFAULT now('UTC'),
        id      String,
        country String
      )
      ENGINE = MergeTree
      PARTITION BY load
      ORDER BY id
      TTL at + INTERVAL 1 DAY`,
  },
];

/** The dictionary `geo_country` or `geo_asn` over one version; loaded into memory at the first look-up. */
export function geoDictionary(list: GeoList, version: string, reader: DictionaryReader | undefined): Statement {
  const where = `list = ${literal(list)} AND version = ${literal(version)}`;
  // Dictionary attributes cannot be LowCardinality.
  const type = list === 'country' ? 'String' : geoLists[list].type;
  return {
    sql: `
      CREATE OR REPLACE DICTIONARY tailrace.geo_${list} (prefix String, ${list} ${type} DEFAULT ${geoLists[list].unknown})
      PRIMARY KEY prefix
      ${tableSource({ table: 'geo_networks', reader, where })}
      LAYOUT(IP_TRIE())
      LIFETIME(0)`,
  };
}
