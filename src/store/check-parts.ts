import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';
import { readDetachedParts } from './detached-parts.ts';

/** A damaged part of a table. */
export interface DamagedPart {
  readonly table: string;
  readonly part: string;
  /** Whether it is detached, so that its rows are not visible. */
  readonly isAside: boolean;
  /** For a part with readable rows: its damaged projection. */
  readonly projection?: string;
  /** Whether a column is damaged, and so rows are lost. */
  readonly hasLostRows: boolean;
  /** The engine's message. */
  readonly problem: string;
}

/** Reads every file of every table and compares it with its checksum; takes as long as reading the disk. */
export async function checkParts(engine: Engine): Promise<DamagedPart[]> {
  const aside = (await readDetachedParts(engine)).map(({ table, name }) => ({
    table,
    part: name,
    isAside: true,
    hasLostRows: false,
    problem: 'it could not be read when the store was opened, and was put aside',
  }));
  const tables = await engine.rows<{ name: string }>({
    sql: `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name`,
  });
  const damaged: DamagedPart[] = [];
  for (const { name } of tables) damaged.push(...(await checkTable(engine, name)));
  return [...aside, ...damaged];
}

async function checkTable(engine: Engine, table: string): Promise<DamagedPart[]> {
  const parts = await engine.rows<{ part_path: string; is_passed: number; message: string }>({
    sql: `CHECK TABLE ${quoteIdentifier(table)}`,
    settings: { check_query_single_value_result: 0 },
  });
  return parts
    .filter(({ is_passed }) => !is_passed)
    .map(({ part_path: part, message }) => {
      const [, projection] = /has broken projection `([^`]+)`/.exec(message) ?? [];
      const problem = firstWords(message);
      return {
        table,
        part,
        isAside: false,
        problem,
        ...(projection ? { projection } : {}),
        hasLostRows: !projection && /\.bin |corrupted data/.test(problem),
      };
    });
}

/** The message without the leading number and the trailing stack. */
function firstWords(message: string): string {
  const [words = ''] = message.replace(/^Code: \d+\. DB::Exception: /, '').split(/, Stack trace| \([A-Z_]+\)/);
  return words.slice(0, 300);
}
