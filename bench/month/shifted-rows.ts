import type { Statement } from '../../src/engine/engine.ts';
import { lineKinds } from '../../src/schema/line-kinds.ts';
import { loggedColumns, originColumns } from '../../src/schema/requests.ts';

/** How one copy of the first day differs from it. */
export interface Copy {
  /** 1-based; every value that is new in a copy is derived from it, so that equal options give equal rows. */
  readonly number: number;
  /** Days after the first one. */
  readonly day: number;
  readonly batch: string;
  readonly filename: string;
  /** Shares of the first day's rare paths, viewers and user agents that the copy has anew, 0–1. */
  readonly news: News;
}

export interface News {
  readonly paths: number;
  readonly viewers: number;
  readonly userAgents: number;
}

/** Paths that the first day has at most this often may be others in a copy; the popular ones are the same every day. */
export const rareRequests = 2;

/** Rows of the first day: the parts that `ingest` stored. */
const firstDay = 'batch IN {first:Array(UInt64)}';

const rarePaths = `SELECT path FROM requests WHERE ${firstDay} GROUP BY path HAVING count() <= ${rareRequests}`;

export function countRarePaths(first: readonly string[]): Statement {
  return { sql: `SELECT count() AS rare FROM (${rarePaths})`, params: { first: first.map(BigInt) } };
}

/** Whether a value is one of the share that a copy has anew; the same for all rows with that value. */
function isNew(value: string, share: keyof News): string {
  return `cityHash64(${value}, {copy:UInt32}) % 1000000 < {new_${share}:Float64} * 1000000`;
}

const hash = 'cityHash64(client_ip, {copy:UInt32})';

/** Columns that differ; the engine evaluates those of few values, such as user agents, once per value. */
const changed: Readonly<Record<string, string>> = {
  // By whole seconds, as logs have them, and within the day, so that the day's curve stays and each copy falls into one partition.
  time: `fromUnixTimestamp64Milli(
      intDiv(toUnixTimestamp64Milli(time), 86400000) * 86400000 + {day:UInt32} * 86400000
        + (toUnixTimestamp64Milli(time) + cityHash64(request_id, {copy:UInt32}) % 600 * 1000) % 86400000, 'UTC')`,
  request_id: `concat(
      substring(base64URLEncode(concat(
        sipHash128(request_id, {copy:UInt32}), sipHash128(request_id, {copy:UInt32}, 1), sipHash128(request_id, {copy:UInt32}, 2)
      )), 1, 54), '==')`,
  client_ip: `if(${isNew('client_ip', 'viewers')},
      if(position(client_ip, ':') > 0,
        concat(substringIndex(client_ip, ':', 3), '::', lower(hex(toUInt16(${hash} % 65521 + 1))), ':', lower(hex(toUInt16(${hash} % 65519 + 1)))),
        concat(substringIndex(client_ip, '.', 1), '.', toString(${hash} % 256), '.', toString(intDiv(${hash}, 256) % 256), '.', toString(intDiv(${hash}, 65536) % 254 + 1))),
      client_ip)`,
  path: `if(path IN (${rarePaths}) AND ${isNew('path', 'paths')},
      replaceRegexpOne(path, '([.][^/.]*)?$', concat('-', toString({copy:UInt32}), '\\\\1')), path)`,
  user_agent: `if(${isNew('user_agent', 'userAgents')},
      replaceRegexpOne(user_agent, '[0-9]+([^0-9]*)$', concat(toString({copy:UInt32} * 37), '\\\\1')), user_agent)`,
  filename: '{filename:String}',
  batch: '{batch:UInt64}',
};

function parametersOf(copy: Copy, first: readonly string[]): Record<string, unknown> {
  const { number, day, batch, filename, news } = copy;
  return {
    first: first.map(BigInt),
    copy: number,
    day,
    batch,
    filename,
    new_paths: news.paths,
    new_viewers: news.viewers,
    new_userAgents: news.userAgents,
  };
}

/**
 * Lets the rules see the copy's new user agents once, as `ingest` does before a large file; otherwise each block of the
 * INSERT would look them up again.
 */
export function probeUserAgents(copy: Copy, first: readonly string[]): Statement {
  return {
    sql: `INSERT INTO user_agent_probe SELECT DISTINCT ${changed.user_agent} AS user_agent FROM requests WHERE ${firstDay}`,
    params: parametersOf(copy, first),
  };
}

/** Hands a copy of the first day's rows to the table that `ingest` inserts into: all views and projections see them. */
export function insertCopy(copy: Copy, first: readonly string[], lineBytes: number): Statement {
  const names = [...Object.keys(loggedColumns), ...Object.keys(originColumns)];
  const values = names.map((name) => `${changed[name] ?? name} AS out_${name}`);
  return {
    sql: `
      INSERT INTO landing (object, line_number, line_bytes, line, kind, reason, origin, ${names.join(', ')})
      SELECT 1, line_number - 1, {line_bytes:UInt64}, '', ${lineKinds.row}, '', '',
        ${values.join(',\n        ')}
      FROM requests
      WHERE ${firstDay}`,
    params: { ...parametersOf(copy, first), line_bytes: lineBytes },
  };
}
