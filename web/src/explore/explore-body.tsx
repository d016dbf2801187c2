import { useRef } from 'react';
import { useReportScope } from '../overview/report-context.ts';
import { TimePanel } from '../panels/time-panel.tsx';
import { FieldList } from './field-list.tsx';
import { RowsPanel } from './rows-panel.tsx';
import { SavedSearches } from './saved-searches.tsx';
import { shownColumns } from './shown-columns.ts';
import { useExploreState } from './use-explore-state.ts';
import { useRowKeys } from './use-row-keys.ts';

/** How many, when; the fields; and the rows themselves. */
export function ExploreBody() {
  const [state, change] = useExploreState();
  const scope = useReportScope();
  const columns = shownColumns(state);
  const place = useRef<HTMLDivElement>(null);
  useRowKeys(place, () => change({ row: '' }));
  return (
    <>
      <div className="explore-tools">
        <fieldset className="segments">
          <legend className="hidden-text">Rows of</legend>
          {(['requests', 'logs'] as const).map((table) => (
            <button
              key={table}
              type="button"
              aria-pressed={state.table === table}
              onClick={() => change({ table, columns: [], row: '' })}
            >
              {table === 'requests' ? 'Requests' : 'Logs'}
            </button>
          ))}
        </fieldset>
        <SavedSearches />
        <span className="muted explore-keys">
          <kbd>/</kbd> filter, <kbd>j</kbd> <kbd>k</kbd> rows, <kbd>Enter</kbd> opens, <kbd>Esc</kbd> closes
        </span>
      </div>
      {!state.isTail && (
        <div className="grid explore-chart">
          {state.table === 'requests' ? (
            <TimePanel name="status-classes" title="Status classes" span={12} drawing="bars" />
          ) : (
            <TimePanel name="log-levels" title="Log lines by level" span={12} drawing="bars" />
          )}
        </div>
      )}
      <div className="explore" ref={place}>
        <FieldList table={state.table} columns={columns} onColumns={(next) => change({ columns: next })} />
        <RowsPanel key={scope.q} state={state} columns={columns} change={change} />
      </div>
    </>
  );
}
