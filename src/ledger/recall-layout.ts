import type { Engine } from '../engine/engine.ts';
import { findFormat } from '../formats/catalog.ts';
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
  const format = stored && findFormat(stored.format);
  if (!format) return undefined;
  const { delimiter, columns, samplingRate } = stored;
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
