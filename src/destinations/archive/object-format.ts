import { parquetList, parquetOrder, parquetSettings } from '../../schema/parquet-columns.ts';
import { type Reading, readAtOnce } from '../destination.ts';
import { countParquetRows } from '../parquet-rows.ts';
import type { ObjectLimits } from './divide-batch.ts';

/** What an object is made of, once its bytes are there. */
export interface WrittenFormat {
  readonly contentType: string;
  /** Whether its bytes are compressed here. */
  readonly gzip: boolean;
  /** Rows of a complete file; absent where its lines are its rows. */
  countRows?(path: string): Promise<number>;
}

/** How the rows of an object are written. */
export interface ObjectFormat extends WrittenFormat {
  /** Of its name. */
  readonly ending: string;
  readonly limits: ObjectLimits;
  /** How the engine writes the rows that it reads. */
  reading(rows: Reading): Reading;
}

/** @param compression of lines */
export function objectFormat(format: 'ndjson' | 'parquet', compression: 'none' | 'gzip'): ObjectFormat {
  return format === 'parquet' ? parquet : compression === 'gzip' ? gzippedLines : lines;
}

const lines: ObjectFormat = {
  ending: '.ndjson',
  contentType: 'application/x-ndjson',
  gzip: false,
  // S3 takes at most 5 GB in one request.
  limits: { mostRows: 5_000_000, mostTogether: readAtOnce },
  reading: (rows) => rows,
};

const gzippedLines: ObjectFormat = { ...lines, ending: '.ndjson.gz', contentType: 'application/gzip', gzip: true };

const parquet: ObjectFormat = {
  ending: '.parquet',
  contentType: 'application/vnd.apache.parquet',
  gzip: false,
  // The engine sorts an object in memory.
  limits: { mostRows: 500_000, mostTogether: 0 },
  reading: (rows) => ({
    ...rows,
    by: parquetOrder[rows.table],
    select: parquetList(rows.table),
    format: 'Parquet',
    settings: parquetSettings,
    isWhole: true,
  }),
  countRows: countParquetRows,
};
