import { type Field, type Format, findField, isTime } from '../formats/format.ts';
import { type Alignment, alignColumns, fitShare } from './align-columns.ts';
import { fits } from './value-fit.ts';

/**
 * Which selection of a format's fields the columns are: a usual one that fits all values, else one inferred from them.
 * @param rows values by row; all rows have the same number of columns
 */
export function alignSelection(format: Format, rows: readonly (readonly string[])[]): Alignment | undefined {
  const alignment = alignColumns(format.fields, rows);
  for (const names of format.usualSelections ?? []) {
    const fields = names.flatMap((name) => findField(format, name) ?? []);
    if (!alignment || fields.length !== rows[0]?.length || !isSelection(fields, rows)) continue;
    const doubtful = alignment.doubtful.map(({ column, chosen, other }) => {
      const usual = fields[column - 1]?.name ?? '';
      return { column, chosen: usual, other: chosen === usual ? other : chosen };
    });
    return { fields, confidence: fitShare(fields, rows), doubtful };
  }
  return alignment;
}

/**
 * Whether a few odd values are all that the rows have, apart from a few rows that are damaged in several places. If the
 * odd ones are in one column, it is another.
 */
function isSelection(fields: readonly Field[], rows: readonly (readonly string[])[]): boolean {
  const isOdd = (row: readonly string[]) => fields.filter((field, index) => !fits(field, row[index] ?? '')).length > 1;
  const whole = rows.filter((row) => !isOdd(row));
  const mostOdd = Math.max(1, whole.length * (1 - columnFit));
  return (
    whole.length >= rows.length * wholeShare &&
    fitShare(fields, whole) >= usualFit &&
    fields.every((field, column) => whole.filter((row) => !fits(field, row[column] ?? '')).length <= mostOdd)
  );
}

const wholeShare = 0.8;
/** Most faults of a line strike its first column. */
const columnFit = 0.9;
/** Allows for a few odd values; one wrong column of the largest selection lowers the share by more than this. */
const usualFit = 0.99;

/** Whether one of the fields gives most rows a time; rows without a time cannot be stored. */
export function hasTime(fields: readonly Field[], rows: readonly (readonly string[])[]): boolean {
  return fields.some((field, column) => isTime(field.type) && field.type !== 'clock' && fillsMost(field, column, rows));
}

/** Whether most rows have a value of the field in a column. */
export function fillsMost(field: Field, column: number, rows: readonly (readonly string[])[]): boolean {
  const values = rows.map((row) => row[column] ?? '').filter((value) => value !== '' && value !== '-');
  return values.filter((value) => fits(field, value)).length > rows.length / 2;
}
