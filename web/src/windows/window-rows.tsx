import { formatClock, formatDay, formatSpan } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { printValue } from '../sql/print-value.ts';
import { sqlPageAddress } from '../sql/sql-page-address.ts';
import type { LiveWindow } from './live-window.ts';
import { isNumber, type ResultColumn } from './result-columns.ts';
import { rowChanges, type ShownRow } from './row-changes.ts';
import { resultsSql, sqlOfWindow } from './window-words.ts';

interface WindowRowsProps {
  readonly columns: readonly ResultColumn[];
  readonly windows: readonly LiveWindow[];
  /** Where they can be asked for; absent where they are in no table. */
  readonly table?: string;
  /** The SELECT over the rows of one; absent until it is known. */
  readonly question?: string | undefined;
}

const mostRows = 200;

/** The newest windows with their rows; of a corrected one also what it replaces. */
export function WindowRows({ columns, windows, table, question }: WindowRowsProps) {
  const { shown, empty } = chooseShown(windows, columns);
  const keyed = windows.some(({ key }) => key.length > 0);
  return (
    <section className="panel" aria-label="Results" data-panel="window-rows">
      <header className="panel-head window-head">
        <h2>Results</h2>
        <span className="panel-subtitle">
          {zoneName()}, the newest windows first, at most {mostRows} rows
          {empty > 0 && `; ${empty} ${empty === 1 ? 'window' : 'windows'} without a row left out`}
        </span>
        {table !== undefined && (
          <a className="panel-action" href={sqlPageAddress(resultsSql(table))} aria-label="SQL of Results">
            SQL
          </a>
        )}
      </header>
      {shown.length === 0 ? (
        <p className="panel-note">No window with a row has been emitted yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div className="table-scroll window-rows" tabIndex={0}>
          <table className="report-table">
            <thead>
              <tr>
                <th scope="col">Window</th>
                {keyed && <th scope="col">Key</th>}
                {columns.map((column) => (
                  <th
                    key={column.name}
                    scope="col"
                    className={isNumber(column) ? 'number' : undefined}
                    title={column.type}
                  >
                    {column.name}
                  </th>
                ))}
              </tr>
            </thead>
            {shown.map(({ window, rows }) => (
              <tbody key={window.id} data-correction={window.correction}>
                {rows.length === 0 && (
                  <tr>
                    <WindowCell window={window} rowSpan={1} question={question} />
                    {keyed && <td>{window.key.join(', ')}</td>}
                    <td className="muted" colSpan={Math.max(1, columns.length)}>
                      no row any more
                    </td>
                  </tr>
                )}
                {rows.map((row, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows of a window have no identity, and never move
                  <tr key={index} className={row.change === 'gone' ? 'row-gone' : undefined}>
                    {index === 0 && <WindowCell window={window} rowSpan={rows.length} question={question} />}
                    {keyed && index === 0 && <td rowSpan={rows.length}>{window.key.join(', ')}</td>}
                    {columns.map((column) => (
                      <ValueCell key={column.name} column={column} shown={row} />
                    ))}
                  </tr>
                ))}
              </tbody>
            ))}
          </table>
        </div>
      )}
    </section>
  );
}

interface ShownWindow {
  readonly window: LiveWindow;
  readonly rows: readonly ShownRow[];
}

/** @returns also how many are left out because they never had a row */
function chooseShown(
  windows: readonly LiveWindow[],
  columns: readonly ResultColumn[],
): { readonly shown: readonly ShownWindow[]; readonly empty: number } {
  const shown: ShownWindow[] = [];
  let [left, empty] = [mostRows, 0];
  for (const window of windows) {
    if (left <= 0) break;
    const rows = rowChanges(window, columns).slice(0, left);
    if (rows.length === 0 && window.correction === 0) {
      empty++;
      continue;
    }
    left -= Math.max(1, rows.length);
    shown.push({ window, rows });
  }
  return { shown, empty };
}

interface WindowCellProps {
  readonly window: LiveWindow;
  readonly rowSpan: number;
  readonly question: string | undefined;
}

/** Leads to the SELECT over the rows of the window. */
function WindowCell({ window, rowSpan, question }: WindowCellProps) {
  const { startMs, endMs, correction, replaced } = window;
  const span = formatSpan(startMs, endMs);
  const text = `${formatDay(startMs)}, ${formatClock(startMs)}`;
  return (
    <th scope="rowgroup" rowSpan={rowSpan} className="window-span">
      {question === undefined ? (
        <span title={span}>{text}</span>
      ) : (
        <a href={sqlPageAddress(sqlOfWindow(question, window))} title={`${span}; opens as SQL over its rows`}>
          {text}
        </a>
      )}
      {correction > 0 && (
        <span
          className="badge badge-warn"
          title={replaced ? 'Values that it replaced are struck through' : 'What it replaced was emitted long before'}
        >
          correction {correction}
        </span>
      )}
    </th>
  );
}

function ValueCell({
  column,
  shown: { row, before, change },
}: {
  readonly column: ResultColumn;
  readonly shown: ShownRow;
}) {
  const value = printValue(row[column.name]);
  const old = before && printValue(before[column.name]);
  const isNew = change === 'new' && isNumber(column);
  return (
    <td className={isNumber(column) ? 'number' : undefined}>
      {old !== undefined && old !== value && <del>{old}</del>} {isNew && <span className="muted">new</span>}{' '}
      {change === 'gone' ? <del>{value}</del> : value}
    </td>
  );
}
