import { formatLiteral } from '../engine/bound-parameter.ts';
import { windowParameters } from './assign-windows.ts';
import type { DueWindow } from './due-windows.ts';
import { keyOfRow, paneOfMoment } from './panes.ts';
import { epochMs } from './source-rows.ts';
import type { WindowQuery } from './window-query.ts';

/** Which rows a window has. */
export type NamedWindow = Pick<DueWindow, 'startMs' | 'endMs' | 'lastMs' | 'key'>;

/** Values of {@link windowParameters}. */
export function parametersOf({ window }: WindowQuery, windows: readonly NamedWindow[]) {
  const paneOf = (ms: number) => (window.type === 'session' ? paneOfMoment(window, ms) : ms);
  const starts = windows.map(({ startMs }) => startMs);
  const lists = {
    [windowParameters.starts]: starts,
    [windowParameters.ends]: windows.map(({ endMs }) => endMs),
    [windowParameters.firstPanes]: windows.map(({ startMs }) => paneOf(startMs)),
    [windowParameters.lastPanes]: windows.map(({ lastMs }) => paneOf(lastMs)),
    [windowParameters.keys]: windows.map(({ key }) => key),
  };
  return {
    ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, JSON.stringify(list)])),
    [windowParameters.first]: starts.reduce((least, start) => Math.min(least, start), starts[0] ?? 0),
    [windowParameters.last]: starts.reduce((most, start) => Math.max(most, start), starts[0] ?? 0),
  };
}

/** SQL over rows: those between the bounds of a window, with its key. */
export function rowsWithin(
  { query: { window } }: { readonly query: WindowQuery },
  { startMs, lastMs, key }: NamedWindow,
): string {
  const own = keyOfRow(window);
  return `${epochMs} >= ${startMs} AND ${epochMs} <= ${lastMs}
    AND time >= fromUnixTimestamp64Milli(toInt64(${startMs}), 'UTC') AND time <= fromUnixTimestamp64Milli(toInt64(${lastMs + 1}), 'UTC')
    ${own === undefined || key.length === 0 ? '' : `AND ${own} = ${formatLiteral(key)}`}`;
}
