import { loggedColumns } from '../../src/schema/requests.ts';
import type { Store } from '../../src/store/open-store.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Different rows of one file as JSON, with how many there are of each. */
export type Rows = ReadonlyMap<string, { readonly row: Row; readonly count: number }>;

/** The result of one file. */
export interface Stored {
  readonly requests: Rows;
  readonly logs: Rows;
  readonly lines: number;
  readonly rows: number;
  readonly rejected: number;
  readonly comments: number;
  /** 1-based */
  readonly rejectedLines: ReadonlySet<number>;
}

const columns = {
  requests: [...Object.keys(loggedColumns), 'source_format', 'extra'].join(', '),
  logs: '* EXCEPT (batch, object, line_number, filename, source_format, shape)',
};

/** What is stored of every file, by its name. */
export async function storedRows({ engine }: Store): Promise<Map<string, Stored>> {
  const books = await engine.rows<{ name: string; lines: number; rows: number; rejected: number; comments: number }>({
    sql: `
      SELECT splitByChar('/', origin)[-1] AS name, sum(lines) AS lines, sum(rows) AS rows, sum(rejected) AS rejected,
        sum(comments) AS comments
      FROM ledger GROUP BY name`,
    params: {},
  });
  const rejects = await engine.rows<{ name: string; numbers: number[] }>({
    sql: "SELECT splitByChar('/', origin)[-1] AS name, groupArray(line_number) AS numbers FROM rejects GROUP BY name",
    params: {},
  });
  const numbersOf = new Map(rejects.map(({ name, numbers }) => [name, new Set(numbers.map(Number))]));
  const [requests, logs] = [await rowsByFile(engine, 'requests'), await rowsByFile(engine, 'logs')];
  return new Map(
    books.map(({ name, ...counts }) => {
      const of = { requests: requests.get(name) ?? new Map(), logs: logs.get(name) ?? new Map() };
      return [name, { ...counts, ...of, rejectedLines: numbersOf.get(name) ?? new Set() }];
    }),
  );
}

async function rowsByFile(engine: Store['engine'], table: 'requests' | 'logs') {
  const rows = await engine.rows<Row>({
    sql: `
      SELECT * REPLACE (if(time > now() - INTERVAL 3 HOUR, 'now', toString(time)) AS time), count() AS of_count
      FROM (SELECT ${columns[table]}, toString(filename) AS of_file FROM ${table})
      GROUP BY ALL`,
    params: {},
  });
  const byFile = new Map<string, Map<string, { row: Row; count: number }>>();
  for (const { of_file: name, of_count: count, ...all } of rows) {
    const row = withoutDefaults(all);
    const text = JSON.stringify(row);
    const file = byFile.get(name as string) ?? new Map<string, { row: Row; count: number }>();
    // A key that a damaged line states twice is there once in JavaScript.
    byFile.set(name as string, file.set(text, { row, count: (file.get(text)?.count ?? 0) + Number(count) }));
  }
  return byFile;
}

function withoutDefaults(row: Row): Row {
  const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return Object.fromEntries(
    Object.entries(row).filter(
      ([name, value]) => name === 'status' || !(['', null, 0].includes(value as null) || isEmpty(value)),
    ),
  );
}

/** The same rows by their events' first lines: what follows a line below it may have come between. */
export function byFirstLine(rows: Rows): Rows {
  const byText = new Map<string, { row: Row; count: number }>();
  for (const { row: whole, count } of rows.values()) {
    const row = whole.message === undefined ? whole : { ...whole, message: firstLineOf(whole) };
    const text = JSON.stringify(row);
    byText.set(text, { row, count: (byText.get(text)?.count ?? 0) + count });
  }
  return byText;
}

export function firstLineOf({ message }: Row): string {
  return String(message).split('\n', 1)[0] as string;
}

/** What transports add to a line; for Lambda and JSON lines some of it is their own. */
const carried =
  /^(transport\.|log\.iostream|log_stream|logtag|pid$|container_|ecs_|source$|date$|kubernetes$|_|PRIORITY$|pri$|SYSLOG_IDENTIFIER$|structured_data|thread$|message_id$|stream$|opened$)/;
const mayStandIn = ['service', 'host', 'group', 'stream', 'event_id'];

/**
 * Rows as JSON without what a transport may add to those of its lines: the time and the level of a line that states
 * none, and the year of a time without one, which is that of the arrival.
 */
export function withoutCarried(rows: Rows): string[] {
  return [...rows.values()].map(({ row }) => {
    const isTimed = row.time_from === undefined || row.time_from === 'event';
    const pairs = Object.entries(row).flatMap(([name, value]) => {
      if (mayStandIn.includes(name)) return [];
      if (['time', 'time_from'].includes(name))
        return isTimed ? [[name, row.time_from ? String(value).replace(/^\d{4}-/, '') : value]] : [];
      if (name !== 'extra' && name !== 'attributes') return [[name, sameBytes(value)]];
      const own = Object.entries(value as object)
        .filter(([key]) => !carried.test(key))
        .map(([key, inner]) => [key, sameBytes(inner)])
        .sort();
      return own.length === 0 ? [] : [[name, own]];
    });
    return JSON.stringify(Object.fromEntries(pairs as [string, unknown][]));
  });
}

/** A transport that writes JSON replaces each byte that is not UTF-8, our display several at once. */
function sameBytes(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\uFFFD+/g, '\uFFFD') : value;
}

/** Such a row without its level, which klog, journald and syslog state for lines that do not. */
export function withoutLevel(text: string): string {
  return text.replace(/"level":"[A-Z]+",?/, '');
}
