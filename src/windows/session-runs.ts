import type { SessionShape } from './window-query.ts';

/**
 * SQL: the sessions that panes make up, as `key`, `startMs`, `lastMs` (of the last row), `endMs` and `sourceRows`.
 * @param panes SELECT of `key`, `pane` (first moment), `first`, `last` (of its rows) and `rows`, one for each key and pane; epoch ms
 */
export function sessionsOfPanes({ gapMs, longestMs }: SessionShape, panes: string): string {
  // Panes of a key do not overlap, so that each may be compared with the one before it alone.
  return `
    SELECT key, run.1 AS startMs, run.2 AS lastMs, least(run.2 + ${gapMs}, cell + ${longestMs}) AS endMs, run.3 AS sourceRows
    FROM (
      SELECT
        key, cell,
        arrayJoin(arrayMap(
          own -> (own[1].1, own[-1].2, arraySum(part -> part.3, own)),
          arraySplit((part, before) -> part.1 - before >= ${gapMs}, parts, arrayPushFront(arrayPopBack(parts.2), parts[1].1))
        )) AS run
      FROM (
        SELECT key, pane - positiveModulo(pane, ${longestMs}) AS cell, arraySort(groupArray((first, last, rows))) AS parts
        FROM (${panes})
        GROUP BY key, cell
      )
    )`;
}
