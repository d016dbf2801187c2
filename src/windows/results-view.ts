import { quoteString } from '../engine/bound-parameter.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';
import type { CompiledQuery } from './compile-query.ts';

/** Name of the view with the results of a query, in the store's database. */
export function viewOf(name: string): string {
  return `windows_${name}`;
}

/** SQL: the columns of the results, from rows of `window_results`. */
export function resultColumns({ columns }: Pick<CompiledQuery, 'columns'>): string {
  return columns
    .map(({ name, type }, index) => `CAST(row[${index + 1}], ${quoteString(type)}) AS ${quoteIdentifier(name)}`)
    .join(', ');
}

/** Makes, or changes, the view: the newest correction of each window of the current version. */
export async function makeResultsView(engine: Engine, compiled: CompiledQuery): Promise<void> {
  const { query, version } = compiled;
  const isOfVersion = `query = ${quoteString(query.name)} AND version = ${version}`;
  await engine.run({
    sql: `
      CREATE OR REPLACE VIEW ${quoteIdentifier(viewOf(query.name))} AS
      SELECT e.window_start AS window_start, e.window_end AS window_end, e.correction AS correction, ${resultColumns(compiled)}
      FROM (SELECT window_start, key, emission, number, row FROM window_results WHERE ${isOfVersion}) AS r
      INNER JOIN (
        SELECT
          w.window_start AS window_start, w.key AS key, argMax(w.emission, w.correction) AS emission,
          argMax(w.window_end, w.correction) AS window_end, max(w.correction) AS correction
        FROM window_emissions AS w
        WHERE ${isOfVersion}
        GROUP BY w.window_start, w.key
      ) AS e ON r.window_start = e.window_start AND r.key = e.key AND r.emission = e.emission`,
  });
}
