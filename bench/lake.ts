/**
 * Hours as Parquet: `tailrace lake export` against the engine's own bare INSERT INTO FUNCTION file(…, Parquet) of the same rows,
 * alternately and by the least CPU time; the size of the lake against gzip of the lines; and what a question about one day of a
 * hundred reads.
 *
 *   npm run bench:lake -- [--rows 1000000] [--repeat 3]
 *
 * Needs the built program. Prints Markdown.
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exportHours } from '../src/lake/export-hours.ts';
import { FolderLake } from '../src/lake/folder-lake.ts';
import { openStore } from '../src/store/open-store.ts';
import { type Finding, formatFindings, isMet } from './findings.ts';
import { describeMachine } from './machine.ts';
import { measureProcess } from './process-measure.ts';
import { runIngest, runTailrace } from './tailrace-process.ts';
import { writeLogs } from './traffic/write-logs.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, repeat: { type: 'string', default: '3' } },
});
const rows = Number(values.rows);
const machine = describeMachine();
const work = await mkdtemp(join(tmpdir(), 'tailrace-bench-lake-'));

try {
  const findings = [...(await measureExport()), await measureDay()];
  console.log(formatFindings(machine, rows, findings));
  process.exitCode = findings.some((finding) => isMet(finding) === false) ? 1 : 0;
} finally {
  await rm(work, { recursive: true, force: true });
}

async function measureExport(): Promise<Finding[]> {
  const data = await writeLogs({ rows, directory: join(work, 'logs'), layout: 'one' });
  const store = join(work, 'store');
  await runIngest(store, data.files[0] ?? '', rows);
  const bareScript = `
    const { Session } = require('chdb');
    const session = new Session(${JSON.stringify(join(store, 'clickhouse'))});
    session.query("INSERT INTO FUNCTION file('" + process.argv[1] + "', Parquet) SELECT * FROM tailrace.requests");
    process.exit(0);`;
  const ours: number[] = [];
  const bare: number[] = [];
  let bytes = 0;
  for (let round = 1; round <= Number(values.repeat); round++) {
    const lake = join(work, `lake-${round}`);
    ours.push((await runTailrace(['lake', 'export', lake, '--store', store, '--quiet'])).cpuSeconds);
    const file = join(work, `bare-${round}.parquet`);
    bare.push((await measureProcess(process.execPath, ['-e', bareScript, file])).cpuSeconds);
    bytes = await sizeOf(lake);
    console.error(`round ${round}: lake ${ours.at(-1)?.toFixed(2)} s of CPU, bare ${bare.at(-1)?.toFixed(2)} s`);
    await rm(lake, { recursive: true });
    await rm(file);
  }
  const [least, leastBare] = [Math.min(...ours), Math.min(...bare)];
  return [
    {
      name: 'export against the bare INSERT, CPU',
      value: leastBare / least,
      unit: '×',
      target: { atLeast: 0.7 },
      from: `${leastBare.toFixed(2)} s / ${least.toFixed(2)} s of CPU, start of each process included`,
    },
    {
      name: 'size against gzip of the lines',
      value: bytes / data.gzipBytes,
      unit: '×',
      target: { atMost: 0.6 },
      from: `${(bytes / 1e6).toFixed(1)} MB / ${(data.gzipBytes / 1e6).toFixed(1)} MB`,
    },
  ];
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = names
    .filter((name) => name.endsWith('.parquet'))
    .map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function measureDay(): Promise<Finding> {
  const folder = join(work, 'days');
  const store = await openStore({ directory: join(work, 'days-store') }, { lakeFolder: folder });
  try {
    await store.engine.run({
      sql: `INSERT INTO requests (time, path, client_ip, bytes_sent, batch, line_number)
            SELECT toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + toIntervalDay(number % 100) + number % 3600,
              concat('/', toString(cityHash64(number))), concat('192.0.2.', toString(number % 250)), number, 1, number
            FROM numbers(1000000)`,
    });
    const lake = new FolderLake({ type: 'folder', path: folder });
    await lake.open();
    const range = { fromMs: 0, toMs: Date.UTC(2027, 0, 1) };
    await exportHours(store.engine, lake, { tables: ['requests'], range, mask: {} }, new AbortController().signal);
    const read = async (where: string) => {
      const sql = `SELECT count(), sum(bytes_sent), uniq(path) FROM lake.requests ${where}`;
      const chunks: Uint8Array[] = [];
      for await (const chunk of store.engine.ask({ sql }, { format: 'JSONCompact' })) chunks.push(chunk);
      return (JSON.parse(Buffer.concat(chunks).toString()) as { statistics: { bytes_read: number } }).statistics
        .bytes_read;
    };
    const [all, day] = [await read(''), await read("WHERE dt = '2026-02-14'")];
    return {
      name: 'bytes that one day of a hundred reads',
      value: day / all,
      unit: '×',
      target: { atMost: 0.02 },
      from: `${day.toLocaleString('en')} of ${all.toLocaleString('en')} bytes`,
    };
  } finally {
    await store.close();
  }
}
