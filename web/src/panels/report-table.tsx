import type { ReactNode } from 'react';
import type { Term } from '../../../src/filters/filter.ts';
import { type Cell, type ReportAnswer, type ReportColumn, type Row, toNumber } from '../data/report-answer.ts';
import { AddressLink } from '../explore/address-link.tsx';
import { rowsAddress } from '../explore/rows-address.ts';
import { termOf } from '../filters/edit-filter.ts';
import { ValueButton } from '../filters/value-button.tsx';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { formatMoment } from '../format/time-text.ts';
import { describeValue, nameOfNothing } from '../format/value-name.ts';
import { useReportScope } from '../overview/report-context.ts';
import { parseUtc } from '../view/time-range.ts';
import { MiddleText } from './middle-text.tsx';

interface ReportTableProps {
  readonly answer: ReportAnswer;
  /** The order that is asked for, as in {@link ReportParameters}. */
  readonly sort?: string;
  /** Absent where the order cannot be changed. */
  readonly onSort?: ((sort: string) => void) | undefined;
  /** Requests of all values: each row shows its share of them. */
  readonly total?: number | null;
  /** Called when a value has become a filter. */
  readonly onFilter?: (() => void) | undefined;
}

/** A top list: the bar behind a row shows its first number against the largest one. */
export function ReportTable({ answer: given, sort = '', onSort, total = null, onFilter }: ReportTableProps) {
  const answer = total === null ? given : withShares(given, total);
  const measure = answer.columns.find(isNumeric);
  const largest = measure ? Math.max(0, ...answer.rows.map((row) => toNumber(row[measure.name]) ?? 0)) : 0;
  const firstText = answer.columns.findIndex((column) => column.unit === 'text');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the buttons within are the controls
    <div className="table-scroll" onClick={({ target }) => isValue(target) && onFilter?.()}>
      <table className="report-table">
        <thead>
          <tr>
            {answer.columns.map((column) => (
              <Heading
                key={column.name}
                column={column}
                sort={sort || (column === measure ? `-${column.name}` : '')}
                onSort={column.name === shareColumn.name ? undefined : onSort}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.rows.map((row) => {
            const share = measure && largest > 0 ? (toNumber(row[measure.name]) ?? 0) / largest : 0;
            return (
              <tr key={keyOf(row, answer.columns)}>
                {answer.columns.map((column, position) =>
                  isNumeric(column) ? (
                    <NumberCell
                      key={column.name}
                      column={column}
                      cell={row[column.name]}
                      terms={column.name === 'requests' ? termsOf(row, answer.columns) : undefined}
                    />
                  ) : (
                    <td key={column.name} className={position === firstText ? 'text lead' : column.unit}>
                      {position === firstText && <i className="bar" style={{ width: `${share * 100}%` }} />}
                      <TextCell column={column} cell={row[column.name]} isLead={position === firstText} />
                    </td>
                  ),
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const shareColumn: ReportColumn = { name: 'share_of_all', label: 'Share', unit: 'ratio' };

function withShares(answer: ReportAnswer, total: number): ReportAnswer {
  if (total === 0 || answer.columns.some(({ name }) => name === 'share')) return answer;
  const rows = answer.rows.map((row) => ({ ...row, [shareColumn.name]: (toNumber(row.requests) ?? 0) / total }));
  return { ...answer, rows, columns: [...answer.columns, shareColumn] };
}

function isValue(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.value') !== null;
}

interface HeadingProps {
  readonly column: ReportColumn;
  readonly sort: string;
  readonly onSort: ((sort: string) => void) | undefined;
}

/** Numbers begin with the greatest, texts with the first; a second click turns the order round. */
function Heading({ column: { name, label, unit }, sort, onSort }: HeadingProps) {
  const isText = unit === 'text';
  const order = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : undefined;
  const next = (order === undefined ? isText : order === 'descending') ? name : `-${name}`;
  const arrow = { ascending: '↑', descending: '↓' };
  return (
    <th scope="col" className={isText || unit === 'time' ? undefined : 'number'} aria-sort={order}>
      {onSort ? (
        <button type="button" className="sort" onClick={() => onSort(next)}>
          {label}
          {order && <span aria-hidden="true"> {arrow[order]}</span>}
        </button>
      ) : (
        label
      )}
    </th>
  );
}

function isNumeric(column: ReportColumn): boolean {
  return column.unit !== 'text' && column.unit !== 'time';
}

function keyOf(row: Row, columns: readonly ReportColumn[]): string {
  const texts = columns.filter((column) => column.unit === 'text').map((column) => row[column.name]);
  return JSON.stringify(texts.length > 0 ? texts : row);
}

/** The requests that a row counts; undefined where a part of them is no field. */
function termsOf(row: Row, columns: readonly ReportColumn[]): readonly Term[] | undefined {
  const texts = columns.filter(({ unit, field }) => unit === 'text' && field !== undefined);
  return texts.length === 0 ? undefined : texts.map(({ name, field = name }) => termOf(field, String(row[name] ?? '')));
}

interface NumberCellProps {
  readonly column: ReportColumn;
  readonly cell: Cell | undefined;
  /** What it counts, as a filter. */
  readonly terms: readonly Term[] | undefined;
}

/** A number of requests leads to them. */
function NumberCell({ column, cell, terms }: NumberCellProps) {
  const value = toNumber(cell);
  const { addTerm } = useReportScope();
  const address = terms && addTerm && value ? rowsAddress(terms) : undefined;
  return (
    <td className={value ? 'number' : 'number zero'} title={formatExactly(value, column.unit)}>
      {address === undefined ? (
        formatQuantity(value, column.unit)
      ) : (
        <AddressLink className="to-rows" title="Show these requests" address={address}>
          {formatQuantity(value, column.unit)}
        </AddressLink>
      )}
    </td>
  );
}

interface TextCellProps {
  readonly column: ReportColumn;
  readonly cell: Cell | undefined;
  readonly isLead: boolean;
}

function TextCell({ column, cell, isLead }: TextCellProps) {
  if (column.unit === 'time') {
    const ms = parseUtc(String(cell ?? ''));
    return <span>{Number.isNaN(ms) ? '–' : formatMoment(ms)}</span>;
  }
  const text = String(cell ?? '');
  const { field } = column;
  const wrap = (shown: ReactNode) =>
    field === undefined ? shown : <ValueButton term={termOf(field, text)}>{shown}</ValueButton>;
  if (text === '') return wrap(<span className="muted">{isLead ? nameOfNothing(column.name) : '–'}</span>);
  const name = describeValue(column.name, text);
  return wrap(
    <>
      <MiddleText text={text} />
      {name && <span className="value-name">{name}</span>}
    </>,
  );
}
