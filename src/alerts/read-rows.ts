import { type CompactResult, decodeRows, rowsFormat } from '../engine/decode-rows.ts';
import type { Engine } from '../engine/engine.ts';
import { withOwnAbort } from '../waiting/own-abort.ts';
import { AlertRefusal } from './alert-refusal.ts';
import type { Row } from './judge-condition.ts';

/** Epoch ms; the end is exclusive. */
export interface AlertRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface AlertQuestion {
  /** One SELECT; `{from}` and `{to}` are the range. */
  readonly sql: string;
  readonly range: AlertRange;
  /** Values of further placeholders. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** An alert that takes longer would miss its next evaluations. */
const mostSeconds = 10;
const mostBytes = 1024 * 1024;
const mostRows = 10_000;

/**
 * Asks a SELECT that a person wrote, as any question of users: judged first, without rights beyond the tables.
 * @throws AlertRefusal with a remedy, also when it takes too long or returns too much
 */
export function readRows(
  engine: Engine,
  { sql, range, params = {} }: AlertQuestion,
  signal: AbortSignal,
): Promise<Row[]> {
  return withOwnAbort(signal, async (own) => {
    const late = new AlertRefusal(
      `it took longer than ${mostSeconds} s; let it read fewer rows, for example of a shorter range`,
    );
    const timer = setTimeout(() => own.abort(late), mostSeconds * 1000);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    try {
      const question = { sql: withTypes(sql), params: { ...params, ...paramsOf(range) } };
      for await (const chunk of engine.ask(question, { format: rowsFormat, signal: own.signal })) {
        bytes += chunk.length;
        if (bytes > mostBytes) throw new AlertRefusal(tooMuch);
        chunks.push(chunk);
      }
    } catch (cause) {
      signal.throwIfAborted();
      throw own.signal.aborted ? late : cause;
    } finally {
      clearTimeout(timer);
    }
    if (bytes === 0) return [];
    const rows = decodeRows(JSON.parse(Buffer.concat(chunks).toString()) as CompactResult);
    if (rows.length > mostRows) throw new AlertRefusal(tooMuch);
    return rows;
  });
}

const tooMuch = `it returns more than ${mostRows} rows or 1 MiB; group by fewer columns, or add a LIMIT`;

/** `{from}` and `{to}` may be written without the type that the engine wants. */
function withTypes(sql: string): string {
  return sql.replaceAll(/\{(from|to)\}/g, "{$1:DateTime('UTC')}");
}

function paramsOf({ fromMs, toMs }: AlertRange): Record<string, string> {
  return { from: sqlTime(fromMs), to: sqlTime(toMs) };
}

/** `YYYY-MM-DD HH:MM:SS`, UTC. */
export function sqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
