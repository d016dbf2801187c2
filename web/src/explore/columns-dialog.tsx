import type { ExploredTable } from '../../../src/explore/explored-table.ts';
import { useReportScope } from '../overview/report-context.ts';
import { Dialog } from '../panels/dialog.tsx';
import { moveColumn, shownColumns, toggleColumn } from './shown-columns.ts';

interface ColumnsDialogProps {
  readonly table: ExploredTable;
  readonly columns: readonly string[];
  readonly onChange: (columns: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Which columns, and in which order. */
export function ColumnsDialog({ table, columns, onChange, onClose }: ColumnsDialogProps) {
  const { fields } = useReportScope();
  const others = ['time', ...(fields?.byName.keys() ?? [])].filter((name) => !columns.includes(name));
  return (
    <Dialog title="Columns" onClose={onClose}>
      {() => (
        <>
          <ol className="column-list">
            {columns.map((name, place) => (
              <li key={name}>
                <span>{name}</span>
                <button
                  type="button"
                  className="button button-icon"
                  aria-label={`Move ${name} up`}
                  disabled={place === 0}
                  onClick={() => onChange(moveColumn(columns, name, place - 1))}
                >
                  ↑
                </button>
                <button
                  type="button"
                  className="button button-icon"
                  aria-label={`Move ${name} down`}
                  disabled={place === columns.length - 1}
                  onClick={() => onChange(moveColumn(columns, name, place + 1))}
                >
                  ↓
                </button>
                <button
                  type="button"
                  className="button button-icon"
                  aria-label={`Remove ${name}`}
                  disabled={columns.length === 1}
                  onClick={() => onChange(toggleColumn(columns, name))}
                >
                  ×
                </button>
              </li>
            ))}
          </ol>
          <footer className="dialog-foot">
            <select
              className="button"
              aria-label="Add a column"
              value=""
              onChange={({ currentTarget }) => currentTarget.value && onChange([...columns, currentTarget.value])}
            >
              <option value="">Add a column …</option>
              {others.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
            <button type="button" className="button" onClick={() => onChange([])}>
              Usual: {shownColumns({ table, columns: [] }).length} columns
            </button>
          </footer>
        </>
      )}
    </Dialog>
  );
}
