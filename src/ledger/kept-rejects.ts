import type { Engine } from '../engine/engine.ts';
import { tooLongReason } from '../schema/line-bound.ts';
import { changedHeader } from './recall-layout.ts';

/** Which rejected lines; without limits all that no replay has stored. */
export interface RejectSelection {
  /** Only of objects whose name contains this. */
  readonly origin?: string;
  /** Only those whose reason contains this. */
  readonly reason?: string;
  /** Only lines rejected since then, milliseconds since 1970. */
  readonly fromMs?: number;
  /** Only lines rejected before then. */
  readonly untilMs?: number;
  /** Also lines that a replay rejected again. */
  readonly again?: boolean;
  /** Whether the user names their format, which is then not that of their object's header. */
  readonly isNamed?: boolean;
}

/** Lines of one object that one batch rejected for one reason: they are replayed together, once. */
export interface RejectedLines {
  /** Of the object that held them. */
  readonly origin: string;
  /** Object that the ledger has of their replay. */
  readonly replay: string;
  readonly version: string;
  readonly batch: string;
  readonly reason: string;
  /** Lines are numbered from 1; these are within a range, so that a part fits into memory. */
  readonly part: number;
  readonly lines: number;
  readonly bytes: number;
  /** When they arrived, milliseconds since 1970. */
  readonly atMs: number;
}

export interface RejectSummary {
  readonly reason: string;
  readonly lines: number;
  readonly origins: number;
  /** One of the lines, shortened. */
  readonly example: string;
}

/** Of one object; no line is longer than 4 MiB, and few are longer than a few hundred bytes. */
const partLines = 4096;
const mostParts = 1000;
/** The ledger has lines that were replayed under this name and that of their object. */
const replayed = 'replay:';

/**
 * Some of the selected lines, oldest first; those that a replay has stored are not among them.
 * @param newest a batch: what is rejected later, as by a replay, is not among them either
 */
export function findRejects(engine: Engine, selection: RejectSelection, newest: string): Promise<RejectedLines[]> {
  return engine.rows<RejectedLines>({
    sql: `${selected(selection)} ORDER BY batch, origin, part LIMIT ${mostParts}`,
    params: paramsOf(selection, newest),
  });
}

/** The selected lines by reason, most lines first. */
export function summarizeRejects(engine: Engine, selection: RejectSelection, newest: string): Promise<RejectSummary[]> {
  return engine.rows<RejectSummary>({
    sql: `
      SELECT reason, sum(lines) AS lines, uniqExact(origin) AS origins, any(example) AS example
      FROM (${selected(selection)})
      GROUP BY reason
      ORDER BY lines DESC, reason`,
    params: paramsOf(selection, newest),
  });
}

/** The lines, each with a newline, as they were received. */
export async function readRejects(
  engine: Engine,
  { origin, batch, reason, part }: RejectedLines,
  signal: AbortSignal,
): Promise<Uint8Array[]> {
  const statement = {
    sql: `
      SELECT line
      FROM rejects
      WHERE origin = {origin:String} AND batch = {batch:UInt64} AND reason = {reason:String}
        AND ${partOf} = {part:UInt64}
      ORDER BY line_number`,
    params: { origin, batch, reason, part },
    settings: { max_threads: 1 },
  };
  const chunks: Uint8Array[] = [];
  for await (const chunk of engine.stream(statement, { format: 'TSVRaw', signal })) {
    chunks.push(chunk);
  }
  return chunks;
}

const partOf = `intDiv(line_number - 1, ${partLines})`;

/** Only the beginning of a line that is too long is kept, and a batch that is not closed may be taken back. */
function selected({ origin, reason, fromMs, untilMs, again, isNamed }: RejectSelection): string {
  const having = [
    ...(fromMs === undefined ? [] : ["min(at) >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')"]),
    ...(untilMs === undefined ? [] : ["min(at) < fromUnixTimestamp64Milli({until:Int64}, 'UTC')"]),
    `(replay, version) NOT IN (SELECT origin, version FROM ledger WHERE startsWith(origin, '${replayed}'))`,
  ];
  return `
    SELECT
      origin, toString(batch) AS batch, reason, ${partOf} AS part,
      if(startsWith(origin, '${replayed}'), origin, concat('${replayed}', origin)) AS replay,
      concat(batch, '-', hex(cityHash64(reason)), '-', toString(part)) AS version,
      count() AS lines, sum(length(line)) AS bytes, 1000 * toUnixTimestamp(min(at)) AS atMs,
      substring(any(line), 1, 200) AS example
    FROM rejects AS r
    WHERE reason != {too_long:String}
      AND r.batch <= {newest:UInt64} AND r.batch IN (SELECT batch FROM ledger WHERE rejected > 0)
      ${origin === undefined ? '' : 'AND position(origin, {origin:String}) > 0'}
      ${reason === undefined ? '' : 'AND position(reason, {reason:String}) > 0'}
      ${isNamed ? '' : 'AND reason != {changed_header:String}'}
      ${again ? '' : `AND NOT startsWith(origin, '${replayed}')`}
    GROUP BY origin, r.batch, reason, part
    HAVING ${having.join(' AND ')}`;
}

function paramsOf({ origin, reason, fromMs, untilMs }: RejectSelection, newest: string) {
  return {
    origin,
    reason,
    from: fromMs,
    until: untilMs,
    newest,
    too_long: tooLongReason,
    changed_header: changedHeader,
  };
}
