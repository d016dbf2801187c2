import type { Engine } from '../engine/engine.ts';
import { type BatchLayout, batchLayoutId, isColumnLayout, isRefused } from '../layouts/batch-layout.ts';

const remembered = new WeakMap<Engine, Set<string>>();

/** Writes a layout to `layouts` when it is new there. Idempotent. */
export async function rememberLayout(engine: Engine, layout: BatchLayout): Promise<void> {
  const id = batchLayoutId(layout);
  const known = remembered.get(engine) ?? new Set();
  remembered.set(engine, known);
  if (isRefused(layout) || known.has(id)) return;
  await engine.run({
    sql: `
      INSERT INTO layouts
        (layout, format, framing, delimiter, columns, named_by, sampling_rate, first_used_at)
      SELECT {id:String}, {format:String}, {framing:String}, {delimiter:String}, {columns:Array(String)},
             {named_by:String}, {sampling_rate:UInt8}, now64(3)
      WHERE {id:String} NOT IN (SELECT layout FROM layouts)`,
    params: { id, format: layout.format.name, ...shape(layout) },
  });
  known.add(id);
}

/** Lines of application logs carry their own fields; only access logs have columns. */
function shape(layout: Exclude<BatchLayout, { refused: string }>) {
  if (!isColumnLayout(layout)) {
    return { framing: 'lines', delimiter: '', columns: [], named_by: 'header', sampling_rate: 100 };
  }
  const { framing, columns, namedBy, samplingRate } = layout;
  return {
    framing: framing.kind,
    delimiter: framing.kind === 'delimited' ? framing.delimiter : '',
    columns,
    named_by: namedBy,
    sampling_rate: samplingRate,
  };
}
