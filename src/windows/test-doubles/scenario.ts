import type { Engine, Statement } from '../../engine/engine.ts';
import { newBatchId } from '../../ledger/batch-id.ts';
import { takeBackBatches } from '../../ledger/take-back.ts';
import { type CompiledQuery, compileQuery } from '../compile-query.ts';
import { lookTogether } from '../look-together.ts';
import { makeResultsView, viewOf } from '../results-view.ts';
import { type Clocks, RunningQuery } from '../run-query.ts';
import type { WindowQuery, WindowShape } from '../window-query.ts';
import { closeRows, type LoadedRow, storeRows } from './loaded-batches.ts';

const dayMs = Date.UTC(2026, 2, 1);

/**
 * Runs a scenario: a command per line, the lines of an `expect` indented below it.
 *
 * - `query NAME TYPE SIZE [every SIZE] lateness D disorder D idle D: SELECT …` begins, or changes, the query;
 *   of sessions the size is the gap, with `longest D` and `key COLUMN`
 * - `at 10:00:01` lets time pass until then; `clock 09:00:00` sets the clock of the machine alone
 * - `load FEED: 10:00:00.5 VIEWER BYTES, …` closes a batch; `take back FEED: …` stores one that is never closed
 * - `restart` ends the query and begins it again; `killed before INSERT INTO x` does so when it comes to that statement
 * - `expect` what was emitted since the last one: `START +CORRECTION VALUE …`, a line for each row, `-` without rows; after the
 *   start of a session its key, `[KEY]`
 * - `view` what the view shows now, in the same form; `dropped N`
 *
 * @returns the scenario as it went, with what was found in place of what was expected
 */
export async function runScenario(
  engine: Engine,
  spoolDirectory: string,
  text: string,
  prepare: PrepareQuery = prepareQuery,
): Promise<string> {
  const run = new ScenarioRun(engine, spoolDirectory, prepare);
  const written: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('  ')) continue;
    written.push(line, ...(await run.do(line)).map((found) => `  ${found}`));
  }
  return written.join('\n');
}

/** Compiles a query and makes its view. */
export type PrepareQuery = (engine: Engine, query: WindowQuery) => Promise<CompiledQuery>;

export const prepareQuery: PrepareQuery = async (engine, query) => {
  const compiled = await compileQuery(engine, query);
  await makeResultsView(engine, compiled);
  return compiled;
};

class KilledError extends Error {}

class ScenarioRun {
  readonly #engine: Engine;
  readonly #spoolDirectory: string;
  readonly #prepare: PrepareQuery;
  #nowMs = dayMs;
  #steadyMs = 0;
  #seen = 0;
  #compiled: CompiledQuery | undefined;
  #running: RunningQuery | undefined;
  /** By which it looks. */
  #looking: Engine;
  #dropped = 0;
  /** Of the processes before. */
  #emissions = 0;
  /** When emissions were read last. */
  #readEmissions = -1;

  constructor(engine: Engine, spoolDirectory: string, prepare: PrepareQuery) {
    this.#engine = engine;
    this.#looking = engine;
    this.#spoolDirectory = spoolDirectory;
    this.#prepare = prepare;
  }

