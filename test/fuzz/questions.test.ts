import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openEmbedded } from '../../src/engine/embedded/open-embedded.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { EngineError } from '../../src/engine/engine-error.ts';
import { isAllowedFunction } from '../../src/engine/question/allowed-functions.ts';
import { judgeQuestion } from '../../src/engine/question/judge-question.ts';
import { allowedTableFunctions } from '../../src/engine/question/refused-names.ts';
import { readSqlTokens } from '../../src/engine/sql-tokens.ts';
import { functionsEverywhere, injectedNames, settings, systemTables } from '../attacks/inside.ts';
import { lexerTricks, manyStatements } from '../attacks/lexing.ts';
import { hiddenTexts, network, readingFiles, writingFiles } from '../attacks/outside.ts';
import { fuzzRun } from './fuzz-run.ts';
import { fuzzedQuestion } from './fuzzed-question.ts';

vi.setConfig({ testTimeout: 24 * 3_600_000 });

/** Checks our lexer and the judgement against the engine's own lexer and normal form. */
const aims = { secretFile: '/secret.csv', newFile: '/written', lakeFolder: '/lake', port: 1 };
const kinds = [readingFiles, hiddenTexts, writingFiles, network, settings, systemTables, injectedNames];
const attacks = [...kinds, functionsEverywhere, lexerTricks, manyStatements].flatMap((kind) => kind.attacks(aims));
const statements = [
  ...attacks.map(({ sql }) => sql).filter((sql) => sql.length < 2000),
  'SELECT path, count() AS n FROM requests WHERE status >= 500 GROUP BY path ORDER BY n DESC LIMIT 10',
  "SELECT toStartOfHour(time) AS t, quantile(0.5)(time_taken), params['a'] FROM requests WHERE path ILIKE '%\\'x' GROUP BY ALL",
  'WITH a AS (SELECT 1 AS x UNION ALL SELECT 2) SELECT x, sum(x) OVER (ORDER BY x) FROM a FINAL LIMIT 1 BY x',
  'SELECT arrayMap(x -> x + 1, [1, 2.5e3]), (1, 2).1, a ? 1 : 2, CAST(a AS Nullable(Int8)), a::String, INTERVAL 1 DAY FROM t',
  'EXPLAIN indexes = 1 SELECT `a b`, "c""d", COLUMNS(\'^x\') FROM t AS u LEFT JOIN v USING (a) ARRAY JOIN [1] AS z',
  'SHOW TABLES',
  'DESCRIBE TABLE requests',
];

