import type { ReactNode } from 'react';
import { type Cell, type ReportAnswer, type ReportColumn, type Row, toNumber } from '../data/report-answer.ts';
import { termOf } from '../filters/edit-filter.ts';
import { ValueButton } from '../filters/value-button.tsx';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { formatMoment } from '../format/time-text.ts';
import { describeValue, nameOfNothing } from '../format/value-name.ts';
import { parseUtc } from '../view/time-range.ts';
import { MiddleText } from './middle-text.tsx';

/** A top list: the bar behind a row shows its first number against the largest one. */
export function ReportTable({ answer }: { readonly answer: ReportAnswer }) {
  const measure = answer.columns.find(isNumeric);
  const largest = measure ? Math.max(0, ...answer.rows.map((row) => toNumber(row[measure.name]) ?? 0)) : 0;
  const firstText = answer.columns.findIndex((column) => column.unit === 'text');
  return (
    <div className="table-scroll">
      <table className="report-table">
        <thead>
          <tr>
            {answer.columns.map((column) => (
              <th key={column.name} scope="col" className={isNumeric(column) ? 'number' : undefined}>
                {column.label}
              </th>
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
                    <NumberCell key={column.name} column={column} cell={row[column.name]} />
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

function isNumeric(column: ReportColumn): boolean {
  return column.unit !== 'text' && column.unit !== 'time';
}

function keyOf(row: Row, columns: readonly ReportColumn[]): string {
  const texts = columns.filter((column) => column.unit === 'text').map((column) => row[column.name]);
  return JSON.stringify(texts.length > 0 ? texts : row);
}

function NumberCell({ column, cell }: { readonly column: ReportColumn; readonly cell: Cell | undefined }) {
  const value = toNumber(cell);
  return (
    <td className={value ? 'number' : 'number zero'} title={formatExactly(value, column.unit)}>
      {formatQuantity(value, column.unit)}
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
