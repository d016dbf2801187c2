import type { Engine } from '../engine/engine.ts';
import type { CompiledQuery } from './compile-query.ts';
import type { DueWindow } from './due-windows.ts';
import { cellOf, lowestMs } from './panes.ts';
import { sessionsOfPanes } from './session-runs.ts';
import type { SessionShape } from './window-query.ts';

export interface SessionQuery {
  readonly kind: 'session';
  readonly compiled: Pick<CompiledQuery, 'query' | 'version'>;
  readonly window: SessionShape;
  /** Of the query, epoch ms. */
  readonly watermarkMs: number;
  /** Up to which watermark all that was due is emitted, epoch ms; -Infinity when that is not known. */
  readonly emittedMs: number;
  /** Sessions, without those that others have taken up. */
  readonly most: number;
}

type Emitted = readonly [startMs: number, endMs: number, rows: number, correction: number];

interface FoundSession extends Omit<DueWindow, 'correction'> {
  /** Emitted sessions of the key that overlap it. */
  readonly emitted: readonly Emitted[];
}

/** Long sessions that are looked at again from their beginning. */
const mostLong = 10_000;
/** Panes by key that one look takes together: a session takes one for each gap of its time. */
const mostPanes = 2_000_000;

/**
 * Sessions that are over and have more rows than what was emitted of them, the oldest first; each followed by the emitted ones
 * that it has taken up, as corrections without rows.
 */
export async function readDueSessions(engine: Engine, asked: SessionQuery): Promise<DueWindow[]> {
  const { compiled, window, most, watermarkMs, emittedMs } = asked;
  const { gapMs, longestMs } = window;
  // What has changed since then is later than this; a session that reaches so far back may begin before it.
  const fromMs = Math.max(lowestMs, emittedMs - compiled.query.latenessMs - 4 * gapMs);
  const wholeMs = fromMs === lowestMs ? lowestMs : fromMs + 2 * gapMs;
  const search = { watermarkMs, window, most };
  const found = await readSessions(engine, compiled, { ...search, fromMs, wholeMs, most: most + mostLong });
  const whole = found.filter(({ startMs }) => startMs >= wholeMs).slice(0, most);
  const keys = found.filter(({ startMs }) => startMs < wholeMs).map(({ key }) => key);
  if (keys.length > 0) {
    const began = { ...search, fromMs: cellOf(fromMs, longestMs), wholeMs: lowestMs, keys };
    const long = await readSessions(engine, compiled, began);
    // Later ones of these keys were found already.
    whole.push(...long.filter(({ startMs }) => startMs < wholeMs));
  }
  return whole
    .toSorted((one, other) => one.startMs - other.startMs || compare(one.key, other.key))
    .slice(0, most)
    .flatMap(dueOf);
}

function compare(one: readonly string[], other: readonly string[]): number {
  const [first, second] = [JSON.stringify(one), JSON.stringify(other)];
  return first < second ? -1 : Number(first > second);
}

function dueOf({ emitted, ...session }: FoundSession): DueWindow[] {
  const { startMs, key } = session;
  const own = emitted.find(([start]) => start === startMs);
  const takenUp = emitted
    .filter(([start, , rows]) => start !== startMs && rows > 0)
    .toSorted(([one], [other]) => one - other)
    .map(([start, endMs, , correction]) => ({
      ...{ startMs: start, endMs, lastMs: start, key, sourceRows: 0, correction: correction + 1 },
    }));
  return [{ ...session, correction: own ? own[3] + 1 : 0 }, ...takenUp];
}

interface SessionSearch extends Pick<SessionQuery, 'watermarkMs' | 'most' | 'window'> {
  /** Panes that begin since then. */
  readonly fromMs: number;
  /** Sessions that begin before may have further panes: they are found whatever their rows. */
  readonly wholeMs: number;
  readonly keys?: readonly (readonly string[])[];
}

function readSessions(
  engine: Engine,
  { query, version }: Pick<CompiledQuery, 'query' | 'version'>,
  { window, watermarkMs, fromMs, wholeMs, most, keys }: SessionSearch,
): Promise<FoundSession[]> {
  const ofKeys = keys ? 'AND p.key IN (SELECT arrayJoin({keys:Array(Array(String))}))' : '';
  const panes = `
    SELECT p.key AS key, p.start AS pane, min(p.first) AS first, max(p.last) AS last, sum(p.rows) AS rows
    FROM window_panes AS p
    WHERE version = {version:UInt64} AND p.start >= {from:Int64} ${ofKeys}
      AND fold IN (SELECT fold FROM window_folds WHERE version = {version:UInt64})
    GROUP BY key, pane`;
  return engine.rows<FoundSession>({
    sql: `
      SELECT s.key AS key, s.startMs AS startMs, s.lastMs AS lastMs, s.endMs AS endMs, s.sourceRows AS sourceRows,
        arrayFilter(one -> one.1 < s.endMs AND one.2 > s.startMs, e.found) AS emitted
      FROM (${sessionsOfPanes(window, panes)}) AS s
      LEFT JOIN (
        SELECT key, groupArray((startMs, endMs, rows, correction)) AS found
        FROM (
          SELECT
            w.key AS key, toUnixTimestamp64Milli(w.window_start) AS startMs,
            toUnixTimestamp64Milli(argMax(w.window_end, w.correction)) AS endMs, argMax(w.source_rows, w.correction) AS rows,
            max(w.correction) AS correction
          FROM window_emissions AS w
          WHERE query = {query:String} AND version = {version:UInt64}
            AND w.window_start >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
          GROUP BY key, startMs
        )
        GROUP BY key
      ) AS e ON s.key = e.key
      WHERE s.endMs <= {watermark:Int64}
        AND (s.startMs < {whole:Int64} OR s.sourceRows > arraySum(one -> one.3, emitted))
      ORDER BY s.startMs < {whole:Int64}, s.startMs, s.key
      LIMIT {most:UInt32}`,
    params: { query: query.name, version, watermark: watermarkMs, from: fromMs, whole: wholeMs, most, keys },
    settings: { max_rows_to_group_by: mostPanes, group_by_overflow_mode: 'throw' },
  });
}
