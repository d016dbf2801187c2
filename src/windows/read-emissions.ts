import { quoteString } from '../engine/bound-parameter.ts';
import type { Engine } from '../engine/engine.ts';

/** An emitted window. */
export interface EmittedWindow {
  /** Of the windows of its query, from 1 without gaps. */
  readonly sequence: number;
  /** `{"query":…,"sequence":…,"window_start":…,"window_end":…,"correction":…,"source_rows":…,"version":…,"rows":[…]}`, one line; of a session also its `key`. */
  readonly json: string;
  readonly rows: number;
  /** By the clock of the store, epoch ms. */
  readonly emittedAtMs: number;
}

/** The columns that emitted windows have, and up to which window. */
interface Portion {
  readonly version: string;
  readonly names: readonly string[];
  readonly types: readonly string[];
  /** Sequence number of the first window of another version. */
  readonly until: string;
}

/**
 * Emitted windows after a sequence number, the oldest first; those whose results have expired are left out.
 * @param most windows
 */
export async function readEmissions(
  engine: Engine,
  query: string,
  { after, most }: { readonly after: number; readonly most: number },
): Promise<EmittedWindow[]> {
  const portion = await findPortion(engine, query, after);
  if (!portion) return [];
  const { version, until } = portion;
  return engine.rows<EmittedWindow>({
    sql: `
      SELECT
        e.sequence AS sequence, e.rows AS rows, toUnixTimestamp64Milli(e.emitted_at) AS emittedAtMs,
        concat(
          '{"query":', toJSONString({query:String}), ',"sequence":', toString(e.sequence),
          ',"window_start":"', ${iso('e.window_start')}, '","window_end":"', ${iso('e.window_end')},
          '","correction":', toString(e.correction), if(empty(e.key), '', concat(',"key":', toJSONString(e.key))),
          ',"source_rows":', toString(e.source_rows), ',"version":"', toString(e.version), '","rows":[',
          arrayStringConcat(arrayMap(found -> found.2, arraySort(groupArrayIf((r.number, r.json), r.json != ''))), ','), ']}'
        ) AS json
      FROM (
        SELECT * FROM window_emissions
        WHERE query = {query:String} AND version = {version:UInt64} AND sequence > {after:UInt64} AND sequence < {until:UInt64}
        ORDER BY sequence
        LIMIT {most:UInt32}
      ) AS e
      LEFT JOIN (
        SELECT emission, window_start, key, number, ${rowAsJson(portion)} AS json
        FROM window_results
        WHERE query = {query:String} AND version = {version:UInt64} AND emission IN (
          SELECT emission FROM window_emissions
          WHERE query = {query:String} AND version = {version:UInt64} AND sequence > {after:UInt64} AND sequence <= {after:UInt64} + {most:UInt32}
        )
      ) AS r ON r.emission = e.emission AND r.window_start = e.window_start AND r.key = e.key
      GROUP BY e.sequence, e.rows, e.emitted_at, e.window_start, e.window_end, e.correction, e.version, e.key, e.source_rows
      ORDER BY sequence`,
    params: { query, version, after, until, most },
  });
}

/** The sequence number of the newest emission; 0 before the first. */
export async function newestSequence(engine: Engine, query: string): Promise<number> {
  const [found] = await engine.rows<{ newest: number }>({
    sql: 'SELECT max(sequence) AS newest FROM window_emissions WHERE query = {query:String}',
    params: { query },
  });
  return found?.newest ?? 0;
}

/**
 * The sequence number after which the newest emissions follow; 0 before the first.
 * @param mostRows of their results together; the newest emission may have more
 */
export async function beforeNewest(
  engine: Engine,
  query: string,
  { most, mostRows }: { readonly most: number; readonly mostRows: number },
): Promise<number> {
  const [found] = await engine.rows<{ before: number }>({
    sql: `
      SELECT toUInt32(min(sequence) - 1) AS before
      FROM (
        SELECT sequence, sum(rows) OVER (ORDER BY sequence DESC) AS together, row_number() OVER (ORDER BY sequence DESC) AS place
        FROM (
          SELECT sequence, rows FROM window_emissions WHERE query = {query:String} ORDER BY sequence DESC LIMIT {most:UInt32}
        )
      )
      WHERE together <= {mostRows:UInt32} OR place = 1
      HAVING count() > 0`,
    params: { query, most, mostRows },
  });
  return found?.before ?? 0;
}

async function findPortion(engine: Engine, query: string, after: number): Promise<Portion | undefined> {
  const [found] = await engine.rows<Portion>({
    sql: `
      WITH (
        SELECT (argMin(version, sequence), count()) FROM window_emissions WHERE query = {query:String} AND sequence > {after:UInt64}
      ) AS next
      SELECT
        toString(next.1) AS version, any(v.names) AS names, any(v.types) AS types,
        (
          SELECT toString(if(count() = 0, toUInt64(18446744073709551615), min(sequence)))
          FROM window_emissions
          WHERE query = {query:String} AND sequence > {after:UInt64} AND version != next.1
        ) AS until
      FROM window_versions AS v
      WHERE v.version = next.1 AND next.2 > 0
      HAVING count() > 0`,
    params: { query, after },
  });
  return found;
}

/** SQL: `2026-03-01T10:00:00.000Z` */
function iso(time: string): string {
  return `concat(replaceOne(toString(${time}), ' ', 'T'), 'Z')`;
}

/** SQL: a row of `window_results` as a JSON object; integers of 64 bits as text. */
function rowAsJson({ names, types }: Portion): string {
  const members = names.map(
    (name, index) =>
      `${quoteString(`${index === 0 ? '' : ','}${JSON.stringify(name)}:`)}, toJSONString(CAST(row[${index + 1}], ${quoteString(types[index] ?? '')}))`,
  );
  return `concat('{', ${members.join(', ')}, '}')`;
}
