import { withNewlines } from '../content/events/event-mark.ts';
import type { Statement } from '../engine/engine.ts';
import { isTooLong, keptText, tooLongReason } from '../schema/line-bound.ts';
import { lineKinds } from '../schema/line-kinds.ts';
import { commentVerdict } from './line-verdict.ts';

/** Where lines come from that are all rejected; the array is by object. */
export interface RejectOrigin {
  /** The batch's id, a UInt64 in decimal digits. */
  readonly batch: string;
  readonly origins: readonly string[];
}

/** Compiles the INSERT that keeps every line of `source` as a reject, for input of which no layout is known. */
export function compileRejects(reason: string, origin: RejectOrigin, source: string): Statement {
  return {
    sql: `
      INSERT INTO landing (object, line_number, line_bytes, line, kind, reason, origin, batch)
      SELECT
        object, line_number, length(line), ${withNewlines(keptText('line'))},
        if(verdict = ${commentVerdict}, ${lineKinds.comment}, ${lineKinds.reject}),
        if(${isTooLong('line')}, '${tooLongReason}', {reason:String}), {origins:Array(String)}[object], {batch:UInt64}
      FROM (
        SELECT
          object, line_number, line,
          if(length(line) <= 1 AND trim(TRAILING '\\r' FROM line) = '', ${commentVerdict}, 0) AS verdict
        FROM ${source}
      )`,
    params: { reason, origins: origin.origins, batch: origin.batch },
  };
}
