import { type CompactResult, decodeRows, rowsFormat, rowsSettings } from '../engine/decode-rows.ts';
import type { Engine, Statement } from '../engine/engine.ts';

/** Somebody waits for it on a page. */
const maxSeconds = 30;

/** Rows of a statement that the signal cancels. @throws EngineError as `Engine.stream` does */
export async function askRows<T>(engine: Engine, statement: Statement, signal: AbortSignal): Promise<T[]> {
  const settings = { ...rowsSettings, max_execution_time: maxSeconds, ...statement.settings };
  const chunks: Uint8Array[] = [];
  for await (const chunk of engine.stream({ ...statement, settings }, { format: rowsFormat, signal }))
    chunks.push(chunk);
  return decodeRows(JSON.parse(Buffer.concat(chunks).toString()) as CompactResult) as T[];
}
