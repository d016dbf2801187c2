import { guardFormulas } from './guard-formulas.ts';

interface OutputFormat {
  /** The engine's name for it. */
  readonly clickhouse: string;
  /** Content type over HTTP. */
  readonly mediaType: string;
  /** How names of files with it end. */
  readonly ending: string;
  /** Transforms the engine's output. */
  readonly rewrite?: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
}

/** How a result is written, by the output name that the user chooses. */
export const outputFormats = {
  table: { clickhouse: 'PrettyCompactMonoBlock', mediaType: 'text/plain; charset=utf-8', ending: 'txt' },
  json: { clickhouse: 'JSON', mediaType: 'application/json; charset=utf-8', ending: 'json' },
  ndjson: { clickhouse: 'JSONEachRow', mediaType: 'application/x-ndjson; charset=utf-8', ending: 'ndjson' },
  csv: { clickhouse: 'CSVWithNames', mediaType: 'text/csv; charset=utf-8', ending: 'csv' },
  tsv: { clickhouse: 'TSVWithNames', mediaType: 'text/tab-separated-values; charset=utf-8', ending: 'tsv' },
  'csv-no-header': { clickhouse: 'CSV', mediaType: 'text/csv; charset=utf-8; header=absent', ending: 'csv' },
  'tsv-no-header': { clickhouse: 'TSV', mediaType: 'text/tab-separated-values; charset=utf-8', ending: 'tsv' },
  /** For spreadsheets, which would run formulas. */
  'csv-safe': {
    clickhouse: 'CSVWithNames',
    mediaType: 'text/csv; charset=utf-8',
    ending: 'csv',
    rewrite: guardFormulas,
  },
  'csv-safe-no-header': {
    clickhouse: 'CSV',
    mediaType: 'text/csv; charset=utf-8; header=absent',
    ending: 'csv',
    rewrite: guardFormulas,
  },
  parquet: { clickhouse: 'Parquet', mediaType: 'application/vnd.apache.parquet', ending: 'parquet' },
} as const satisfies Readonly<Record<string, OutputFormat>>;

export type OutputName = keyof typeof outputFormats;

export function isOutputName(name: string): name is OutputName {
  return Object.hasOwn(outputFormats, name);
}

/** Converts an answer in {@link OutputFormat.clickhouse} to the requested output. */
export function inFormat(name: OutputName, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const { rewrite }: OutputFormat = outputFormats[name];
  return rewrite ? rewrite(chunks) : chunks;
}
