import { parquetColumns } from '../schema/parquet-columns.ts';
import { classicColumns } from '../store/cf-logs-view.ts';
import { type LakeTable, lakeTables } from './lake-hours.ts';

export interface DdlOptions {
  /** `s3://bucket/prefix/`, with a slash at the end. */
  readonly location: string;
  readonly tables: readonly LakeTable[];
  /** First day with rows, `YYYY-MM-DD`: days before are not looked for. */
  readonly firstDay: string;
}

/**
 * Statements that make the tables of a lake in Athena, and `cf_logs` over them. Partitions are computed from the names, so that no
 * crawler and no `MSCK REPAIR` is needed.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 */
export function lakeDdl({ location, tables, firstDay }: DdlOptions): string[] {
  const external = lakeTables
    .filter((table) => tables.includes(table))
    .map((table) => externalTable(table, location, firstDay));
  return tables.includes('requests') ? [...external, classicView()] : external;
}

function externalTable(table: LakeTable, location: string, firstDay: string): string {
  const columns = parquetColumns[table].map(({ name, type }) => `  \`${name}\` ${type}`);
  const properties = {
    'parquet.compression': 'ZSTD',
    'projection.enabled': 'true',
    'projection.dt.type': 'date',
    'projection.dt.format': 'yyyy-MM-dd',
    'projection.dt.range': `${firstDay},NOW`,
    'projection.hour.type': 'integer',
    'projection.hour.range': '0,23',
    'projection.hour.digits': '2',
    'storage.location.template': `${location}${table}/dt=\${dt}/hour=\${hour}/`,
  };
  return `CREATE EXTERNAL TABLE IF NOT EXISTS ${table} (
${columns.join(',\n')}
)
PARTITIONED BY (dt date, hour int)
STORED AS PARQUET
LOCATION '${location}${table}/'
TBLPROPERTIES (
${Object.entries(properties)
  .map(([name, value]) => `  '${name}' = '${value}'`)
  .join(',\n')}
)`;
}

/** What other engines than the store's write otherwise, by the first name of the column. */
const expressions: Readonly<Record<string, string>> = {
  date: 'CAST("time" AS date)',
  time: 'substr(CAST("time" AS varchar), 12, 8)',
  isbot: "CASE WHEN is_bot THEN 'True' ELSE 'False' END",
  year: 'substr(CAST(dt AS varchar), 1, 4)',
  month: 'substr(CAST(dt AS varchar), 6, 2)',
  day: 'substr(CAST(dt AS varchar), 9, 2)',
  hour: "lpad(CAST(hour AS varchar), 2, '0')",
};

/** SQL that Athena, Trino and DuckDB read. `dt` is there for conditions that leave out files. */
function classicView(): string {
  const columns = classicColumns.flatMap(([expression, ...names]) => {
    const sql = expressions[names[0] ?? ''] ?? `"${expression}"`;
    return names.map((name) => `  ${sql} AS "${name}"`);
  });
  return `CREATE OR REPLACE VIEW cf_logs AS
SELECT
${[...columns, '  dt'].join(',\n')}
FROM requests`;
}
