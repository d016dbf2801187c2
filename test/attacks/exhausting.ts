import { type Attack, plain } from './attack.ts';

const times = (text: string, count: number) => text.repeat(count);

/** Queries that need more time, memory or disk than available; each is answered, refused or stopped. */
export const exhausting: readonly Attack[] = [
  ...plain([
    'SELECT number, count() FROM numbers(1e12) GROUP BY number',
    'SELECT uniqExact(number) FROM numbers(1e12)',
    'SELECT max(number) FROM numbers(1e18) WHERE sipHash64(number) = 1',
    'SELECT count() FROM numbers(1e6) AS a, numbers(1e6) AS b WHERE a.number + b.number = 1',
    'WITH RECURSIVE t AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM t, numbers(1000)) SELECT count() FROM t',
    "SELECT length(repeat(repeat(repeat('x', 1000000), 1000), 1000))",
    'SELECT arrayWithConstant(1e9, 1)',
    'SELECT range(400000000)',
    "SELECT arrayMap(x -> repeat('x', 1000000), range(100000))",
    'SELECT arrayMap(x -> arrayMap(y -> arrayMap(z -> x * y * z, range(1000)), range(1000)), range(1000))',
    'SELECT groupArray(number) OVER (ORDER BY number ROWS BETWEEN 100000 PRECEDING AND CURRENT ROW) FROM numbers(1000000)',
    'SELECT number * 1e15 AS n FROM numbers(3) ORDER BY n WITH FILL STEP 1',
    "SELECT toLowCardinality(repeat('x', 1000000)) FROM numbers(100000)",
    "SELECT repeat('x', 1000000) FROM numbers(100000)",
    'SELECT sleep(3), sleep(3), sleep(3)',
    'SELECT sleepEachRow(1) FROM numbers(100)',
    "SELECT multiMatchAny(toString(number), ['((a{1,100}){1,100}){1,10}']) FROM numbers(10)",
    `SELECT match(repeat('a', 1000000), '${times('(a*)*', 20)}b')`,
    'SELECT h3kRing(644325529233966508, 10000)',
    'EXPLAIN QUERY TREE SELECT range(5000000), range(5000001)',
    `SELECT ${times('[', 900)}`,
    `SELECT ${times('(', 900)}1${times(')', 900)}`,
    `SELECT ${times('INTERVAL (', 60)}1`,
    `SELECT ${times('(SELECT ', 2000)}1${times(')', 2000)}`,
    `SELECT ${times('1,', 130_000)}1`,
    `SELECT ${times('a.b,', 60_000)}1`,
    `SELECT 1${times(' UNION ALL SELECT 1', 3000)}`,
    `SELECT 1 ${times('/* ', 80_000)}`,
    `SELECT 1 AS \`${times(' (alias ', 30_000)}\``,
    `SELECT ${times('length(', 200)}tuple(${times('1,', 20_000)}1)${times(')', 200)}`,
    `WITH 1 AS a0,${Array.from({ length: 30 }, (_, at) => `a${at} + a${at} AS a${at + 1}`).join(',')} SELECT a30`,
    `SELECT number AS "${times('n', 20_000)}" FROM numbers(100000)`,
    `SELECT '${times('x', 300_000)}'`,
    `SELECT defaultValueOfTypeName('${times('Array(', 5000)}UInt8${times(')', 5000)}')`,
  ]),
  { sql: 'SELECT length({x:String})', params: { x: times('\\', 400_000) } },
  {
    sql: 'SELECT {x:Array(Array(Array(String)))}',
    params: { x: Array.from({ length: 1000 }, () => [[times('y', 100)]]) },
  },
];

/** Queries that do not check for a stop, so that the engine's process is killed with them. */
export const unstoppable: readonly Attack[] = plain([
  'SELECT arrayLevenshteinDistance(range(400000), range(400000))',
  `WITH c0 AS (SELECT 1 AS x),${Array.from({ length: 25 }, (_, at) => `c${at + 1} AS (SELECT * FROM c${at} UNION ALL SELECT * FROM c${at})`).join(',')} SELECT count() FROM c25`,
  "SELECT editDistance(repeat('ab', 30000), repeat('ba', 30000)), editDistance(repeat('ac', 30000), repeat('ca', 30000))",
  "SELECT printf('%1000000000d', 1)",
  'SELECT arrayCount(x -> has(range(1000000), x + 1000000), range(100000))',
  'SELECT polygonsUnionCartesian([[arrayMap(i -> (sin(i), cos(i * 7)), range(20000))]], [[arrayMap(i -> (sin(i), cos(i * 5)), range(20000))]])',
  `EXPLAIN PIPELINE SELECT 1${times(' UNION ALL SELECT 1', 10_000)}`,
]);
