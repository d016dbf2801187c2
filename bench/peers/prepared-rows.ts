import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Engine } from '../../src/engine/engine.ts';
import { openEngine } from '../../src/engine/open-engine.ts';
import { bareColumns } from '../bare-insert.ts';

/** The columns of the log itself, and the two that the questions need besides. */
export const preparedColumns = [...bareColumns, 'distribution', 'is_bot'];

/** The rows of a store as files that the peers read as they are; each holds all rows, in several files. */
export interface PreparedRows {
  /** JSON objects, one a line, without empty values. Gzipped. */
  readonly json: readonly string[];
  /** Comma-separated with a line of names. Gzipped. */
  readonly csv: readonly string[];
  readonly rows: number;
}

/** In time order, as a log has it; a quarter of the rows a file. */
const fileCount = 4;

export async function prepareRows(store: string, directory: string): Promise<PreparedRows> {
  await mkdir(directory);
  const engine = await openEngine({ directory: store });
  try {
    const [found] = await engine.rows<{ rows: number }>({ sql: 'SELECT count() AS rows FROM requests' });
    const json: string[] = [];
    const csv: string[] = [];
    for (let file = 0; file < fileCount; file++) {
      json.push(await write(engine, join(directory, `${file}.json.gz`), file, 'JSONEachRow'));
      csv.push(await write(engine, join(directory, `${file}.csv.gz`), file, 'CSVWithNames'));
    }
    return { json, csv, rows: found?.rows ?? 0 };
  } finally {
    await engine.close();
  }
}

async function write(engine: Engine, path: string, file: number, format: string): Promise<string> {
  const statement = {
    sql: `SELECT ${preparedColumns.join(', ')} FROM requests WHERE intDiv(toHour(time), ${24 / fileCount}) = {file:UInt8} ORDER BY time`,
    params: { file },
    // VictoriaLogs takes empty values for absent ones, so it needs no nulls; times are RFC 3339.
    settings: { output_format_json_quote_64bit_integers: 0, date_time_output_format: 'iso' },
  };
  const chunks = Readable.from(engine.stream(statement, { format }));
  await pipeline(chunks, createGzip({ level: 6 }), createWriteStream(path));
  return path;
}
