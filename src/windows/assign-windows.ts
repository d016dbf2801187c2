import { noKey, startsOfPane } from './panes.ts';
import { gridOf, type WindowQuery } from './window-query.ts';

/** Parameters that name windows: of each, all in the same order, as JSON; and their first and last start. */
export const windowParameters = {
  starts: 'tailrace_starts',
  ends: 'tailrace_ends',
  firstPanes: 'tailrace_first_panes',
  lastPanes: 'tailrace_last_panes',
  keys: 'tailrace_keys',
  first: 'tailrace_first',
  last: 'tailrace_last',
} as const;

/** One text for the engine, which takes longer to read a list of thousands of numbers in SQL. */
const times = (name: string) => `JSONExtract({${name}:String}, 'Array(Int64)')`;
const starts = times(windowParameters.starts);

/** How aggregate states of panes come to the windows that {@link windowParameters} name. */
export interface WindowAssignment {
  /** SQL: which rows of `window_states` are needed. */
  readonly needed: string;
  /** SQL: states with `tailrace_start` (epoch ms), once for each window they belong to. @param columns further ones, of the states */
  select(states: string, columns: readonly string[]): string;
  /** Columns of it that tell windows apart. */
  readonly identity: readonly string[];
  /** SQL over it: end of the window, epoch ms. */
  readonly end: string;
  /** SQL over it: key of the window. */
  readonly key: string;
}

export function assignWindows(query: WindowQuery): WindowAssignment {
  const { window, latenessMs } = query;
  if (window.type === 'session') return sessions;
  const { sizeMs } = gridOf(window);
  const own = startsOfPane('pane', window, latenessMs);
  return {
    needed: `pane >= {${windowParameters.first}:Int64} AND pane < {${windowParameters.last}:Int64} + ${sizeMs}`,
    // A set, and no array, for there may be thousands of windows.
    select: (states, columns) =>
      `SELECT ${[`arrayJoin(${own}) AS tailrace_start`, ...columns].join(', ')} FROM ${states} WHERE tailrace_start IN (SELECT arrayJoin(${starts}))`,
    identity: ['tailrace_start'],
    end: `tailrace_start + ${sizeMs}`,
    key: noKey,
  };
}

const [firstPanes, lastPanes] = [times(windowParameters.firstPanes), times(windowParameters.lastPanes)];
const keys = `JSONExtract({${windowParameters.keys}:String}, 'Array(Array(String))')`;

/** All panes between the first and the last one of a session are its own, with its key. */
const sessions: WindowAssignment = {
  needed: `pane >= arrayMin(${firstPanes}) AND pane <= arrayMax(${lastPanes}) AND key IN (SELECT arrayJoin(${keys}))`,
  select: (states, columns) => `
    SELECT ${['d.start AS tailrace_start', 'd.end AS tailrace_end', 's.key AS tailrace_key', ...columns].join(', ')}
    FROM ${states} AS s
    INNER JOIN (
      SELECT w.1 AS start, w.2 AS end, w.3 AS first_pane, w.4 AS last_pane, w.5 AS own_key
      FROM (SELECT arrayJoin(arrayZip(${starts}, ${times(windowParameters.ends)}, ${firstPanes}, ${lastPanes}, ${keys})) AS w)
    ) AS d ON s.key = d.own_key
    WHERE pane >= d.first_pane AND pane <= d.last_pane`,
  identity: ['tailrace_start', 'tailrace_end', 'tailrace_key'],
  end: 'tailrace_end',
  key: 'tailrace_key',
};
