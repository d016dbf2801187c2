import type { Engine } from '../engine/engine.ts';
import { readDueSessions } from './due-sessions.ts';
import { type DueWindow, readDueWindows } from './due-windows.ts';
import { emitWindows } from './emit-windows.ts';
import { type FoldContext, foldBatches } from './fold-batches.ts';
import { readUnfolded } from './read-unfolded.ts';
import type { DueSearch, RunningQuery } from './run-query.ts';

/**
 * One look of queries: folds closed batches, moves their watermarks, emits windows. Each step is one statement for all of
 * them, since a statement takes its time however little it reads; only their own SQL is asked one by one.
 *
 * @returns of each, whether there may be more to do at once
 * @throws EngineError, of whichever query; the next look continues
 */
export async function lookTogether(context: FoldContext, queries: readonly RunningQuery[]): Promise<boolean[]> {
  const isBehind = await foldUnfolded(context, queries);
  const isCut = await emitDue(
    context,
    queries.filter((query) => query.advance()),
  );
  return queries.map((query) => isBehind.has(query) || isCut.has(query));
}

/** @returns queries with further batches */
async function foldUnfolded(context: FoldContext, queries: readonly RunningQuery[]): Promise<Set<RunningQuery>> {
  const unfolded = await readUnfolded(
    context.engine,
    queries.map((query) => query.unfolded),
  );
  const folding = unfolded.flatMap(({ batches, hasMore }, index) => {
    const query = queries[index];
    return query && batches.length > 0 ? [{ query, fold: query.fold(batches), hasMore }] : [];
  });
  const folded = await foldBatches(
    context,
    folding.map(({ fold }) => fold),
  );
  for (const [index, one] of folded.entries()) folding[index]?.query.folded(folding[index].fold, one);
  return new Set(folding.filter(({ hasMore }) => hasMore).map(({ query }) => query));
}

/** @returns queries with further windows */
async function emitDue(context: FoldContext, queries: readonly RunningQuery[]): Promise<Set<RunningQuery>> {
  const due = await readDue(
    context.engine,
    queries.map(({ search }) => search),
  );
  const rows = await emitWindows(
    context,
    queries.map((query, index) => query.emission(due[index] ?? [])),
  );
  return new Set(queries.filter((query, index) => query.emitted(due[index] ?? [], rows[index] ?? 0)));
}

async function readDue(engine: Engine, searches: readonly DueSearch[]): Promise<DueWindow[][]> {
  const grids = searches.flatMap((search) => (search.kind === 'grid' ? [search] : []));
  const found = new Map<DueSearch, DueWindow[]>();
  for (const [index, due] of (await readDueWindows(engine, grids)).entries()) {
    const search = grids[index];
    if (search) found.set(search, due);
  }
  for (const search of searches)
    if (search.kind === 'session') found.set(search, await readDueSessions(engine, search));
  return searches.map((search) => found.get(search) ?? []);
}
