import type { LedgerEntry } from './batch-entries.ts';

/** What was done. */
export interface Repair {
  /** Rows of damaged parts that could still be read. */
  restoredRows: number;
  /** Damaged parts of which nothing could be restored, and why. */
  readonly unread: { readonly table: string; readonly part: string; readonly problem: string }[];
  /** Batches that the ledger had lost, or had wrong. */
  rewrittenBatches: number;
  /** Batches whose objects other batches have stored too. */
  doubledBatches: number;
  /** Objects that are no longer stored, so that they are stored when they are delivered again. */
  readonly takenBack: LedgerEntry[];
  /** By table: lines in the ledger that are lost. */
  readonly lost: Map<string, number>;
  /** By table: stored lines in excess of the ledger. */
  readonly surplus: Map<string, number>;
}

export function beginRepair(): Repair {
  return {
    restoredRows: 0,
    unread: [],
    rewrittenBatches: 0,
    doubledBatches: 0,
    takenBack: [],
    lost: new Map(),
    surplus: new Map(),
  };
}

/** A summary, e.g. `2 batches were written into the ledger again; logs: 12 lines are lost`. */
export function describeRepair(repair: Repair): string {
  const { restoredRows, rewrittenBatches, doubledBatches, takenBack, lost, surplus } = repair;
  const count = (value: number) => value.toLocaleString('en');
  const done = [
    restoredRows > 0 && `${count(restoredRows)} rows of damaged parts were brought back`,
    rewrittenBatches > 0 && `${count(rewrittenBatches)} batches were written into the ledger again`,
    doubledBatches > 0 && `${count(doubledBatches)} batches were removed that others have stored, too`,
    takenBack.length > 0 && `${count(takenBack.length)} objects were taken back, to be stored again`,
    ...[...lost].map(([table, lines]) => `${table}: ${count(lines)} lines are lost`),
    ...[...surplus].map(([table, lines]) => `${table}: ${count(lines)} lines are more than were counted`),
  ].filter((text) => text !== false);
  return done.length > 0 ? done.join('; ') : 'nothing had to be done';
}
