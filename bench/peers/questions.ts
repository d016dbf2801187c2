/** Values that few rows have, for the searches. */
export interface Needles {
  readonly requestId: string;
  readonly address: string;
  /** In the middle of a path. */
  readonly pathPart: string;
}

export const questionNames = [
  'count',
  'bots by address',
  'bytes by location',
  'requests by address',
  'rows with a request id',
  'rows of an address',
  'paths with a part',
] as const;
export type QuestionName = (typeof questionNames)[number];
export type Questions = Readonly<Record<QuestionName, string>>;

const found = 'time, client_ip, method, path, status, request_id';

/** In SQL, for the store and DuckDB alike; the classic questions in the columns' own names. */
export function sqlQuestions(table: string, { requestId, address, pathPart }: Needles): Questions {
  return {
    count: `SELECT count(*) FROM ${table}`,
    'bots by address': `SELECT count(*) AS ct, client_ip, edge_location FROM ${table} WHERE is_bot GROUP BY client_ip, edge_location ORDER BY ct DESC`,
    'bytes by location': `SELECT distribution, edge_location, sum(bytes_sent) AS total FROM ${table} GROUP BY edge_location, distribution`,
    'requests by address': `SELECT client_ip, count(*) AS ct FROM ${table} GROUP BY client_ip ORDER BY ct DESC`,
    'rows with a request id': `SELECT ${found} FROM ${table} WHERE request_id = '${requestId}'`,
    'rows of an address': `SELECT ${found} FROM ${table} WHERE client_ip = '${address}'`,
    'paths with a part': `SELECT ${found} FROM ${table} WHERE path LIKE '%${pathPart}%'`,
  };
}

/** The same in LogsQL. The path is the message, which VictoriaLogs wants of every row. */
export function logsQlQuestions({ requestId, address, pathPart }: Needles): Questions {
  const fields = '| fields _time, client_ip, method, _msg, status, request_id';
  return {
    count: '* | stats count() ct',
    'bots by address': 'is_bot:="true" | stats by (client_ip, edge_location) count() ct | sort by (ct desc)',
    'bytes by location': '* | stats by (distribution, edge_location) sum(bytes_sent) total',
    'requests by address': '* | stats by (client_ip) count() ct | sort by (ct desc)',
    'rows with a request id': `request_id:="${requestId}" ${fields}`,
    'rows of an address': `client_ip:="${address}" ${fields}`,
    'paths with a part': `_msg:~"${pathPart}" ${fields}`,
  };
}
