/**
 * What finds a rare value of `requests` without reading its column everywhere. The engine applies an index by itself, also to the SQL
 * that people write, and reads rows that it does not exclude: an answer never depends on it. Costs and gains: docs/decisions/0029.
 */
export const searchIndexes: readonly { readonly name: string; readonly sql: string }[] = [
  /** 12 bits a row; of 10,000 granules without the id, 37 are read in vain. */
  { name: 'request_id_filter', sql: 'request_id TYPE bloom_filter(0.004) GRANULARITY 1' },
  /** An address has rows in few of the hours in whose order it is sought. Takes one bit a row: a granule has few addresses. */
  { name: 'client_ip_filter', sql: 'client_ip TYPE bloom_filter(0.01) GRANULARITY 1' },
  /** All parts of three bytes of the paths of a granule. Patterns: src/engine/question/doubtful-patterns.ts. */
  { name: 'path_parts', sql: 'path TYPE ngrambf_v1(3, 4096, 2, 0) GRANULARITY 1' },
];

/** Those that take too long for an INSERT. */
export const builtByMerges: readonly string[] = ['path_parts'];

/** Older stores had a filter of 8 bits a row, which excluded too little; two filters would cost the bytes of both. */
export const requestIdUpgrade: readonly string[] = [
  // By default it waits until no merge of the table runs any more.
  'ALTER TABLE requests DROP INDEX IF EXISTS request_id_bloom SETTINGS alter_sync = 0',
  ...addIndex('request_id_filter'),
];

export const clientAddressUpgrade: readonly string[] = addIndex('client_ip_filter');
export const pathUpgrade: readonly string[] = addIndex('path_parts');

/** The engine builds it for existing parts in the background; until then it reads those parts without it. */
function addIndex(wanted: string): readonly string[] {
  return searchIndexes
    .filter(({ name }) => name === wanted)
    .flatMap(({ name, sql }) => [
      `ALTER TABLE requests ADD INDEX IF NOT EXISTS ${name} ${sql}`,
      `ALTER TABLE requests MATERIALIZE INDEX ${name} SETTINGS mutations_sync = 0`,
    ]);
}