let engine: Engine;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tailrace-questions-'));
  engine = await openEmbedded(directory, { limits: { maxSeconds: 5, maxMemoryBytes: 1e9, maxResultRows: 100_000 } });
});
afterAll(async () => {
  await engine?.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Reading {
  /** The engine's normal form; empty where the text is not a statement. */
  readonly normal: string;
  readonly tokens: readonly { readonly begin: number; readonly end: number; readonly type: string }[];
}

test('whatever the text: our tokens are those of the engine, and what passes holds nothing that is refused', async () => {
  const run = fuzzRun('fuzzed questions', 3, 1, 4000);
  const outside = await namesOutside();
  const seen = { texts: 0, statements: 0, judged: 0, passed: 0 };
  for (let round = 0; seen.texts < run.lines; round++) {
    const random = run.random(round);
    const texts = Array.from({ length: 2000 }, () => fuzzedQuestion(statements, random));
    const readings = await readAll(texts);
    seen.texts += texts.length;
    for (const [index, sql] of texts.entries()) {
      const reading = readings[index];
      if (!reading || reading.normal === '') continue;
      seen.statements++;
      const name = `seed ${run.seed}: ${JSON.stringify(sql)} => ${JSON.stringify(reading.normal)}`;
      if (!isCertain(reading)) continue;
      seen.judged++;
      expect(ourPlaces(reading.normal), name).toEqual(theirPlaces(reading));
      if (!(await passes(sql, reading.normal))) continue;
      seen.passed++;
      expect(refusedWithin(reading, outside), name).toEqual([]);
    }
  }
  console.info('fuzzed questions:', seen);
  for (const number of Object.values(seen)) expect(number).toBeGreaterThan(0);
});

function readAll(texts: readonly string[]): Promise<Reading[]> {
  // Beyond UTF-8 the bytes of a literal are escaped before they are looked at.
  return engine.rows<Reading>({
    sql: `SELECT if(isValidUTF8(found), found, '') AS normal, tokenizeQuery(normal) AS tokens
          FROM (SELECT ifNull(formatQuerySingleLineOrNull(text), '') AS found
                FROM (SELECT {texts:Array(String)} AS texts) ARRAY JOIN texts AS text)`,
    params: { texts },
  });
}

/** Functions that read files or the network, or tell about the machine. */
async function namesOutside(): Promise<ReadonlySet<string>> {
  const rows = await engine.rows<{ name: string }>({ sql: 'SELECT lower(name) AS name FROM system.table_functions' });
  const names = rows
    .map(({ name }) => name)
    .filter((name) => !allowedTableFunctions.has(name) && !isAllowedFunction(name));
  return new Set([...names, 'file', 'getmacro', 'hostname', 'fqdn', 'serveruuid', 'getserverport', 'catboostevaluate']);
}

/** A dollar outside of quotes and what the lexer calls an error are refused as they are. */
function isCertain({ normal, tokens }: Reading): boolean {
  if (tokens.some(({ type }) => type.startsWith('Error') || type === 'DollarSign')) return false;
  return readSqlTokens(normal).every(({ kind, text }) => kind !== 'broken' && !(kind === 'symbol' && text === '$'));
}

const kindOf: Readonly<Record<string, string>> = {
  BareWord: 'word',
  StringLiteral: 'string',
  HereDoc: 'string',
  QuotedIdentifier: 'quoted',
};

function theirPlaces({ normal, tokens }: Reading): string[] {
  const bytes = Buffer.from(normal);
  const isAscii = bytes.length === normal.length;
  return tokens.flatMap(({ type, begin }) => {
    const kind = kindOf[type];
    // `0x1ps` is a word to the engine and a number to us; no function, table or keyword begins with a digit.
    const isNumberLike = type === 'BareWord' && /[0-9]/.test(String.fromCharCode(bytes[begin] ?? 0));
    return kind === undefined || isNumberLike
      ? []
      : [`${kind} at ${isAscii ? begin : bytes.toString('utf8', 0, begin).length}`];
  });
}

function ourPlaces(normal: string): string[] {
  return readSqlTokens(normal).flatMap(({ kind, at }) =>
    kind === 'number' || kind === 'symbol' ? [] : [`${kind} at ${at}`],
  );
}

async function passes(sql: string, normal: string): Promise<boolean> {
  try {
    await judgeQuestion({ sql }, async (statement) => {
      if (!statement.sql.startsWith('EXPLAIN AST')) return Buffer.from(`${normal}\n`);
      const lines = await engine.rows<{ explain: string }>(statement);
      return Buffer.from(lines.map(({ explain }) => explain).join('\n'));
    });
    return true;
  } catch (error) {
    if (error instanceof EngineError && /^TAILRACE_QUERY_(?:REFUSED|FAILED)$/.test(error.code)) return false;
    throw error;
  }
}

/** By the engine's tokens only. */
function refusedWithin({ normal, tokens }: Reading, outside: ReadonlySet<string>): string[] {
  const bytes = Buffer.from(normal);
  const code = tokens
    .filter(({ type }) => type !== 'Whitespace' && type !== 'Comment')
    .map(({ type, begin, end }) => ({ type, text: bytes.toString('utf8', begin, end).toLowerCase() }));
  return code.flatMap(({ type, text }, index) => {
    const [next, second] = code.slice(index + 1, index + 3);
    const name = type === 'QuotedIdentifier' ? text.slice(1, -1) : text;
    const isCall = next?.type === 'OpeningRoundBracket' && kindOf[type] !== undefined;
    if (isCall && (outside.has(name) || name.includes('\\'))) return [`calls ${name}`];
    if (type === 'Semicolon') return ['holds more than one statement'];
    if (type !== 'BareWord') return [];
    if (text === 'into' && next?.text === 'outfile') return ['writes a file'];
    if (text === 'settings' && next?.type === 'BareWord' && second?.type === 'Equals') return ['has settings'];
    return [];
  });
}
