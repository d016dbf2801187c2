import { formatDuration } from '../config/duration.ts';
import { replayDead } from '../deliveries/delivery-book.ts';
import type { WindowAnswer } from '../server/window-answer.ts';
import { nearestName } from '../text/nearest-name.ts';
import type { Asker } from '../windows/answer-rows.ts';
import { backtestQuery } from '../windows/backtest-query.ts';
import { classicQueries } from '../windows/classic-queries.ts';
import { type CompiledQuery, compileQuery, explainTree } from '../windows/compile-query.ts';
import { explainQuery } from '../windows/explain-query.ts';
import { flinkSql } from '../windows/flink-sql.ts';
import { isOutputOf } from '../windows/outputs/output-book.ts';
import type { WindowQuery, WindowShape } from '../windows/window-query.ts';
import { type Arguments, type Command, exitCodes, UsageError } from './command.ts';
import {
  type ConfiguredStore,
  configuredStore,
  serverOf,
  storeHelp,
  storeOptions,
  tellOfStore,
} from './configured-store.ts';
import { print, tell } from './print.ts';
import { callServer } from './running-server.ts';
import { readTimeRange, timeRangeOptions } from './time-range.ts';
import { withAsker } from './windows-asker.ts';
import { withStore } from './with-store.ts';
import { writeAnswer } from './write-answer.ts';

export const windowsCommand: Command = {
  usage:
    'tailrace windows [list] | explain NAME | backtest NAME [--from TIME] [--to TIME] | flink NAME | replay NAME [--store DIR | --config FILE]',
  options: { ...storeOptions, ...timeRangeOptions },
  help: `list names the continuous queries of the configuration, or those of tailrace demo where it has none, and how their
outputs are.

explain tells whether a query is folded from aggregate states or asked over the rows of each window, why, and how much state
there is. backtest runs it over the stored rows, and prints a JSON object for each row that it would have emitted. flink prints
the table and the query for Managed Service for Apache Flink, and what cannot be translated. replay sends windows once more that
outputs did not take; list shows them while a server runs. A running server is asked over HTTP.

Options:
  --from TIME      of backtest: windows that begin since then: 2026-01-01, or 2026-01-01T12:00Z; default an hour before --to
  --to TIME        windows that begin before then; default now
${storeHelp}`,
  async run(args) {
    const [action = 'list', name, ...more] = args.positionals;
    const configured = await configuredStore(args);
    const own = configured.loaded.config.windows;
    const queries = own.length > 0 ? own : classicQueries;
    if (action === 'list' && name === undefined) {
      const outputs = await readOutputs(configured);
      for (const { name, window, sql } of queries) {
        print(`${name}  ${describeWindow(window)}  ${oneLine(sql)}`, ...(outputs.get(name) ?? []).flatMap(outputLines));
      }
      return exitCodes.fine;
    }
    if (action === 'replay' && name !== undefined && more.length === 0) {
      await replay(configured, findQuery(queries, name).name);
      return exitCodes.fine;
    }
    const act = actions[action];
    if (!act || name === undefined || more.length > 0)
      throw new UsageError('windows wants list, or explain, backtest, flink or replay with the name of a query');
    const query = findQuery(queries, name);
    tellOfStore(args, configured);
    return withAsker(configured, async (asker) => act(asker, await compileQuery(asker, query), args));
  },
};

function findQuery(queries: readonly WindowQuery[], name: string): WindowQuery {
  const found = queries.find((query) => query.name === name);
  if (found) return found;
  const names = queries.map((query) => query.name);
  throw new UsageError(
    `there is no continuous query "${name}"; write ${nearestName(name, names) ?? `one of ${names.join(', ')}`}`,
  );
}

type OutputAnswer = WindowAnswer['outputs'][number];

/** By query; of a running server. */
async function readOutputs(configured: ConfiguredStore): Promise<Map<string, OutputAnswer[]>> {
  const server = await serverOf(configured);
  if (!server) return new Map();
  const { windows } = await callServer<{ windows: WindowAnswer[] }>(server, '/api/windows');
  return new Map(windows.map(({ name, outputs }) => [name, outputs]));
}

function outputLines({ type, name, state, waiting, dead, problem, deadLetters }: OutputAnswer): string[] {
  return [
    `  ${type} ${name}: ${state}, ${waiting} waiting, ${dead} given up${problem === null ? '' : `: ${problem}`}`,
    ...deadLetters.map((one) => `    window ${one.sequence} after ${counted(one.attempts, 'attempt')}: ${one.problem}`),
  ];
}

async function replay(configured: ConfiguredStore, query: string): Promise<void> {
  const server = await serverOf(configured);
  const { windows } = server
    ? await callServer<{ windows: number }>(server, `/api/windows/${query}/replay`, 'POST')
    : {
        windows: await withStore(configured, (engine) => replayDead(engine, 'window_deliveries', isOutputOf(query))),
      };
  print(`${counted(windows, 'window')} ${windows === 1 ? 'is' : 'are'} sent once more`);
  if (!server && windows > 0) tell('tailrace: as soon as "tailrace up" runs');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function describeWindow(window: WindowShape): string {
  if (window.type === 'session') {
    const key = window.key.length > 0 ? ` by ${window.key.join(', ')}` : '';
    return `session, gap ${formatDuration(window.gapMs)}${key}, longest ${formatDuration(window.longestMs)}`;
  }
  const size = formatDuration(window.sizeMs);
  return window.type === 'hopping' ? `hopping ${size} every ${formatDuration(window.everyMs)}` : `tumbling ${size}`;
}

function oneLine(sql: string): string {
  return sql.trim().split(/\s+/).join(' ');
}

/** Windows of a backtest, which are held in memory. */
const mostTested = 500_000;

type Action = (asker: Asker, compiled: CompiledQuery, args: Arguments) => Promise<number>;

const actions: Readonly<Record<string, Action>> = {
  async explain(asker, compiled) {
    const { name, window, from, version, sql, table, columns, states, why } = await explainQuery(asker, compiled);
    print(
      `${name}: ${describeWindow(window)} over ${from}, version ${version}`,
      sql,
      `results: ${table} (${['window_start', 'window_end', 'correction', ...columns.map((column) => `${column.name} ${column.type}`)].join(', ')})`,
    );
    if (!states) {
      print(`over rows: each window is asked over its rows once it is over, because ${why}`);
      return exitCodes.fine;
    }
    const { paneMs, keyTypes, stateTypes, size } = states;
    print(
      `incremental: each closed batch is folded into aggregate states by panes of ${formatDuration(paneMs)} and key, which are merged once a window is over`,
      `keys: ${keyTypes.join(', ') || 'none'}; states: ${stateTypes.join(', ') || 'none'}`,
      `state now: ${size.rows} rows, ${size.bytes} bytes in memory`,
    );
    return exitCodes.fine;
  },

  async backtest(asker, compiled, args) {
    const { fromMs, untilMs = Date.now() } = readTimeRange(args);
    const range = { fromMs: fromMs ?? untilMs - 3_600_000, untilMs, most: mostTested };
    return writeAnswer(backtestQuery(asker, compiled, range), 'ndjson');
  },

  async flink(asker, compiled) {
    const { table, query, problems } = flinkSql(compiled, await explainTree(asker, compiled.sql));
    print(...problems.map((problem) => `-- ${problem}`), table, ...(query === undefined ? [] : ['', query]));
    return exitCodes.fine;
  },
};
