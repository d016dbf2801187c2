import type { Engine } from '../engine/engine.ts';
import { withOwnAbort } from '../waiting/own-abort.ts';
import { type BacktestRange, questionsOf, readWindows } from './backtest-query.ts';
import type { CompiledQuery } from './compile-query.ts';
import { WindowRefusal } from './window-refusal.ts';

export interface BacktestBounds {
  readonly mostRows: number;
  /** Of rows as JSON. */
  readonly mostBytes: number;
  /** Longer work ends with what there is. */
  readonly mostMs: number;
}

export interface BoundedBacktest {
  /** In the range. */
  readonly windows: number;
  /** By column, with window_start and window_end; ordered by window_start. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** All rows of windows that begin before then are there, epoch ms. */
  readonly untilMs: number;
}

type TestedRow = Readonly<Record<string, unknown>> & { readonly window_start: string };

/**
 * What a query would have emitted over the stored rows, as `backtestQuery` has it, as far as the bounds reach.
 * @throws WindowRefusal when there are too many windows, or one is beyond the bounds; EngineError; the reason of the signal
 */
export function testWithin(
  engine: Pick<Engine, 'ask'>,
  compiled: CompiledQuery,
  range: BacktestRange & BacktestBounds,
  signal: AbortSignal,
): Promise<BoundedBacktest> {
  return withOwnAbort(signal, async (own) => {
    const timer = setTimeout(() => own.abort(new Error('the time is over')), range.mostMs);
    const asker: Pick<Engine, 'ask'> = {
      ask: (statement, options) => engine.ask(statement, { ...options, signal: own.signal }),
    };
    let windows = 0;
    let bytes = 0;
    const rows: TestedRow[] = [];
    /** Without the last window, which may be incomplete. */
    const completeUntil = () => {
      const last = rows.at(-1)?.window_start ?? '';
      const complete = rows.filter(({ window_start }) => window_start !== last);
      if (complete.length === 0) throw tooLarge(compiled, range);
      return { windows, rows: complete, untilMs: Date.parse(`${last.replace(' ', 'T')}Z`) };
    };
    try {
      const found = await readWindows(asker, compiled, range);
      windows = found.length;
      for (const question of questionsOf(compiled, found)) {
        const options = { format: 'JSONEachRow', limit: range.mostRows + 1 - rows.length };
        let text = '';
        const decoder = new TextDecoder();
        for await (const piece of asker.ask(question, options)) {
          const lines = (text + decoder.decode(piece, { stream: true })).split('\n');
          text = lines.pop() ?? '';
          rows.push(...lines.map((line) => JSON.parse(line) as TestedRow));
          bytes += piece.length;
          if (rows.length > range.mostRows || bytes > range.mostBytes) return completeUntil();
        }
      }
      return { windows, rows, untilMs: range.untilMs };
    } catch (cause) {
      signal.throwIfAborted();
      if (own.signal.aborted && rows.length > 0) return completeUntil();
      if (own.signal.aborted) throw tooSlow(compiled, range);
      throw cause;
    } finally {
      clearTimeout(timer);
    }
  });
}

function tooLarge({ query }: CompiledQuery, { mostRows, mostBytes }: BacktestBounds): WindowRefusal {
  return new WindowRefusal(
    `cannot test "${query.name}": the first window has more than ${mostRows} rows or ${mostBytes} bytes; end the SELECT with LIMIT`,
  );
}

function tooSlow({ query }: CompiledQuery, { mostMs }: BacktestBounds): WindowRefusal {
  return new WindowRefusal(
    `cannot test "${query.name}": no window was answered within ${mostMs / 1000} s; choose a shorter range`,
  );
}
