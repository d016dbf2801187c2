import type { Engine } from '../engine/engine.ts';
import { type DetachedPart, readDetachedParts } from './detached-parts.ts';
import { spanOf } from './ledger-projections.ts';

/** What was last known of all batches, so that the checks need not read all of them again. */
interface LedgerMark {
  readonly sequence: number;
  /** The greatest batch of the ledger, and how many objects it had. */
  readonly batch: string;
  readonly objects: number;
  /** No batch up to this one is planned any more. */
  readonly settled: string;
  /** Batches up to `settled` that were planned and not closed. */
  readonly open: readonly string[];
}

/**
 * A mark, how many objects the ledger has now up to its batch, and what the mark would be now: the greatest batch of the
 * ledger, and its objects.
 */
export type ComparedMark = LedgerMark & { readonly left: number; readonly latest: string; readonly total: number };

/**
 * An hour, in units of ids (see batch-id.ts). A worker's ids are at most some seconds behind the newest one (see
 * worker.ts), and a plan that is older than the mark is not written (see plans.ts), whatever the clocks say.
 */
const settledAfter = BigInt(60 * 60 * 1000) << 22n;

/** @param more further columns, as SQL, in which `marked` is the batch of the mark */
async function readMark<T extends LedgerMark>(engine: Engine, ...more: readonly string[]): Promise<T> {
  const [mark] = await engine.rows<T>({
    sql: `
      WITH (SELECT argMax(batch, sequence) FROM ledger_marks) AS marked
      SELECT ${[markColumns, ...more].join(', ')}
      FROM ledger_marks AS m`,
  });
  if (!mark) throw new Error('BUG: an aggregate without a row');
  return mark;
}

const markColumns = `
  max(m.sequence) AS sequence,
  toString(argMax(m.batch, m.sequence)) AS batch,
  argMax(m.objects, m.sequence) AS objects,
  toString(argMax(m.settled, m.sequence)) AS settled,
  arrayMap(id -> toString(id), argMax(m.open, m.sequence)) AS open`;

/** Whole spans from the projection of sums, the last one by batch. */
const left = `
  (
    SELECT sum(objects)
    FROM (SELECT ${spanOf('batch')} AS span, count() AS objects FROM ledger GROUP BY span)
    WHERE span < ${spanOf('marked')}
  ) + (
    SELECT count() FROM ledger WHERE ${spanOf('batch')} = ${spanOf('marked')} AND batch <= marked
  ) AS left`;

/** A condition on batches: SQL over any table with a column `batch`, and its parameters. */
export interface BatchRange {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Where batches may be that are not closed; all others are. */
export async function readOpenRange(engine: Engine): Promise<BatchRange> {
  return openRange(engine, await readMark(engine));
}

/** Where batches may be that are not closed, by a mark that was read before. */
export async function openRange(engine: Engine, { settled, open }: LedgerMark): Promise<BatchRange> {
  if (settled === '0') return unequalSpans(engine);
  const params = { settled, open: open.map(BigInt) };
  return { sql: '(batch > {settled:UInt64} OR batch IN {open:Array(UInt64)})', params };
}

/** Spans whose objects differ between plans and ledger; reads all of both, for checks that do not rely on a mark. */
export async function unequalSpans(engine: Engine): Promise<BatchRange> {
  const objects = 'sum(cityHash64(batch, object))';
  const rows = await engine.rows<{ id: string }>({
    sql: `
      SELECT toString(span) AS id
      FROM (
        SELECT ${spanOf('batch')} AS span, ${objects} AS planned, 0 AS closed FROM plans GROUP BY span
        UNION ALL
        SELECT ${spanOf('batch')} AS span, 0 AS planned, ${objects} AS closed FROM ledger GROUP BY span
      )
      GROUP BY span
      HAVING sum(planned) != sum(closed)`,
  });
  return { sql: `${spanOf('batch')} IN {spans:Array(UInt64)}`, params: { spans: rows.map(({ id }) => BigInt(id)) } };
}

/**
 * Records the number of objects in the ledger. It only grows, so a lower count later reveals a loss, which
 * would otherwise look like batches that were never closed. Also records which batches are settled. Does nothing while
 * entries are missing.
 */
export async function markLedger(engine: Engine, known?: ComparedMark): Promise<void> {
  const mark = known ?? (await readCompared(engine));
  if (mark.left >= mark.objects) await writeMark(engine, mark);
}

/** Records the ledger as it is, after a repair that removed entries on purpose or could not restore them. */
export async function acceptLedger(engine: Engine): Promise<void> {
  await writeMark(engine, await readCompared(engine));
}

/** What tells whether the ledger has lost entries. */
export interface LedgerState {
  readonly mark: ComparedMark;
  /** Of all tables. */
  readonly detached: readonly DetachedPart[];
}

export async function readLedgerState(engine: Engine): Promise<LedgerState> {
  const [detached, mark] = await Promise.all([readDetachedParts(engine), readCompared(engine)]);
  return { detached, mark };
}

export function readCompared(engine: Engine): Promise<ComparedMark> {
  const now = ['(SELECT toString(max(batch)) FROM ledger) AS latest', '(SELECT count() FROM ledger) AS total'];
  return readMark(engine, left, ...now);
}

async function writeMark(engine: Engine, mark: ComparedMark): Promise<void> {
  if (mark.latest === mark.batch && mark.total === mark.objects) return;
  const { sql: isInRange, params } = await openRange(engine, mark);
  await engine.run({
    sql: `
      INSERT INTO ledger_marks (sequence, batch, objects, settled, open)
      SELECT
        {sequence:UInt64} + 1, l.batch, l.objects, {until:UInt64},
        (
          SELECT groupUniqArray(batch)
          FROM plans
          WHERE ${isInRange} AND batch <= {until:UInt64} AND batch NOT IN (SELECT batch FROM ledger WHERE ${isInRange})
        )
      FROM (SELECT max(batch) AS batch, count() AS objects FROM ledger) AS l`,
    params: { ...params, sequence: mark.sequence, until: await settledUntil(engine, mark) },
  });
}

async function settledUntil(engine: Engine, { settled }: LedgerMark): Promise<string> {
  const [newest] = await engine.rows<{ id: string }>({
    sql: 'SELECT toString(batch) AS id FROM plans ORDER BY batch DESC LIMIT 1',
  });
  const until = BigInt(newest?.id ?? 0) - settledAfter;
  return until > BigInt(settled) ? until.toString() : settled;
}

/** Describes how many objects the ledger has lost, as far as known; undefined if there is no sign of a loss. */
export function findLedgerLoss({ mark, detached }: LedgerState): string | undefined {
  if (mark.left < mark.objects) return `${mark.objects - mark.left} of ${mark.objects} objects are missing`;
  const isReadable = detached.every(({ table }) => table !== 'ledger');
  return isReadable ? undefined : 'objects may be missing';
}

export const lastMark = 'SELECT * FROM ledger_marks ORDER BY sequence DESC LIMIT 1';

/** SQL: no batch up to this one is planned any more. */
export const settledBatch = '(SELECT max(settled) FROM ledger_marks)';
