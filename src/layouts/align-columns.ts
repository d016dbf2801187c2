import type { Field } from '../formats/format.ts';
import { fits, fitWeight } from './value-fit.ts';

/** The field of each column, inferred from the values alone. */
export interface Alignment {
  readonly fields: readonly Field[];
  /** 0–1: the share of values that fit, lowered where another assignment explains the values nearly as well. */
  readonly confidence: number;
  /** Columns that fit another field about as well: 1-based position, the choice and the runner-up. */
  readonly doubtful: readonly { readonly column: number; readonly chosen: string; readonly other: string }[];
}

/**
 * Assigns fields to the columns of sample rows. Fields keep the order of their table and may be skipped; among
 * all such assignments the one whose fields fit the values best wins (dynamic programming over columns × fields). Each
 * column is then tried with every other field to measure the confidence of the choice.
 *
 * @param rows values by row; all rows have the same number of columns
 */
export function alignColumns(table: readonly Field[], rows: readonly (readonly string[])[]): Alignment | undefined {
  const width = rows[0]?.length ?? 0;
  if (width === 0 || width > table.length) return undefined;
  const scores = columnScores(table, rows, width);
  const forward = bestPrefix(scores, width, table.length);
  const backward = bestPrefix(scores.map((row) => [...row].reverse()).reverse(), width, table.length)
    .map((row) => [...row].reverse())
    .reverse();
  // through(j, k): the best total of all assignments that give field k to column j.
  const through = (j: number, k: number) => cell(forward, j, k) + cell(backward, j, k) - cell(scores, j, k);

  const chosen: number[] = [];
  const doubtful: { column: number; chosen: string; other: string }[] = [];
  let leastMargin = Number.POSITIVE_INFINITY;
  for (let j = 0; j < width; j++) {
    let [first, second] = [-1, -1];
    for (let k = chosen[j - 1] === undefined ? 0 : (chosen[j - 1] as number) + 1; k < table.length; k++) {
      if (first === -1 || through(j, k) > through(j, first)) [first, second] = [k, first];
      else if (second === -1 || through(j, k) > through(j, second)) second = k;
    }
    if (first === -1) return undefined;
    chosen.push(first);
    const margin = second === -1 ? Number.POSITIVE_INFINITY : through(j, first) - through(j, second);
    leastMargin = Math.min(leastMargin, margin);
    const [one, other] = [table[first], table[second]];
    if (margin < doubtfulMargin && one && other) doubtful.push({ column: j + 1, chosen: one.name, other: other.name });
  }
  const fields = chosen.map((k) => table[k] as Field);
  const fitting = fitShare(fields, rows);
  const sure = Math.min(1 - fewRows / rows.length, 0.5 + leastMargin / (2 * doubtfulMargin));
  return { fields, confidence: fitting * sure, doubtful };
}

/** Share of the values that fit their column's field. */
export function fitShare(fields: readonly Field[], rows: readonly (readonly string[])[]): number {
  let [good, all] = [0, 0];
  for (const row of rows) {
    for (const [index, field] of fields.entries()) {
      all++;
      if (fits(field, row[index] ?? '')) good++;
    }
  }
  return all === 0 ? 0 : good / all;
}

const doubtfulMargin = 0.15;
/** Any three-digit number may be a status: a match in one row may be chance. */
const fewRows = 0.25;
/** Penalty for a value that does not fit. */
const misfit = -4;
/** Penalty for skipping a field, so that neighbours stay together. All skips together weigh less than a doubt. */
const skipped = -0.002;

function columnScores(table: readonly Field[], rows: readonly (readonly string[])[], width: number): number[][] {
  return Array.from({ length: width }, (_, j) => {
    const column = countValues(rows.map((row) => row[j] ?? ''));
    return table.map((field) => {
      let total = 0;
      for (const [value, count] of column) total += count * (fits(field, value) ? fitWeight(field, value) : misfit);
      return total / rows.length;
    });
  });
}

/** Most columns of a log repeat a few values, so each distinct value is matched once per field. */
function countValues(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** best[j][k]: the best total of columns 0…j if column j has field k and the columns before it have earlier fields. */
function bestPrefix(scores: readonly (readonly number[])[], width: number, count: number): number[][] {
  const best: number[][] = [];
  for (let j = 0; j < width; j++) {
    let before = j === 0 ? 0 : Number.NEGATIVE_INFINITY;
    best.push(
      Array.from({ length: count }, (_, k) => {
        if (j > 0 && k > 0) before = Math.max(before + skipped, cell(best, j - 1, k - 1));
        const start = j === 0 ? k * skipped : before;
        return start + cell(scores, j, k);
      }),
    );
  }
  return best;
}

function cell(matrix: readonly (readonly number[])[], row: number, column: number): number {
  return matrix[row]?.[column] ?? Number.NEGATIVE_INFINITY;
}
