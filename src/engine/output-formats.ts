import { guardFormulas } from './guard-formulas.ts';

interface OutputFormat {
  /** The engine's name for it. */
  readonly clickhouse: string;
  /** Over HTTP. */
  readonly mediaType: string;
  /** What is done to what the engine writes. */
  readonly rewrite?: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
}

/** How a result is written for each output name that people may choose. */
export const outputFormats = {
  table: { clickhouse: 'PrettyCompactMonoBlock', mediaType: 'text/plain; charset=utf-8' },
  json: { clickhouse: 'JSON', mediaType: 'application/json; charset=utf-8' },
  ndjson: { clickhouse: 'JSONEachRow', mediaType: 'application/x-ndjson; charset=utf-8' },
  csv: { clickhouse: 'CSVWithNames', mediaType: 'text/csv; charset=utf-8' },
  tsv: { clickhouse: 'TSVWithNames', mediaType: 'text/tab-separated-values; charset=utf-8' },
  'csv-no-header': { clickhouse: 'CSV', mediaType: 'text/csv; charset=utf-8; header=absent' },
  'tsv-no-header': { clickhouse: 'TSV', mediaType: 'text/tab-separated-values; charset=utf-8' },
  /** For spreadsheets, which run formulas. */
  'csv-safe': { clickhouse: 'CSVWithNames', mediaType: 'text/csv; charset=utf-8', rewrite: guardFormulas },
  'csv-safe-no-header': {
    clickhouse: 'CSV',
    mediaType: 'text/csv; charset=utf-8; header=absent',
    rewrite: guardFormulas,
  },
  parquet: { clickhouse: 'Parquet', mediaType: 'application/vnd.apache.parquet' },
} as const satisfies Readonly<Record<string, OutputFormat>>;

export type OutputName = keyof typeof outputFormats;

export function isOutputName(name: string): name is OutputName {
  return Object.hasOwn(outputFormats, name);
}

/** An answer that the engine wrote in {@link OutputFormat.clickhouse}, as people asked for it. */
export function inFormat(name: OutputName, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const { rewrite }: OutputFormat = outputFormats[name];
  return rewrite ? rewrite(chunks) : chunks;
}
