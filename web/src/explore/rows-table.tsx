import { type DragEvent, Fragment, type MouseEvent } from 'react';
import type { ExploredTable } from '../../../src/explore/explored-table.ts';
import type { ExploreState } from './explore-address.ts';
import type { ExploredRow } from './explore-source.ts';
import { isMeasure, printCell, toneOf } from './print-cell.ts';
import { RowDetails } from './row-details.tsx';

interface RowsTableProps {
  readonly table: ExploredTable;
  readonly columns: readonly string[];
  readonly rows: readonly ExploredRow[];
  /** Position of the row that is open. */
  readonly open: string;
  readonly change: (part: Partial<ExploreState>) => void;
  readonly onMove: (column: string, to: number) => void;
}

/** Texts that take the room that is left. */
const longTexts = new Set(['path', 'message', 'user_agent', 'query', 'referer']);

export function RowsTable({ table, columns, rows, open, change, onMove }: RowsTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table-scroll" tabIndex={0} aria-label="Rows">
      <table className="result-table rows-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-text">Open</span>
            </th>
            {columns.map((name, place) => (
              <th
                key={name}
                scope="col"
                className={isMeasure(name) ? 'number' : undefined}
                title="Drag to move"
                {...draggable(name, place, onMove)}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const isOpen = row.row === open;
            const toggle = () => change({ row: isOpen ? '' : row.row });
            const onClick = ({ target }: MouseEvent) => {
              const isControl = target instanceof Element && target.closest('button, a');
              if (!isControl && !window.getSelection()?.toString()) toggle();
            };
            return (
              <Fragment key={row.row}>
                <tr className={isOpen ? 'row row-open' : 'row'} onClick={onClick}>
                  <td>
                    <button
                      type="button"
                      className="row-button"
                      data-row-button=""
                      aria-expanded={isOpen}
                      aria-label={`Row of ${row.time ?? row.row}`}
                      onClick={toggle}
                    >
                      {isOpen ? '▾' : '▸'}
                    </button>
                  </td>
                  {columns.map((name) => {
                    const text = printCell(name, row[name]);
                    const tone = toneOf(name, row[name]);
                    return (
                      <td
                        key={name}
                        className={
                          [longTexts.has(name) ? 'long' : '', isMeasure(name) ? 'number' : '', tone]
                            .filter(Boolean)
                            .join(' ') || undefined
                        }
                        title={text}
                      >
                        {text}
                      </td>
                    );
                  })}
                </tr>
                {isOpen && (
                  <tr className="row-detail">
                    <td colSpan={columns.length + 1}>
                      <RowDetails table={table} row={row.row} columns={columns} change={change} />
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const dragType = 'text/x-tailrace-column';

/** A heading that is dragged to another place; the dialog of the columns does the same by keyboard. */
function draggable(name: string, place: number, onMove: (column: string, to: number) => void) {
  return {
    draggable: true,
    onDragStart: ({ dataTransfer }: DragEvent) => dataTransfer.setData(dragType, name),
    onDragOver: (event: DragEvent) => {
      if (event.dataTransfer.types.includes(dragType)) event.preventDefault();
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      const dragged = event.dataTransfer.getData(dragType);
      if (dragged !== '' && dragged !== name) onMove(dragged, place);
    },
  };
}
