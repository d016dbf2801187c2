import { useCallback } from 'react';
import type { RetentionAnswer } from '../../../src/server/routes/retention.ts';
import { readRetention } from '../data/http-source.ts';
import { useAnswer } from '../data/use-answer.ts';
import { formatQuantity } from '../format/quantity.ts';
import { useTicks } from '../view/use-ticks.ts';
import { deletionsAddress, expiringAddress } from './pipeline-queries.ts';

/** As often as retention looks. */
const everyMs = 60_000;

/** A line per table of which rows were deleted or are due; nothing while there is none. */
export function RetentionPanel() {
  const ticks = useTicks(everyMs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each tick asks again
  const read = useCallback((signal: AbortSignal) => readRetention(signal), [ticks]);
  const { value: retention } = useAnswer(read, 'retention');
  const lines = retention ? linesOf(retention) : [];
  if (lines.length === 0) return null;
  return (
    <section className="panel" aria-label="Retention" data-panel="retention">
      <header className="panel-head">
        <h2>Retention</h2>
        <span className="panel-subtitle">what it has deleted, and deletes next; as of its last look</span>
      </header>
      <ul className="events">
        {lines.map((line) => (
          <RetentionLine key={line.table} {...line} />
        ))}
      </ul>
    </section>
  );
}

type Expiring = RetentionAnswer['plan']['expiring'][number];

interface Line {
  readonly table: Expiring['table'];
  readonly deleted: Amount;
  /** Due, the oldest first. */
  readonly expiring: readonly Expiring[];
}

type Amount = Pick<Expiring, 'rows' | 'bytes'>;

function linesOf({ deleted, plan }: RetentionAnswer): Line[] {
  return plan.tables
    .map(({ table }) => ({
      table,
      deleted: deleted.find((entry) => entry.table === table) ?? { rows: 0, bytes: 0 },
      expiring: plan.expiring.filter((entry) => entry.table === table),
    }))
    .filter((line) => line.deleted.rows > 0 || line.expiring.length > 0);
}

function RetentionLine({ table, deleted, expiring }: Line) {
  const due = expiring.filter(({ isHeld }) => !isHeld);
  const held = expiring.filter(({ isHeld }) => isHeld);
  const waitsFor = [...new Set(held.flatMap(({ missingAt }) => missingAt))].join(', ');
  return (
    <li>
      <strong>{table}</strong>
      <span className={`badge badge-${held.length > 0 ? 'warn' : 'good'}`}>
        {held.length > 0 ? 'held' : due.length > 0 ? 'due' : 'nothing due'}
      </span>
      <span className="event-text">
        <span title="Rows of days that were deleted since the records of retention begin, and their bytes on disk">
          deleted: <a href={deletionsAddress(table)}>{formatAmount(deleted)}</a>
        </span>
        {expiring.length > 0 && (
          <span title="Rows that are older than retention keeps; those that a destination has not received stay up to 7 days longer">
            next: <a href={expiringAddress(table, lastMs(expiring))}>{formatAmount(sum(expiring))}</a>, from{' '}
            {expiring[0]?.partition}
            {held.length > 0 && `; kept until ${waitsFor} has them: ${formatAmount(sum(held))}`}
          </span>
        )}
      </span>
    </li>
  );
}

function lastMs(expiring: readonly Expiring[]): number {
  return Math.max(...expiring.map(({ beforeMs }) => beforeMs));
}

function sum(amounts: readonly Amount[]): Amount {
  return amounts.reduce((total, { rows, bytes }) => ({ rows: total.rows + rows, bytes: total.bytes + bytes }), {
    rows: 0,
    bytes: 0,
  });
}

function formatAmount({ rows, bytes }: Amount): string {
  return `${formatQuantity(rows, 'count')} rows, ${formatQuantity(bytes, 'bytes')}`;
}
