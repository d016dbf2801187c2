import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { type RetainedTable, retainedTables } from '../store/retention.ts';

/**
 * SQL: identity of a row beside its batch. Older rows have no number of their line, and rejects may share theirs: values tell them
 * apart.
 */
export const hashes: Readonly<Record<RetainedTable, string>> = {
  requests: 'sipHash64(object, line_number, time, client_ip, forwarded_for)',
  logs: 'sipHash64(object, line_number, time, message, attributes)',
  rejects: 'sipHash64(origin, line_number, line)',
};

/** Whether a process that was killed has left someone to be forgotten. */
export async function hasUnfinished(engine: Engine): Promise<boolean> {
  const [some] = await engine.rows({ sql: "SELECT 1 FROM forgets FINAL WHERE state = 'listed' LIMIT 1" });
  return some !== undefined;
}

/** Completes what a process that was killed has begun to forget; does nothing otherwise. @throws EngineError */
export async function finishForgets(engine: Engine): Promise<void> {
  const listed = await engine.rows<{ id: string }>({
    sql: "SELECT toString(forget) AS id FROM forgets FINAL WHERE state = 'listed' ORDER BY forget",
  });
  for (const { id } of listed) await finish(engine, id);
}

/** Each step can be repeated. */
async function finish(engine: Engine, forget: string): Promise<void> {
  const listed = (table: string, columns = 'batch') =>
    `(SELECT ${columns} FROM forgetting WHERE forget = {forget:UInt64} AND table_name = '${table}')`;
  // What is gone on purpose is not missing, also if the rows below are gone only in part.
  await engine.run({
    sql: `
      INSERT INTO corrections (at, batch, table_name, lines, forget)
      SELECT now64(3), batch, table_name, -toInt64(count()), {forget:UInt64}
      FROM forgetting AS f
      WHERE forget = {forget:UInt64} AND table_name IN {tables:Array(String)}
        AND (batch, table_name) NOT IN (SELECT batch, table_name FROM corrections WHERE corrections.forget = {forget:UInt64})
      GROUP BY batch, table_name`,
    params: { forget, tables: retainedTables },
  });
  const deletions = [
    ['rollup_blocks', `block IN ${listed('rollup_clients')}`],
    ['rollup_clients', `block IN ${listed('rollup_clients')}`],
    ...retainedTables.map((table) => [
      table,
      `batch IN ${listed(table)} AND (batch, ${hashes[table]}) IN ${listed(table, 'batch, hash')}`,
    ]),
  ] as const;
  const touched: string[] = [];
  for (const [table, condition] of deletions) {
    const list = table === 'rollup_blocks' ? 'rollup_clients' : table;
    const [some] = await engine.rows({ sql: `SELECT 1 FROM ${listed(list)} LIMIT 1`, params: { forget } });
    if (!some) continue;
    touched.push(table);
    await engine.run({
      sql: `ALTER TABLE ${table} DELETE WHERE ${condition}`,
      params: { forget },
      settings: { mutations_sync: 2, allow_nondeterministic_mutations: 1 },
    });
  }
  await removeOldParts(engine, touched);
  await engine.run({
    sql: `INSERT INTO forgets SELECT * REPLACE ('done' AS state, 1 AS sequence) FROM forgets FINAL WHERE forget = {forget:UInt64}`,
    params: { forget },
  });
  await engine.run({ sql: 'ALTER TABLE forgetting DROP PARTITION ID {forget:String}', params: { forget } });
}

const lookMs = 500;
const withinMs = 300_000;

/** The engine keeps the files of parts that were replaced for some minutes; here they go as soon as no query reads them. */
async function removeOldParts(engine: Engine, tables: readonly string[]): Promise<void> {
  for (const table of tables) await engine.run({ sql: `ALTER TABLE ${table} MODIFY SETTING old_parts_lifetime = 0` });
  try {
    const endMs = Date.now() + withinMs;
    for (;;) {
      const [old] = await engine.rows<{ name: string }>({
        sql: `SELECT table AS name FROM system.parts
              WHERE database = currentDatabase() AND table IN {tables:Array(String)} AND NOT active LIMIT 1`,
        params: { tables },
      });
      if (!old) return;
      if (Date.now() > endMs) throw stillRead(old.name);
      await delay(lookMs);
      // A server looks seldom after the old parts of an idle table; this wakes it.
      if (engine.kind === 'server') await engine.run({ sql: `SYSTEM START MERGES ${old.name}` });
    }
  } finally {
    for (const table of tables) await engine.run({ sql: `ALTER TABLE ${table} RESET SETTING old_parts_lifetime` });
  }
}

function stillRead(table: string): EngineError {
  const message = `cannot remove the files of rows that are deleted: something reads old parts of ${table}; run the command again later`;
  return new EngineError('TAILRACE_STORE_UNAVAILABLE', message, { retryable: true });
}
