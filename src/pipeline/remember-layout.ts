import type { Engine } from '../engine/engine.ts';
import { type Layout, layoutId } from '../layouts/layout.ts';

/** Writes a layout to `layouts` when it is new there. Safe to repeat. */
export async function rememberLayout(engine: Engine, layout: Layout): Promise<void> {
  await engine.run({
    sql: `
      INSERT INTO layouts
        (layout, format, framing, delimiter, columns, named_by, sampling_rate, first_used_at)
      SELECT {id:String}, {format:String}, {framing:String}, {delimiter:String}, {columns:Array(String)},
             {named_by:String}, {sampling_rate:UInt8}, now64(3)
      WHERE {id:String} NOT IN (SELECT layout FROM layouts)`,
    params: {
      id: layoutId(layout),
      format: layout.format.name,
      framing: layout.framing.kind,
      delimiter: layout.framing.kind === 'delimited' ? layout.framing.delimiter : '',
      columns: layout.columns,
      named_by: layout.namedBy,
      sampling_rate: layout.samplingRate,
    },
  });
}
