import { inPortions } from '../../engine/statement-portions.ts';
import type { ClosedBatch } from '../../ledger/shipments.ts';
import type { Reading, RowCondition, Share, Shipment, ShippedTable } from '../destination.ts';
import { hasColumns, type Prefix, prefixSql } from './prefix.ts';

/** Rows that are read with one statement, and what they become: consecutive lines of it, or all of them. */
export interface BatchPart {
  readonly reading: Reading;
  readonly objects: readonly { readonly name: string; readonly rows: number }[];
}

/** Rows whose prefixes come from one expression. */
interface Naming {
  readonly table: ShippedTable;
  /** SQL of the prefix. */
  readonly by: string;
  /** Which rows; default all. */
  readonly where?: RowCondition;
  /** Follows the prefix. */
  readonly stem: string;
  readonly limits: ObjectLimits;
}

export interface ObjectLimits {
  /** Rows of an object. */
  readonly mostRows: number;
  /** Rows that may be read with one statement and cut into several objects. */
  readonly mostTogether: number;
}

/** Prefixes that differ by values of columns. A viewer may write what he likes into some of them. */
const mostPrefixes = 500;

/** All rows that a batch has in a table, by the prefixes of their names. */
export async function* divideBatch(
  batch: ClosedBatch,
  table: ShippedTable,
  prefix: Prefix,
  limits: ObjectLimits,
  divide: Shipment['divide'],
): AsyncGenerator<BatchPart> {
  const most = hasColumns(prefix) ? mostPrefixes : Number.POSITIVE_INFINITY;
  const by = prefixSql(prefix, table);
  const shares = await divide(batch, { table, by, most });
  yield* partsOf({ table, by, stem: batch.batch, limits }, shares);
  if (shares.length < most) return;
  const where = { sql: `${by} NOT IN {known:Array(String)}`, params: { known: shares.map(({ value }) => value) } };
  const byTime = prefixSql(prefix, table, true);
  // A column may have the value that stands for others.
  const others = { table, by: byTime, where, stem: `${batch.batch}-other`, limits };
  yield* partsOf(others, await divide(batch, { table, by: byTime, where }));
}

function partsOf(naming: Naming, shares: readonly Share[]): BatchPart[] {
  const { mostTogether } = naming.limits;
  const large = shares.filter(({ count }) => count > mostTogether);
  const small = shares
    .filter(({ count }) => count <= mostTogether)
    .sort((one, other) => compareBytes(one.value, other.value));
  return [
    ...large.flatMap((share) => partsOfShare(naming, share)),
    ...inPortions(small, ({ count }) => count, mostTogether).map((some) => partOf(naming, some)),
  ];
}

function partOf({ table, by, where, stem }: Naming, shares: readonly Share[]): BatchPart {
  const prefixes = shares.map(({ value }) => value);
  const count = shares.reduce((sum, share) => sum + share.count, 0);
  const sql = `${by} IN {prefixes:Array(String)}${where ? ` AND ${where.sql}` : ''}`;
  return {
    reading: {
      table,
      count,
      where: { sql, params: { ...where?.params, prefixes } },
      ...(shares.length > 1 ? { by } : {}),
    },
    objects: shares.map(({ value, count: rows }) => ({ name: `${value}${stem}`, rows })),
  };
}

/** One object, or as many as it takes. */
function partsOfShare(naming: Naming, share: Share): BatchPart[] {
  const parts = Math.ceil(share.count / naming.limits.mostRows);
  if (parts === 1) return [partOf(naming, [share])];
  return Array.from({ length: parts }, (_, index) => {
    const sql = `${naming.where?.sql ?? '1'} AND line_number % ${parts} = ${index}`;
    const where = { sql, params: naming.where?.params ?? {} };
    const stem = `${naming.stem}-${index + 1}of${parts}`;
    return partOf({ ...naming, where, stem }, [{ ...share, count: Math.ceil(share.count / parts) }]);
  });
}

/** As the engine sorts texts. */
function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
