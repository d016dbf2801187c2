/**
 * What finds a rare value of `requests` without reading its column everywhere. The engine applies an index by itself, also to the SQL
 * that people write, and reads rows that it does not exclude: an answer never depends on it. Costs and gains: docs/decisions/0029.
 */
export const searchIndexes: readonly { readonly name: string; readonly sql: string }[] = [
  /** An address has rows in few of the hours in whose order it is sought. Takes one bit a row: a granule has few addresses. */
  { name: 'client_ip_filter', sql: 'client_ip TYPE bloom_filter(0.01) GRANULARITY 1' },
  /** All parts of three bytes of the paths of a granule. Patterns: src/engine/question/doubtful-patterns.ts. */
  { name: 'path_parts', sql: 'path TYPE ngrambf_v1(3, 4096, 2, 0) GRANULARITY 1' },
  /**
   * 3 and 10 bits a row. The second is read only where the first does not exclude the granule, which it does of three in four;
   * of 10,000 granules without the id, some 25 are read in vain. With 9 bits it would be 70: the engine takes one hash modulo the
   * size of each filter, so where one size divides the other, both err about the same ids.
   */
  { name: 'request_id_first', sql: 'request_id TYPE bloom_filter(0.25) GRANULARITY 1' },
  { name: 'request_id_last', sql: 'request_id TYPE bloom_filter(0.009) GRANULARITY 1' },
];

/** Those that take too long for an INSERT. */
export const builtByMerges: readonly string[] = ['path_parts'];

/** Older stores had a filter of 8 bits a row, then one of 12, then one of 9 after the first. By default this waits until no merge of the table runs any more. */
const dropFormer = (name: string) => `ALTER TABLE requests DROP INDEX IF EXISTS ${name} SETTINGS alter_sync = 0`;

export const withoutFirstFilter: readonly string[] = [dropFormer('request_id_bloom')];
export const clientAddressUpgrade: readonly string[] = addIndex('client_ip_filter');
export const pathUpgrade: readonly string[] = addIndex('path_parts');
export const requestIdUpgrade: readonly string[] = [dropFormer('request_id_filter'), ...addIndex('request_id_first')];
export const lastFilterUpgrade: readonly string[] = [dropFormer('request_id_second'), ...addIndex('request_id_last')];

/** The engine builds it for existing parts in the background; until then it reads those parts without it. */
function addIndex(wanted: string): readonly string[] {
  return searchIndexes
    .filter(({ name }) => name === wanted)
    .flatMap(({ name, sql }) => [
      `ALTER TABLE requests ADD INDEX IF NOT EXISTS ${name} ${sql}`,
      `ALTER TABLE requests MATERIALIZE INDEX ${name} SETTINGS mutations_sync = 0`,
    ]);
}
