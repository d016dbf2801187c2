import { basename } from 'node:path';
import { expect } from 'vitest';
import type { ExpectedFile, FlawedLogs } from './flawed-logs.ts';
import { queryStore } from './program.ts';

/**
 * The contents of a store in one query, because each query starts a program: the rows of each file and all their ids,
 * its ledger entry, the rejects, and all rows of batches that were never closed.
 */
const everything = `
  WITH closed AS (SELECT batch FROM ledger)
  SELECT 'id' AS what, request_id AS key, '' AS value FROM requests
  UNION ALL
  SELECT 'stored', filename, toString(count()) FROM requests GROUP BY filename
  UNION ALL
  SELECT
    'ledger', substring(origin, length(origin) - position(reverse(origin), '/') + 2),
    concat(toString(count()), ' entry: ', toString(sum(lines)), ' = ', toString(sum(rows)), ' + ',
           toString(sum(rejected)), ' + ', toString(sum(comments)))
  FROM ledger GROUP BY origin
  UNION ALL
  SELECT 'reject', concat(origin, ':', toString(line_number)), line FROM rejects
  UNION ALL
  SELECT 'unfinished', toString(batch), origin FROM plans WHERE batch NOT IN closed
  UNION ALL
  SELECT 'stray', toString(batch), filename FROM requests WHERE batch NOT IN closed
  UNION ALL
  SELECT 'stray', toString(batch), origin FROM rejects WHERE batch NOT IN closed`;

type Statement = readonly [key: string, value: string];

/** Compares the store's contents with what was written into these logs. */
export async function expectBalancedBooks(store: string, { files, requestIds }: FlawedLogs): Promise<void> {
  const said = await queryStore<{ what: string; key: string; value: string }>(store, everything);
  const about = (topic: string): Statement[] =>
    said.filter(({ what }) => what === topic).map(({ key, value }) => [key, value]);

  expect([...about('unfinished'), ...about('stray')].slice(0, 20)).toEqual([]);
  expect(sorted(about('ledger'))).toEqual(sorted(files.map((file) => [basename(file.path), ledgerEntry(file)])));
  expect(sorted(about('stored'))).toEqual(sorted(files.map((file) => [basename(file.path), `${rowsOf(file)}`])));
  expect(sorted(about('reject'))).toEqual(
    sorted(files.flatMap(({ path, rejects }) => [...rejects].map(([at, line]): Statement => [`${path}:${at}`, line]))),
  );
  const ids = about('id').map(([id]) => id);
  expect({ rows: ids.length, unique: new Set(ids).size }).toEqual({
    rows: requestIds.length,
    unique: requestIds.length,
  });
  expect(ids.sort().join()).toBe([...requestIds].sort().join());
}

function ledgerEntry(file: ExpectedFile): string {
  return `1 entry: ${file.lines} = ${rowsOf(file)} + ${file.rejects.size} + ${file.comments}`;
}

function rowsOf({ lines, comments, rejects }: ExpectedFile): number {
  return lines - comments - rejects.size;
}

function sorted(statements: readonly Statement[]): Statement[] {
  return [...statements].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
}
