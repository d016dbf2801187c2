import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { FlawedLogs } from './flawed-logs.ts';
import { queryStore } from './program.ts';

interface LedgerLine {
  readonly origin: string;
  readonly entries: number;
  readonly lines: number;
  readonly rows: number;
  readonly rejected: number;
  readonly comments: number;
}

/** Holds everything that the store says about these logs against what was written into them. */
export async function expectBalancedBooks(store: string, { files, requestIds }: FlawedLogs): Promise<void> {
  const [totals] = await queryStore<Record<string, number>>(
    store,
    `SELECT
       count() AS rows,
       uniqExact(request_id) AS ids,
       (SELECT count() FROM rejects) AS rejected,
       (SELECT sum(lines) FROM ledger) AS lines,
       (SELECT sum(rows) FROM ledger) AS ledgerRows,
       (SELECT uniqExact(batch) FROM plans WHERE batch NOT IN (SELECT batch FROM ledger)) AS unfinished,
       countIf(batch NOT IN (SELECT batch FROM ledger)) AS strays
     FROM requests`,
  );
  const rejected = files.reduce((sum, file) => sum + file.rejects.size, 0);
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const rows = requestIds.length;
  expect(totals).toEqual({ rows, ids: rows, rejected, lines, ledgerRows: rows, unfinished: 0, strays: 0 });

  expect(await storedIdsHash(store)).toBe(hashOfLines([...requestIds].sort()));
  expect(await ledgerByOrigin(store)).toEqual(new Map(files.map((file) => [file.path, expectedEntry(file)])));
  expect(await rejectsByPlace(store)).toEqual(
    new Map(files.flatMap((file) => [...file.rejects].map(([number, line]) => [`${file.path}:${number}`, line]))),
  );
}

function expectedEntry({ path, lines, comments, rejects }: FlawedLogs['files'][number]): LedgerLine {
  const rows = lines - comments - rejects.size;
  return { origin: path, entries: 1, lines, rows, rejected: rejects.size, comments };
}

/** What the ledger states, but the rows as they are really there. */
async function ledgerByOrigin(store: string): Promise<Map<string, LedgerLine>> {
  const entries = await queryStore<LedgerLine>(
    store,
    `SELECT origin, count() AS entries, sum(l.lines) AS lines, any(stored.rows) AS rows, sum(l.rejected) AS rejected,
            sum(l.comments) AS comments
     FROM ledger AS l
     LEFT JOIN (SELECT filename, count() AS rows FROM requests GROUP BY filename) AS stored
       ON stored.filename = substring(l.origin, length(l.origin) - position(reverse(l.origin), '/') + 2)
     GROUP BY origin
     HAVING sum(l.lines) = sum(l.rows) + sum(l.rejected) + sum(l.comments)`,
  );
  return new Map(entries.map((entry) => [entry.origin, entry]));
}

async function rejectsByPlace(store: string): Promise<Map<string, string>> {
  const rejects = await queryStore<{ place: string; line: string }>(
    store,
    "SELECT concat(origin, ':', toString(line_number)) AS place, line FROM rejects",
  );
  return new Map(rejects.map(({ place, line }) => [place, line]));
}

async function storedIdsHash(store: string): Promise<string> {
  const ids = await queryStore<{ id: string }>(store, 'SELECT request_id AS id FROM requests ORDER BY id');
  return hashOfLines(ids.map(({ id }) => id));
}

function hashOfLines(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
