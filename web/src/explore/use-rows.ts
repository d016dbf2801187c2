import { useCallback, useMemo, useRef, useState } from 'react';
import type { ExploredTable } from '../../../src/explore/explored-table.ts';
import { type Loading, useAnswer } from '../data/use-answer.ts';
import { useReportScope } from '../overview/report-context.ts';
import { toSqlTime } from '../view/time-range.ts';
import { type AskedRows, type ExploredRow, type RowsAnswer, readRows } from './explore-source.ts';

/** Range and filter of the page, as the API takes them. */
export function useAsked(): AskedRows {
  const { range, q } = useReportScope();
  return useMemo(() => ({ from: toSqlTime(range.fromMs), to: toSqlTime(range.toMs), q }), [range, q]);
}

export interface Rows {
  /** The first page. */
  readonly first: Loading<RowsAnswer>;
  /** Of all pages that were asked for, newest first. */
  readonly rows: readonly ExploredRow[];
  /** Asks for the page after; absent while there is none. */
  readonly readOlder: (() => void) | undefined;
  readonly isReadingOlder: boolean;
  /** Why the page after could not be read. */
  readonly problem: string;
}

interface Older {
  /** The first page that these come after. */
  readonly after: RowsAnswer | null;
  readonly pages: readonly RowsAnswer[];
  readonly isReading: boolean;
  readonly problem: string;
}

const none: Older = { after: null, pages: [], isReading: false, problem: '' };

export function useRows(table: ExploredTable, columns: readonly string[], isPaused: boolean): Rows {
  const { question } = useReportScope();
  const asked = useAsked();
  const names = columns.join();
  const read = useCallback(
    (signal: AbortSignal) => readRows(table, { ...asked, columns: names }, signal),
    [table, asked, names],
  );
  const first = useAnswer(isPaused ? null : read, JSON.stringify([table, question, names]));
  const [found, setOlder] = useState(none);
  const older = found.after === first.value ? found : none;
  const last = older.pages.at(-1) ?? first.value;
  const current = useRef(first.value);
  current.current = first.value;
  const before = last?.next;
  const readOlder = () => {
    const after = first.value;
    if (!before || older.isReading) return;
    // A page that comes after the range has changed is of no use.
    const settle = (next: Older) => current.current === after && setOlder(next);
    setOlder({ ...older, after, isReading: true, problem: '' });
    readRows(table, { ...asked, columns: names, before }, new AbortController().signal).then(
      (page) => settle({ after, pages: [...older.pages, page], isReading: false, problem: '' }),
      (error: unknown) =>
        settle({ ...older, after, isReading: false, problem: error instanceof Error ? error.message : String(error) }),
    );
  };
  return {
    first,
    rows: useMemo(() => [first.value, ...older.pages].flatMap((page) => page?.rows ?? []), [first.value, older.pages]),
    readOlder: before ? readOlder : undefined,
    isReadingOlder: older.isReading,
    problem: older.problem,
  };
}
