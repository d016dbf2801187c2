import type { Input } from '../engine/engine.ts';
import { type BatchLayout, isColumnLayout } from '../layouts/batch-layout.ts';
import { type FileInput, readFileOf } from './file-input.ts';

/** The engine's input for files of one layout. */
export function engineInput(layout: BatchLayout, inputs: readonly FileInput[]): Input {
  const parquet = isColumnLayout(layout) && layout.framing.kind === 'parquet';
  return {
    kind: parquet ? 'parquet' : 'lines',
    files: inputs.map(readFileOf).map(({ path, content, bytes, lines }) => ({
      path,
      gzip: content === 'gzip',
      bytes,
      ...(lines ? { lines } : {}),
    })),
    ...(parquet ? { columns: layout.columns.map((name) => [name, 'Nullable(String)'] as const) } : {}),
  };
}
