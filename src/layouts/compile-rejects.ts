import type { Statement } from '../engine/engine.ts';
import { isTooLong, tooLongReason } from '../schema/line-bound.ts';
import { lineKinds } from '../schema/line-kinds.ts';
import type { LineWindow } from './judged-lines.ts';
import { compileLandingInsert, type LandingInsert } from './landing-insert.ts';
import type { LineRules } from './line-rules.ts';

/** Origin of lines that are all rejected; the array is by object. */
export interface RejectOrigin {
  /** The batch's id, a UInt64 in decimal digits. */
  readonly batch: string;
  readonly origins: readonly string[];
  readonly window?: LineWindow;
  readonly rules?: LineRules;
}

/** Compiles the INSERT that keeps every line of `source` as a reject, for input without a known layout. */
export function compileRejects(reason: string, origin: RejectOrigin, source: string): Statement {
  const isComment = "length(line) <= 1 AND trim(TRAILING '\\r' FROM line) = ''";
  const insert: LandingInsert = {
    table: 'landing',
    from: `${source} WHERE line_number >= {from_line:UInt64} AND line_number < {until_line:UInt64}`,
    lineBytes: 'length(line)',
    text: 'line',
    kind: `if(${isComment}, ${lineKinds.comment}, ${lineKinds.reject})`,
    reason: `if(${isTooLong('line')}, '${tooLongReason}', {reason:String})`,
    columns: [['batch', '{batch:UInt64}']],
    params: {
      reason,
      origins: origin.origins,
      batch: origin.batch,
      from_line: origin.window?.from ?? 0,
      until_line: origin.window?.until ?? Number.MAX_SAFE_INTEGER,
    },
  };
  return compileLandingInsert(insert, origin.rules);
}
