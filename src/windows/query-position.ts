import type { Engine } from '../engine/engine.ts';
import { idAtTime } from '../ledger/batch-id.ts';
import type { CompiledQuery } from './compile-query.ts';

/** A plan is written within moments after its id was made, and ids of all workers stay close together; see ledger-mark.ts. */
const settledAfterMs = 60 * 60 * 1000;

/** Up to which batch a query has nothing to look at; a new version begins its stated time back. */
export async function openPosition(engine: Engine, compiled: CompiledQuery, nowMs: number): Promise<string> {
  const [found] = await engine.rows<{ position: string }>({
    sql: 'SELECT toString(max(p.position)) AS position FROM window_versions AS p WHERE version = {version:UInt64} GROUP BY version',
    params: { version: compiled.version },
  });
  if (found) return found.position;
  const position = idAtTime(nowMs - compiled.query.rebuildMs);
  await writePosition(engine, compiled, position);
  return position;
}

/** Moves the position past everything that is folded or never closed. @returns the same position when that is nothing */
export async function advancePosition(engine: Engine, compiled: CompiledQuery, position: string): Promise<string> {
  const [found] = await engine.rows<{ until: string }>({
    sql: `
      WITH (
        SELECT if(planned_at < now64(3) - toIntervalMillisecond({margin:UInt64}), batch,
          toUInt64(batch - least(batch, bitShiftLeft({margin:UInt64}, 22))))
        FROM plans
        ORDER BY batch DESC
        LIMIT 1
      ) AS settled
      SELECT toString(ifNull(min(batch) - 1, ifNull(settled, 0))) AS until
      FROM (
        SELECT toNullable(batch) AS batch FROM plans
        WHERE batch > {position:UInt64} AND batch <= ifNull(settled, 0)
          AND batch NOT IN (SELECT batch FROM window_folds WHERE version = {version:UInt64} AND batch > {position:UInt64})
      )`,
    params: { position, version: compiled.version, margin: settledAfterMs },
  });
  const until = found?.until ?? '0';
  if (BigInt(until) <= BigInt(position)) return position;
  await writePosition(engine, compiled, until);
  return until;
}

function writePosition(engine: Engine, compiled: CompiledQuery, position: string): Promise<void> {
  const { query, version, sql, columns } = compiled;
  return engine.run({
    sql: `
      INSERT INTO window_versions (version, query, sql, names, types, position, at)
      SELECT {version:UInt64}, {query:String}, {text:String}, {names:Array(String)}, {types:Array(String)}, {position:UInt64}, now64(3)`,
    params: {
      version,
      query: query.name,
      text: sql,
      names: columns.map(({ name }) => name),
      types: columns.map(({ type }) => type),
      position,
    },
  });
}
