import type { Engine, Statement } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { announceClosedBatch } from './batch-closed.ts';
import { isNewestAttempt, supersedeAttempts } from './closing-attempts.ts';
import { talliesOf } from './count-batch.ts';
import { trustedWorkers } from './worker.ts';

/**
 * Closes a batch: writes one ledger row per object, from the plan and the counts of the raw lines. With these rows the
 * batch is stored; without them it never was. Does nothing where the batch was taken back, other workers may be taking
 * it back, or have stored one of its objects. Within a process, and under a lease, no one else has its objects; between
 * workers see `rival-batches.ts`.
 */
export function writeLedger(engine: Engine, batch: string, attempt = '0'): Promise<void> {
  const conditions = ['p.batch NOT IN (SELECT batch FROM taken_back WHERE batch IN {batches:Array(UInt64)})'];
  if (engine.kind === 'server') {
    const isTrusted = `p.worker = '' OR p.worker IN (${trustedWorkers})`;
    const isFirst = `(SELECT count() FROM ledger WHERE ${isStoredElsewhere}) = 0`;
    conditions.push(`(p.is_leased OR ((${isTrusted}) AND ${isFirst}))`, isNewestAttempt);
  }
  return closeBatches(engine, [batch], {
    condition: conditions.join(' AND '),
    params: { batch, attempt },
    group: batch,
  }).finally(() => announceClosedBatch(engine));
}

/**
 * Closes a batch that an earlier attempt, of this process or another, may have closed or be about to close.
 * @returns whether it is closed; if not, it was taken back or may not be closed, or a newer attempt is under way
 */
export async function closeAgain(engine: Engine, batch: string): Promise<boolean> {
  const attempt = await supersedeAttempts(engine, batch);
  if (await isClosed(engine, batch)) return true;
  await writeLedger(engine, batch, attempt);
  return isClosed(engine, batch);
}

/**
 * Closes a batch that counts as stored elsewhere, and so is never taken back.
 * @throws EngineError that is retryable, also when another worker is about to close it
 */
export async function closeCommitted(engine: Engine, batch: string): Promise<void> {
  if (await closeAgain(engine, batch)) return;
  const message = `cannot close batch "${batch}": another worker is closing it; it is tried again`;
  throw new EngineError('TAILRACE_STORE_UNAVAILABLE', message, { retryable: true });
}

/** SQL over `ledger`: whether an entry is of an object that is also in the batch. */
const isStoredElsewhere =
  '(origin, version) IN (SELECT origin, version FROM plans WHERE batch IN {batches:Array(UInt64)})';

/** Whether another batch has stored an object of this one. */
export async function hasKnownObjects(engine: Engine, batch: string): Promise<boolean> {
  const [found] = await engine.rows<{ known: number }>({
    sql: `SELECT count() > 0 AS known FROM ledger WHERE ${isStoredElsewhere} AND batch NOT IN {batches:Array(UInt64)}`,
    params: { batches: [BigInt(batch)] },
  });
  return Boolean(found?.known);
}

/**
 * Writes the ledger rows of batches that were closed before and have lost them.
 * @param batches complete ones that no worker is storing
 */
export function rewriteLedger(engine: Engine, batches: readonly string[]): Promise<void> {
  return closeBatches(engine, batches, { condition: 'true' });
}

async function closeBatches(
  engine: Engine,
  batches: readonly string[],
  { condition, params, ...group }: Pick<Statement, 'params' | 'group'> & { readonly condition: string },
): Promise<void> {
  await engine.run({
    sql: `
      INSERT INTO ledger
        (batch, object, origin, version, format, layout, bytes, content_bytes, from_line, lines, rows, log_rows, rejected, comments, excluded,
         first_time, last_time, stored_at, pipeline)
      SELECT
        p.batch, p.object, p.origin, p.version, if(f.format = '', 'unknown', f.format), p.layout, p.bytes, t.content_bytes, p.from_line,
        t.lines, t.lines - t.rejected - t.comments - t.excluded, t.log_rows, t.rejected, t.comments, t.excluded,
        t.first_time, t.last_time, now64(3), p.pipeline
      FROM plans AS p
      LEFT JOIN (${talliesOf('{batches:Array(UInt64)}')}) AS t ON p.batch = t.batch AND p.object = t.object
      LEFT JOIN (SELECT layout, toString(any(format)) AS format FROM layouts GROUP BY layout) AS f ON p.layout = f.layout
      -- Whoever was paused before this row may find that another worker has written it.
      WHERE p.batch IN {batches:Array(UInt64)}
        AND p.batch NOT IN (SELECT batch FROM ledger WHERE batch IN {batches:Array(UInt64)})
        AND (${condition})`,
    params: { ...params, batches: batches.map(BigInt) },
    ...group,
  });
}

/** Whether a batch is closed, and so stored, whatever the closing statement returned. */
export async function isClosed(engine: Engine, batch: string): Promise<boolean> {
  const [found] = await engine.rows<{ closed: number }>({
    sql: 'SELECT count() > 0 AS closed FROM ledger WHERE batch = {batch:UInt64}',
    params: { batch },
  });
  return Boolean(found?.closed);
}