  async do(line: string): Promise<string[]> {
    const [command = '', ...words] = line.split(' ');
    const rest = words.join(' ');
    switch (command) {
      case 'query':
        await this.#begin(rest);
        return [];
      case 'at':
        this.#steadyMs += Math.max(0, timeOf(rest) - this.#nowMs);
        this.#nowMs = timeOf(rest);
        await this.#look();
        return [];
      case 'clock':
        this.#nowMs = timeOf(rest);
        await this.#look();
        return [];
      case 'load':
      case 'take':
        await this.#load(rest.replace(/^back /, ''), command === 'load');
        await this.#look();
        return [];
      case 'restart':
        await this.#open();
        return [];
      case 'killed':
        await this.#kill(rest.replace(/^before /, ''));
        return [];
      case 'expect':
        return this.#emitted();
      case 'view':
        return this.#view();
      case 'dropped':
        return [String(this.#dropped + (this.#running?.counts.dropped ?? 0))];
      default:
        return [];
    }
  }

  async #begin(text: string): Promise<void> {
    this.#compiled = await this.#prepare(this.#engine, readQuery(text));
    await this.#open();
  }

  async #open(engine = this.#engine): Promise<void> {
    if (!this.#compiled) throw new Error('BUG: a scenario begins with a query');
    this.#dropped += this.#running?.counts.dropped ?? 0;
    this.#emissions += this.#running?.counts.emissions ?? 0;
    const clocks: Clocks = { now: () => this.#nowMs, steady: () => this.#steadyMs };
    this.#looking = engine;
    this.#running = await RunningQuery.open(engine, this.#compiled, clocks);
  }

  async #look(): Promise<void> {
    const context = { engine: this.#looking, worker: '', spoolDirectory: this.#spoolDirectory };
    try {
      while (this.#running && (await lookTogether(context, [this.#running])).includes(true));
    } catch (cause) {
      if (!(cause instanceof KilledError)) throw cause;
    }
  }

  async #load(text: string, isClosed: boolean): Promise<void> {
    const at = text.indexOf(': ');
    const batch = newBatchId();
    const rows = text
      .slice(at + 2)
      .split(', ')
      .map(readRow);
    await storeRows(this.#engine, batch, rows);
    await this.#look();
    if (isClosed) await closeRows(this.#engine, batch, text.slice(0, at), rows);
    else await takeBackBatches(this.#engine, [batch]);
  }

  /** What was done until then stays. */
  async #kill(beginning: string): Promise<void> {
    const engine = new Proxy(this.#engine, {
      get: (target, key) => {
        const own = Reflect.get(target, key) as unknown;
        if (typeof own !== 'function') return own;
        return (...words: unknown[]) => {
          const statement =
            key === 'insertFrom' ? (words[1] as (source: string) => Statement)('x') : (words[0] as Partial<Statement>);
          if (statement?.sql?.trimStart().startsWith(beginning)) throw new KilledError();
          return (own as (...words: unknown[]) => unknown).apply(target, words);
        };
      },
    });
    await this.#open(engine);
  }

  async #emitted(): Promise<string[]> {
    const emissions = this.#emissions + (this.#running?.counts.emissions ?? 0);
    if (emissions === this.#readEmissions) return [];
    this.#readEmissions = emissions;
    const { name } = this.#compiled?.query ?? { name: '' };
    const rows = await this.#engine.rows<{ text: string; sequence: number }>({
      sql: `
        SELECT concat(formatDateTime(e.window_start, '%H:%i:%S'), if(empty(e.key), '', concat(' [', arrayStringConcat(e.key, ' '), ']')), ' +', toString(e.correction), if(empty(r.row), ' -', concat(' ', arrayStringConcat(r.row, ' ')))) AS text,
          e.sequence AS sequence
        FROM window_emissions AS e
        LEFT JOIN window_results AS r ON r.query = e.query AND r.version = e.version AND r.emission = e.emission AND r.window_start = e.window_start AND r.key = e.key
        WHERE e.query = {name:String} AND e.sequence > {seen:UInt64}
        ORDER BY e.sequence, r.number`,
      params: { name, seen: this.#seen },
    });
    this.#seen = rows.at(-1)?.sequence ?? this.#seen;
    return rows.map(({ text }) => text);
  }

  async #view(): Promise<string[]> {
    const { query, columns } = this.#compiled ?? {};
    const rows = await this.#engine.rows<{ text: string }>({
      sql: `
        SELECT concat(formatDateTime(window_start, '%H:%i:%S'), ' +', toString(correction), ' ', concatWithSeparator(' ', ${columns?.map(({ name }) => `toString(${name})`).join(', ')}, '')) AS text
        FROM ${viewOf(query?.name ?? '')}
        ORDER BY text`,
    });
    return rows.map(({ text }) => text.trimEnd());
  }
}

function readQuery(text: string): WindowQuery {
  const at = text.indexOf(': ');
  const [name = '', type, size = '', ...more] = text.slice(0, at).split(' ');
  const option = (key: string) => durationOf(more[more.indexOf(key) + 1] ?? '');
  const sizeMs = durationOf(size);
  const window = readShape(type, sizeMs, { option, key: more[more.indexOf('key') + 1] ?? '' });
  return {
    ...{ name, window, from: 'requests', sql: text.slice(at + 2) },
    ...{ latenessMs: option('lateness'), disorderMs: option('disorder'), idleMs: option('idle') },
    ...{ keepMs: 10 * 365 * 86_400_000, rebuildMs: 3_600_000, outputs: [] },
  };
}

function readShape(
  type: string | undefined,
  sizeMs: number,
  { option, key }: { readonly option: (key: string) => number; readonly key: string },
): WindowShape {
  if (type === 'hopping') return { type, sizeMs, everyMs: option('every') };
  if (type === 'session') return { type, gapMs: sizeMs, longestMs: option('longest'), key: [key] };
  return { type: 'tumbling', sizeMs };
}

function readRow(text: string): LoadedRow {
  const [time = '', viewer = '', bytes = '0'] = text.trim().split(' ');
  return { timeMs: timeOf(time), viewer, bytes: Number(bytes) };
}

/** `10:00:00.5` on the day of the scenario, or with a date before it. */
function timeOf(text: string): number {
  return text.includes('T') ? Date.parse(`${text}Z`) : Date.parse(`2026-03-01T${text}Z`);
}

function durationOf(text: string): number {
  const units: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };
  return Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? 0);
}
