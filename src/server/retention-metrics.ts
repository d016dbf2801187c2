import { Gauge, type Registry } from 'prom-client';
import type { ExpiringRows } from '../ledger/expiring-rows.ts';
import type { RetentionStatus } from '../ledger/retention-status.ts';

/** @returns a function that updates the metrics of retention; called at each scrape */
export function addRetentionMetrics(registry: Registry, retention: () => RetentionStatus | undefined): () => void {
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `tailrace_retention_${name}`, help, labelNames: ['table'], registers: [registry] });
  const deleted = {
    rows: gauge('deleted_rows', 'Rows that retention has deleted, as the table deletions has them'),
    bytes: gauge('deleted_bytes', 'Their bytes on disk'),
  };
  const due = gauge('due_rows', 'Rows that are to be deleted at the next look');
  const held = gauge('held_rows', 'Rows that are due, and kept because a destination has not received them');
  return () => {
    const status = retention();
    for (const metric of [deleted.rows, deleted.bytes, due, held]) metric.reset();
    if (!status) return;
    const { tables, expiring } = status.plan;
    for (const { table } of tables) {
      const sum = (isHeld: boolean) =>
        rowsOf(expiring.filter((rows) => rows.table === table && rows.isHeld === isHeld));
      due.set({ table }, sum(false));
      held.set({ table }, sum(true));
      const gone = status.deleted.find((entry) => entry.table === table);
      deleted.rows.set({ table }, gone?.rows ?? 0);
      deleted.bytes.set({ table }, gone?.bytes ?? 0);
    }
  };
}

function rowsOf(expiring: readonly ExpiringRows[]): number {
  return expiring.reduce((total, { rows }) => total + rows, 0);
}
