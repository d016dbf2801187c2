import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Run } from '../comparisons/runs.ts';
import { startServer } from '../tailrace-process.ts';
import { askAll, assertSameAnswers, type PeerResult } from './peer-result.ts';
import { type PreparedRows, prepareRows } from './prepared-rows.ts';
import { type Needles, sqlQuestions } from './questions.ts';
import { runVictoriaLogs } from './victorialogs.ts';

const run = promisify(execFile);

export interface OwnStore {
  readonly store: string;
  readonly ingest: Run;
  readonly storedBytes: number;
}

/** The store and its peers with the same rows, one after the other. */
export async function comparePeers(own: OwnStore, work: string): Promise<PeerResult[]> {
  const { needles, ...ours } = await askOwn(own);
  const directory = join(work, 'peers');
  const prepared = await prepareRows(own.store, directory);
  try {
    const results = [
      ours,
      await runVictoriaLogs(prepared, needles, join(directory, 'victorialogs')),
      await runDuckDb(prepared, needles, join(directory, 'duckdb')),
    ];
    assertSameAnswers(results);
    return results;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Through the program's own server. */
async function askOwn({ store, ingest, storedBytes }: OwnStore): Promise<PeerResult & { readonly needles: Needles }> {
  const server = await startServer(store);
  try {
    const ask = async (sql: string): Promise<Record<string, string>[]> => {
      const { text } = await server.timeRequest('/api/query', { sql, format: 'ndjson' });
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, string>]));
    };
    const pick = async (value: string): Promise<string> => {
      const [row] = await ask(
        `SELECT ${value} AS needle FROM requests GROUP BY needle HAVING count() <= 3 AND match(needle, '^[-./:=_A-Za-z0-9]{7,}$') ORDER BY cityHash64(needle) LIMIT 1`,
      );
      return row?.needle ?? '';
    };
    const needles = {
      requestId: await pick('request_id'),
      address: await pick('client_ip'),
      pathPart: await pick("trimBoth(substring(path, 4), '/.')"),
    };
    const count = async (sql: string): Promise<number> => {
      const { text } = await server.timeRequest('/api/query', { sql, format: 'ndjson' });
      return text.split('\n').length - 1;
    };
    const answers = await askAll(sqlQuestions('requests', needles), count, server.cpuSeconds);
    return { name: 'Tailrace', ingest, storedBytes, answers, needles };
  } finally {
    await server.stop();
  }
}

async function runDuckDb({ csv }: PreparedRows, needles: Needles, database: string): Promise<PeerResult> {
  const module = (await run(fileURLToPath(new URL('./install-duckdb', import.meta.url)))).stdout.trim();
  const script = fileURLToPath(new URL('./duckdb.ts', import.meta.url));
  const options = JSON.stringify({ files: csv, needles });
  const { stdout } = await run(process.execPath, ['--import', 'tsx', script, module, database, options]);
  return JSON.parse(stdout) as PeerResult;
}
