import type { Engine } from '../engine/engine.ts';
import { directiveColumns } from '../layouts/detect-layout.ts';
import type { FileInput } from './file-input.ts';
import { engineInput, type Segment } from './store-batch.ts';

/**
 * Cuts a file at its `#Fields` lines, each of which names the columns of the lines below it. Needed for files that were
 * made by joining others; such a file is read twice, all others once.
 */
export async function findSegments(engine: Engine, input: FileInput, batch: string): Promise<Segment[]> {
  await engine.insertFrom(engineInput(input.layout, [input]), (source) => ({
    sql: `
      INSERT INTO header_lines (batch, object, line_number, line)
      SELECT {batch:UInt64}, object, line_number, line FROM ${source} WHERE startsWith(line, '#Fields')`,
    params: { batch },
  }));
  const headers = await engine.rows<{ number: number; line: string }>({
    sql: 'SELECT line_number AS number, line FROM header_lines WHERE batch = {batch:UInt64} ORDER BY line_number',
    params: { batch },
  });
  const starts = headers.map(({ number, line }) => ({
    from: number,
    layout: { ...input.layout, columns: directiveColumns(line), namedBy: 'header' as const, checked: [] },
  }));
  const all = [{ from: 0, layout: input.layout }, ...starts];
  return all
    .map((start, index) => ({ ...start, until: all[index + 1]?.from ?? Number.MAX_SAFE_INTEGER }))
    .map((segment) => ({ ...segment, from: Math.max(segment.from, input.fromLine) }))
    .filter(({ from, until }) => from < until);
}
