/** How a result is written for each output name that people may choose, and its media type over HTTP. */
export const outputFormats = {
  table: { clickhouse: 'PrettyCompactMonoBlock', mediaType: 'text/plain; charset=utf-8' },
  json: { clickhouse: 'JSON', mediaType: 'application/json; charset=utf-8' },
  ndjson: { clickhouse: 'JSONEachRow', mediaType: 'application/x-ndjson; charset=utf-8' },
  csv: { clickhouse: 'CSVWithNames', mediaType: 'text/csv; charset=utf-8' },
  tsv: { clickhouse: 'TSVWithNames', mediaType: 'text/tab-separated-values; charset=utf-8' },
  'csv-no-header': { clickhouse: 'CSV', mediaType: 'text/csv; charset=utf-8; header=absent' },
  'tsv-no-header': { clickhouse: 'TSV', mediaType: 'text/tab-separated-values; charset=utf-8' },
  parquet: { clickhouse: 'Parquet', mediaType: 'application/vnd.apache.parquet' },
} as const;

export type OutputName = keyof typeof outputFormats;

export function isOutputName(name: string): name is OutputName {
  return Object.hasOwn(outputFormats, name);
}
