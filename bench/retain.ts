/**
 * Deletes from a store of 60 days that the engine itself has built: one viewer by `tailrace forget`, and the older 30 days by
 * `tailrace retain`.
 *
 *   npm run bench:retain -- [--rows 50000000] [--work DIR]
 *
 * Needs the built program; 50 M rows need 10 GB of disk. Results go to bench/results/.
 */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Engine } from '../src/engine/engine.ts';
import { openEngine } from '../src/engine/open-engine.ts';
import { type Finding, formatFindings, isMet } from './findings.ts';
import { describeMachine } from './machine.ts';
import { buildMonth } from './month/build-month.ts';
import { saveResults } from './save-results.ts';
import { runTailrace } from './tailrace-process.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '50000000' }, work: { type: 'string', default: tmpdir() } },
});
const span = { days: 60, firstDay: '2026-09-20' };
/** The first day that stays. */
const keptFrom = '2026-10-20';
const dayMs = 86_400_000;

const machine = describeMachine();
const work = await mkdtemp(join(resolve(values.work), 'tailrace-bench-retain-'));
const store = join(work, 'store');

try {
  const built = await buildMonth(store, Number(values.rows), span);
  console.error(`${built.rows} rows, ${(built.storedBytes / 2 ** 30).toFixed(2)} GiB, in "${store}"`);
  const viewers = await withStore(chooseViewers);
  const findings = [
    await measureForget('the median viewer', viewers.median),
    await measureForget('the busiest viewer', viewers.busiest),
    ...(await measureRetention()),
  ];
  console.log(formatFindings(machine, built.rows, findings));
  await saveResults(`retain-${built.rows}`, { machine, ...built, findings });
  process.exitCode = findings.some((finding) => isMet(finding) === false) ? 1 : 0;
} finally {
  await rm(work, { recursive: true, force: true });
}

async function withStore<T>(use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openEngine({ directory: store });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

async function chooseViewers(engine: Engine): Promise<{ median: string; busiest: string }> {
  const viewers = 'SELECT client_ip, count() AS requests FROM requests GROUP BY client_ip';
  const [found] = await engine.rows<{ median: string; busiest: string }>({
    sql: `
      WITH (SELECT quantileExact(requests) FROM (${viewers})) AS middle
      SELECT minIf(client_ip, requests = middle) AS median, argMax(client_ip, (requests, client_ip)) AS busiest
      FROM (${viewers})`,
  });
  if (!found) throw new Error('BUG: an aggregate without a row');
  return found;
}

async function measureForget(who: string, address: string): Promise<Finding> {
  const args = ['forget', '--store', store, '--client-ip', address, '--json'];
  const { seconds, cpuSeconds, stdout } = await runTailrace(args);
  const { requests } = (JSON.parse(stdout) as { forgotten: { requests: number } }).forgotten;
  if (requests === 0) throw new Error(`cannot trust the forget of ${who}: no request was found; the store has some`);
  const from = `${requests.toLocaleString('en')} requests; the whole command`;
  return { name: `forget ${who}`, value: seconds, unit: 's', target: { atMost: 60 }, cpu: cpuSeconds, from };
}

async function measureRetention(): Promise<Finding[]> {
  const config = join(work, 'tailrace.yaml');
  const age = Math.floor((Date.now() - Date.parse(keptFrom)) / dayMs);
  await writeFile(config, `store: { path: ${JSON.stringify(store)} }\nretention: { requests: ${age}d }\n`);
  const before = await bytesOf(store);
  const { seconds, cpuSeconds, stdout } = await runTailrace(['retain', '--config', config, '--json']);
  const { deleted } = JSON.parse(stdout) as { deleted: { table: string; rows: number; bytes: number }[] };
  const { rows = 0, bytes = 0 } = deleted.find(({ table }) => table === 'requests') ?? {};
  await withStore(removeOldParts);
  const freed = before - (await bytesOf(store));
  return [
    {
      name: `retention of ${span.days / 2} of ${span.days} days`,
      value: seconds,
      unit: 's',
      target: { atMost: 10 },
      cpu: cpuSeconds,
      from: `${rows.toLocaleString('en')} rows; the whole command`,
    },
    {
      name: 'bytes that became free, of those deleted',
      value: freed / bytes,
      unit: '×',
      target: { atLeast: 0.95 },
      from: `${(freed / 1e6).toFixed(1)} MB / ${(bytes / 1e6).toFixed(1)} MB`,
    },
  ];
}

/** The engine would do it within eight minutes. */
async function removeOldParts(engine: Engine): Promise<void> {
  await engine.run({ sql: 'ALTER TABLE requests MODIFY SETTING old_parts_lifetime = 0' });
  const deadline = performance.now() + 600_000;
  for (;;) {
    const [old] = await engine.rows({
      sql: "SELECT 1 FROM system.parts WHERE database = currentDatabase() AND table = 'requests' AND NOT active LIMIT 1",
    });
    if (!old) return;
    if (performance.now() > deadline)
      throw new Error('cannot measure what became free: deleted parts stay on the disk');
    await sleep(500);
  }
}

async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  let sum = 0;
  for (const { parentPath, name } of files) sum += (await stat(join(parentPath, name))).size;
  return sum;
}
