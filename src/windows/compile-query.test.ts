import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import { backtestQuery } from './backtest-query.ts';
import { classicQueries } from './classic-queries.ts';
import { compileQuery, explainTree } from './compile-query.ts';
import { flinkSql } from './flink-sql.ts';
import { storeRows } from './test-doubles/loaded-batches.ts';
import type { WindowQuery, WindowShape } from './window-query.ts';

const dayMs = Date.UTC(2026, 2, 1);
const [, , topTalkers] = classicQueries;

describe('a continuous query', () => {
  let scratch: ScratchStore;
  beforeAll(async () => {
    scratch = await ScratchStore.open();
  });
  afterAll(() => scratch.close());

  const queryOf = (sql: string, window: WindowShape = { type: 'tumbling', sizeMs: 10_000 }): WindowQuery => ({
    ...(topTalkers as WindowQuery),
    ...{ name: 'tried', window, sql },
  });
  const compile = (sql: string, window?: WindowShape) => compileQuery(scratch.store.engine, queryOf(sql, window));

  test('is folded from states where that is surely right', async () => {
    const { states, columns } = await compile(
      "SELECT lower(host) AS h, status DIV 100 AS class, countIf(status >= 500) / count() AS share, quantileExact(0.9)(bytes_sent) AS q FROM requests WHERE method = 'GET' GROUP BY h, class HAVING count() > 1 ORDER BY share DESC LIMIT 5",
    );
    expect(states?.keyTypes).toEqual(['LowCardinality(String)', 'UInt16']);
    expect(states?.stateTypes).toEqual([
      'AggregateFunction(countIf, UInt8)',
      'AggregateFunction(count)',
      'AggregateFunction(quantileExact(0.9), UInt64)',
    ]);
    expect(columns.map(({ name }) => name)).toEqual(['h', 'class', 'share', 'q']);
  });

  test.each([
    ['SELECT count() AS n FROM requests', 'it has no GROUP BY'],
    ['SELECT host, path FROM requests', 'it has no GROUP BY'],
    ['SELECT host, any(path) AS p FROM requests GROUP BY host', 'the states of any do not surely merge'],
    ['SELECT host, argMax(path, time) AS p FROM requests GROUP BY host', 'the states of argMax do not surely merge'],
    ['SELECT host, count() AS n FROM requests GROUP BY host WITH TOTALS', 'it has more than SELECT'],
    ['SELECT host, count() AS n FROM requests GROUP BY ALL', 'it has more than SELECT'],
    ['SELECT host, count() AS n FROM requests GROUP BY host ORDER BY 2', 'it has more than SELECT'],
    ['SELECT host, count() AS n FROM requests GROUP BY host LIMIT 1 BY n', 'it has more than SELECT'],
    ['SELECT host, count() AS n FROM requests GROUP BY host LIMIT 2, 1', 'it has more than SELECT'],
    ['SELECT DISTINCT host, count() AS n FROM requests GROUP BY host', 'it has more than SELECT'],
    ['SELECT host, count() AS n, sum(n) OVER () AS s FROM requests GROUP BY host', 'it has window functions'],
    [
      'SELECT a.host AS h, count() AS n FROM requests AS a JOIN requests AS b ON a.host = b.host GROUP BY h',
      'it joins',
    ],
    [
      'SELECT host, count() AS n FROM requests WHERE bytes_sent > (SELECT avg(bytes_sent) FROM requests) GROUP BY host',
      'it has a subquery',
    ],
    ['SELECT host, count() AS n FROM requests WHERE time > now() - 60 GROUP BY host', 'it calls now'],
    ['SELECT toString(window_start) AS w, count() AS n FROM requests GROUP BY w', 'an alias in w stands for'],
    ['WITH x AS (SELECT * FROM requests) SELECT host, count() AS n FROM x GROUP BY host', 'it has WITH'],
  ])('%s is asked over rows', async (sql, why) => {
    const compiled = await compile(sql);
    expect(compiled.states).toBeUndefined();
    expect(compiled.why).toContain(why);
  });

  test.each([
    ['SELECT * FROM logs', 'it reads the table logs; name only requests'],
    ['SELECT host FROM tailrace.requests', 'it reads the table tailrace.requests'],
    ['SELECT 1 AS one', 'it does not read requests'],
    ['SELECT host FROM requests WHERE host IN (SELECT origin FROM ledger)', 'it reads the table ledger'],
    ["SELECT host, file('/etc/passwd') AS f FROM requests", 'questions may not call the table function'],
    ['SELECT host FROM requests SETTINGS max_threads = 64', 'SETTINGS'],
    ['SELECT name FROM system.users', 'reveals details of the machine'],
    ['DROP TABLE requests', 'not allowed in a query'],
    ['SHOW TABLES', 'not allowed in a query'],
    ['SELECT host, host FROM requests', 'a second column host'],
    ['SELECT host, sumState(bytes_sent) AS s FROM requests GROUP BY host', 'has the type AggregateFunction'],
    ['SELECT nothing FROM requests', 'nothing'],
  ])('%s is refused', async (sql, cause) => {
    await expect(compile(sql)).rejects.toThrow(cause);
  });

  test('its backtest answers from rows what its states would', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({
      timeMs: dayMs + index * 700,
      viewer: `v${index % 4}`,
      bytes: index,
    }));
    await storeRows(scratch.store.engine, '77', rows);
    const sql =
      'SELECT client_ip AS viewer, count() AS n, sum(bytes_sent) AS bytes FROM requests GROUP BY viewer ORDER BY n DESC, viewer LIMIT 2';
    const backtest = async (text: string) => {
      const pieces: Uint8Array[] = [];
      const compiled = await compile(text, { type: 'hopping', sizeMs: 20_000, everyMs: 10_000 });
      for await (const piece of backtestQuery(scratch.store.engine, compiled, {
        fromMs: dayMs,
        untilMs: dayMs + 40_000,
        most: 1000,
      }))
        pieces.push(piece);
      return Buffer.concat(pieces).toString().trim().split('\n').sort();
    };
    const folded = await backtest(sql);
    expect(folded).toHaveLength(8);
    expect(folded[0]).toContain(
      '"window_start":"2026-03-01 00:00:00.000","window_end":"2026-03-01 00:00:20.000","viewer":"v0"',
    );
    expect(await backtest(`SELECT * FROM (${sql})`)).toEqual(folded);
  });

  test('its backtest finds sessions, which end a gap after their last row or at a multiple of their longest time', async () => {
    const startMs = dayMs + 86_400_000;
    const secondsOf = { v1: [1, 9, 15, 20], v2: [10], v3: [40, 55, 59, 61] };
    const rows = Object.entries(secondsOf).flatMap(([viewer, seconds]) =>
      seconds.map((second) => ({ timeMs: startMs + second * 1000, viewer, bytes: 1 })),
    );
    await storeRows(scratch.store.engine, '78', rows);
    const window: WindowShape = { type: 'session', gapMs: 10_000, longestMs: 60_000, key: ['client_ip'] };
    const backtest = async (sql: string, most = 100) => {
      const pieces: Uint8Array[] = [];
      const range = { fromMs: startMs, untilMs: startMs + 61_000, most };
      for await (const piece of backtestQuery(scratch.store.engine, await compile(sql, window), range))
        pieces.push(piece);
      const found = Buffer.concat(pieces).toString().trim().split('\n');
      return found.map((line) => {
        const { window_start, window_end, viewer, n } = JSON.parse(line) as Record<string, string>;
        const second = (text = '') => (Date.parse(`${text.replace(' ', 'T')}Z`) - startMs) / 1000;
        return [second(window_start), second(window_end), viewer, Number(n)];
      });
    };
    const sql = 'SELECT client_ip AS viewer, count() AS n FROM requests GROUP BY viewer';
    const sessions = [
      [1, 30, 'v1', 4],
      [10, 20, 'v2', 1],
      [40, 50, 'v3', 1],
      [55, 60, 'v3', 2],
    ];
    expect(await backtest(sql)).toEqual(sessions);
    expect(await backtest(`SELECT * FROM (${sql})`)).toEqual(sessions);
    await expect(backtest(sql, 3)).rejects.toThrow('there are more than 3 windows');
  });

  test('is written for Flink, with the first ones of each window as a Top-N', async () => {
    const { engine } = scratch.store;
    const compiled = await compileQuery(engine, topTalkers as WindowQuery);
    const { table, query, problems } = flinkSql(compiled, await explainTree(engine, compiled.sql));
    expect(table).toContain("WATERMARK FOR `time` AS `time` - INTERVAL '5' SECOND(2)");
    expect(query).toBe(
      `SELECT window_start, window_end, \`viewer\`, \`requests\`, \`bytes\`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY \`requests\` DESC, \`bytes\` DESC, \`viewer\` ASC) AS \`place\`
  FROM (
    SELECT window_start,
      window_end,
      \`client_ip\` AS \`viewer\`,
      COUNT(*) AS \`requests\`,
      SUM(\`bytes_sent\`) AS \`bytes\`
    FROM TABLE(TUMBLE(TABLE \`requests\`, DESCRIPTOR(\`time\`), INTERVAL '60' SECOND(2)))
    GROUP BY window_start, window_end, \`client_ip\`
  )
)
WHERE \`place\` <= 50;`,
    );
    expect(problems).toEqual([
      'late rows: a window table-valued function drops what comes after the watermark; there are no corrections',
    ]);
  });
});
