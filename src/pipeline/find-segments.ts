import type { Engine } from '../engine/engine.ts';
import type { Refused } from '../layouts/batch-layout.ts';
import { directiveColumns } from '../layouts/fields-directive.ts';
import { type Layout, patternedFields } from '../layouts/layout.ts';
import { headerCondition } from '../layouts/line-verdict.ts';
import { openedLines } from '../layouts/opening/opened-lines.ts';
import { splitValues, splitValuesExpression } from '../layouts/split-values.ts';
import { engineInput } from './engine-input.ts';
import type { FileInput } from './file-input.ts';

/** Consecutive lines of one layout: `from <= number < until`. */
export interface Segment {
  readonly layout: Layout | Refused;
  readonly from: number;
  readonly until: number;
}

/** A file's place in its batch, from 1: others of the batch may have header lines too. */
export interface BatchObject {
  readonly batch: string;
  readonly object: number;
}

/** Limit, because each segment is an INSERT that reads the file. */
const maxSegments = 100;
const maxHeaderBytes = 64 * 1024;

const tooManySegments: Refused = {
  refused: `the columns change more than ${maxSegments} times in this file; cut it at its header lines`,
};

/**
 * Cuts a file at its `#Fields` lines (or at the bare headers of `plain`), each of which names the columns of the lines
 * below it. Needed for concatenated files; such a file is read once more for each change of its columns, all others
 * once. Lines after too many changes are refused.
 */
export async function findSegments(
  engine: Engine,
  input: FileInput & { readonly layout: Layout },
  { batch, object }: BatchObject,
): Promise<Segment[]> {
  await engine.insertFrom(engineInput(input.layout, [input]), (source) => ({
    sql: `
      INSERT INTO header_lines (batch, object, line_number, line)
      SELECT {batch:UInt64}, {object:UInt32}, line_number, line FROM ${linesOf(input.layout, source)} WHERE ${isHeader(input.layout)}`,
    params: { batch, object, delimiter: delimiterOf(input.layout) },
    group: batch,
  }));
  const headers = await engine.rows<{ number: number; line: string }>({
    sql: `
      SELECT line_number AS number, substring(line, 1, {most_bytes:UInt64}) AS line
      FROM (
        SELECT line_number, line, lagInFrame(line) OVER (ORDER BY line_number ROWS 1 PRECEDING) AS before
        FROM header_lines
        WHERE batch = {batch:UInt64} AND object = {object:UInt32}
      )
      WHERE line != before
      ORDER BY line_number
      LIMIT {most:UInt64}`,
    params: { batch, object, most: maxSegments + 1, most_bytes: maxHeaderBytes },
  });
  const starts = headers.map(({ number, line }, index) => ({
    from: number,
    layout: index < maxSegments ? layoutBelow(line.replace(/\r$/, ''), input.layout) : tooManySegments,
  }));
  const all = [{ from: 0, layout: input.layout }, ...starts];
  return all
    .map((start, index) => ({ ...start, until: all[index + 1]?.from ?? Number.MAX_SAFE_INTEGER }))
    .map((segment) => ({ ...segment, from: Math.max(segment.from, input.fromLine) }))
    .filter(({ from, until }) => from < until);
}

/** A transport may carry the header too. */
function linesOf({ opening: steps = [] }: Layout, source: string): string {
  return steps.length === 0 ? source : openedLines(source, { steps });
}

function isHeader({ format, framing }: Layout): string {
  const directive = "startsWith(line, '#Fields')";
  if (framing.kind !== 'delimited' || framing.header === '') return directive;
  return `${directive} OR ${headerCondition(format, splitValuesExpression('line', framing.delimiter))}`;
}

function delimiterOf({ framing }: Layout): string {
  return framing.kind === 'delimited' ? framing.delimiter : '';
}

function layoutBelow(header: string, layout: Layout): Layout {
  const named = { ...layout, namedBy: 'header' as const, checked: patternedFields(layout.format.fields) };
  if (header.startsWith('#')) return { ...named, columns: directiveColumns(header) };
  const delimiter = delimiterOf(layout);
  return { ...named, framing: { kind: 'delimited', delimiter, header }, columns: splitValues(header, delimiter) };
}
