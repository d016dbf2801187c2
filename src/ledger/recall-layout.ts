import type { Engine } from '../engine/engine.ts';
import { findFormat } from '../formats/catalog.ts';
import type { BatchLayout } from '../layouts/batch-layout.ts';
import { type Layout, patternedFields } from '../layouts/layout.ts';

interface StoredLayout {
  readonly format: string;
  readonly delimiter: string;
  readonly columns: readonly string[];
  readonly samplingRate: number;
}

/**
 * The layout that a stream's lines had when they were last stored, if its header named it: a header is sent once, so
 * after a restart only the store knows it.
 */
export async function recallLayout(engine: Engine, origin: string): Promise<Layout | undefined> {
  const [stored] = await engine.rows<StoredLayout>({
    sql: `
      SELECT l.format AS format, l.delimiter AS delimiter, l.columns AS columns, l.sampling_rate AS samplingRate
      FROM (
        SELECT layout
        FROM ledger
        WHERE origin = {origin:String} AND batch = (SELECT max(batch) FROM ledger WHERE origin = {origin:String})
        ORDER BY object DESC
        LIMIT 1
      ) AS g
      JOIN layouts AS l ON l.layout = g.layout
      WHERE l.named_by = 'header' AND l.framing = 'delimited'
      LIMIT 1`,
    params: { origin },
  });
  return stored && layoutOf(stored);
}

export const changedHeader = 'the header changes within its object; store the object again';

/**
 * The layout of lines that were stored in a batch below a header and have lost it since. Undefined where none had one;
 * where their columns changed, nothing tells which ones a line had.
 */
export async function recallHeader(engine: Engine, origin: string, batch: string): Promise<BatchLayout | undefined> {
  const [stored] = await engine.rows<StoredLayout & { readonly headers: number }>({
    sql: `
      WITH objects AS (SELECT batch, object, layout FROM ledger WHERE origin = {origin:String} AND batch = {batch:UInt64})
      SELECT
        format, delimiter, columns, sampling_rate AS samplingRate,
        (SELECT uniqExact(line) FROM header_lines WHERE (batch, object) IN (SELECT batch, object FROM objects)) AS headers
      FROM layouts
      WHERE named_by = 'header' AND framing = 'delimited' AND layout IN (SELECT layout FROM objects)
      LIMIT 1`,
    params: { origin, batch },
  });
  if (stored && stored.headers > 1) return { refused: changedHeader };
  return stored && layoutOf(stored);
}

function layoutOf({ format: name, delimiter, columns, samplingRate }: StoredLayout): Layout | undefined {
  const format = findFormat(name);
  if (!format) return undefined;
  return {
    format,
    framing: { kind: 'delimited', delimiter, header: '' },
    columns,
    namedBy: 'header',
    checked: patternedFields(format.fields),
    encodedTwice: false,
    samplingRate,
  };
}
