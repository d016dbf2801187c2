import { logColumns } from './logs.ts';
import { lineColumns } from './object-place.ts';
import { type Column, requestColumns } from './requests.ts';

/** Names of types as Athena, Hive and Trino declare them. */
export type ParquetType = 'timestamp' | 'string' | 'boolean' | 'int' | 'bigint' | 'double' | 'map<string,string>';

/** A column of the Parquet files that others read, named as in the store. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: ParquetType;
  /** Its value, SQL over the table. */
  readonly sql: string;
}

type StoredTypes = Readonly<Record<string, Pick<Column, 'type'>>>;

const rejectColumns: StoredTypes = {
  at: { type: "DateTime('UTC')" },
  origin: { type: 'String' },
  line_number: { type: 'UInt64' },
  reason: { type: 'LowCardinality(String)' },
  line: { type: 'String' },
  source_format: { type: 'LowCardinality(String)' },
  batch: { type: 'UInt64' },
};

/** Of each table, in the order of its columns. Where Parquet is written: archives and the lake. */
export const parquetColumns: Readonly<Record<'requests' | 'logs' | 'rejects', readonly ParquetColumn[]>> = {
  requests: parquetColumnsOf(requestColumns),
  logs: parquetColumnsOf({ ...logColumns, ...lineColumns }),
  rejects: parquetColumnsOf(rejectColumns),
};

/**
 * By what the rows of a file are sorted: the same rows are the same bytes. Requests of one viewer have most in common, so that
 * a file of an hour is a tenth smaller than sorted by time alone, and readers skip to an address.
 */
export const parquetOrder = {
  requests: 'toStartOfHour(time), client_ip, time, object, line_number',
  logs: 'time, object, line_number',
  rejects: 'at, origin, line_number',
} as const;

/** SELECT list of a table's columns. */
export function parquetList(table: keyof typeof parquetColumns): string {
  return parquetColumns[table].map(({ name, sql }) => (sql === name ? name : `${sql} AS ${name}`)).join(', ');
}

/** Settings of a statement with {@link parquetList}. */
export const parquetSettings = {
  output_format_parquet_compression_method: 'zstd',
  output_format_parquet_string_as_string: 1,
  // An alias like `toInt64(object) AS object` is meant for the file alone.
  prefer_column_name_to_alias: 1,
} as const;

function parquetColumnsOf(columns: StoredTypes): ParquetColumn[] {
  return Object.entries(columns).map(([name, { type }]) => ({ name, ...parquetValue(name, type) }));
}

/**
 * Only what every reader knows: Hive has no unsigned numbers, and many take a text that is no UTF-8 for a damaged file. A number
 * above 2⁶³ − 1, which a viewer may name as the end of a range, is NULL.
 */
function parquetValue(name: string, type: string): Omit<ParquetColumn, 'name'> {
  switch (type.replace(/^(?:Nullable|LowCardinality)\((.*)\)$/, '$1')) {
    case 'String':
      return { type: 'string', sql: `toValidUTF8(${name})` };
    case 'Bool':
      return { type: 'boolean', sql: name };
    case 'UInt8':
    case 'UInt16':
      return { type: 'int', sql: `toInt32(${name})` };
    case 'UInt32':
      return { type: 'bigint', sql: `toInt64(${name})` };
    case 'UInt64':
      return { type: 'bigint', sql: `accurateCastOrNull(${name}, 'Int64')` };
    case 'Float32':
      return { type: 'double', sql: `toFloat64(${name})` };
    case 'Map(LowCardinality(String), String)':
      return {
        type: 'map<string,string>',
        sql: `mapApply((k, v) -> (toValidUTF8(toString(k)), toValidUTF8(v)), ${name})`,
      };
    case "DateTime('UTC')":
    case "DateTime64(3, 'UTC')":
      return { type: 'timestamp', sql: type.startsWith('DateTime64') ? name : `toDateTime64(${name}, 3, 'UTC')` };
    default:
      throw new Error(`BUG: column ${name} of type ${type} has no type in Parquet`);
  }
}
