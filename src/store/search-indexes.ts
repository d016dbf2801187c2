/**
 * What finds a rare value of `requests` without reading its column everywhere. The engine applies an index by itself, also to the SQL
 * that people write, and reads rows that it does not exclude: an answer never depends on it. Costs and gains: docs/decisions/0029.
 */
export const searchIndexes: readonly { readonly name: string; readonly sql: string }[] = [
  /** 12 bits a row; of 10,000 granules without the id, 37 are read in vain. */
  { name: 'request_id_filter', sql: 'request_id TYPE bloom_filter(0.004) GRANULARITY 1' },
];

/** The engine builds them for existing parts in the background; until then it reads those parts without them. */
export const searchUpgrade: readonly string[] = [
  // Its 8 bits a row excluded too little; two filters of one column would cost the bytes of both.
  'ALTER TABLE requests DROP INDEX IF EXISTS request_id_bloom',
  ...searchIndexes.flatMap(({ name, sql }) => [
    `ALTER TABLE requests ADD INDEX IF NOT EXISTS ${name} ${sql}`,
    `ALTER TABLE requests MATERIALIZE INDEX ${name} SETTINGS mutations_sync = 0`,
  ]),
];
