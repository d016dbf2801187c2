/**
 * The engine's own bare INSERT … SELECT: the same files into the same typed columns with the same codecs and sort key,
 * and nothing else: no rejects, ledger, enrichment, projections or deduplication. The difference to the store's time is
 * the cost of these.
 *
 *   npx tsx bench/bare.ts 'DIRECTORY/*.gz'
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareInsert, bareTable } from './bare-insert.ts';
import { isMain } from './is-main.ts';

export interface BareRun {
  /** The INSERT alone; starting the engine and creating the table are not counted, in its favour. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rows: number;
  readonly storedBytes: number;
  readonly engineVersion: string;
}

interface Stored {
  readonly rows: string;
  readonly bytes: string;
  readonly version: string;
}

async function runBareInsert(pattern: string): Promise<BareRun> {
  // Before the first native call: the engine's calls run on this pool.
  process.env.UV_THREADPOOL_SIZE ??= '8';
  const { Session } = await import('chdb');
  const directory = await mkdtemp(join(tmpdir(), 'bench-bare-'));
  const session = new Session(join(directory, 'data'));
  try {
    session.query(bareTable);
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    session.query(bareInsert(pattern));
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    const answer = session.query(
      `SELECT toString(sum(rows)) AS rows, toString(sum(bytes_on_disk)) AS bytes, version() AS version
       FROM system.parts WHERE active AND table = 'requests'`,
      'JSONEachRow',
    );
    const stored = JSON.parse(answer) as Stored;
    return {
      seconds,
      cpuSeconds: (user + system) / 1e6,
      rows: Number(stored.rows),
      storedBytes: Number(stored.bytes),
      engineVersion: stored.version,
    };
  } finally {
    session.cleanup();
    await rm(directory, { recursive: true, force: true });
  }
}

if (isMain(import.meta.url)) {
  console.log(JSON.stringify(await runBareInsert(process.argv[2] ?? '')));
  process.exit(0); // the engine's threads would keep the process alive
}
