import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { isSound, verifyStore } from '../../src/ledger/verify/verify-store.ts';
import { ingestFiles } from '../../src/pipeline/ingest-files.ts';
import { header, lines } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { RollupKeeper } from '../../src/rollups/keep-rollups.ts';
import { openStore } from '../../src/store/open-store.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { keepKills, killOnCopies } from './kill-copies.ts';
import { makeScratchFolder } from './scratch-folder.ts';

vi.setConfig({ testTimeout: 600_000 + keepKills * 60_000 });

const dayMs = 86_400_000;
const rowsOfDay = 30;
const days = 8;
const keptDays = 3;
/** Rejected lines of one month, in part too old. */
const rejectDays = { old: 5, kept: 20, limit: 10 };
const signs = {
  planning: { tables: ['deletions', 'expirations'], entry: /^(tmp_insert_)?all_/ },
  dropping: { tables: ['requests', 'logs'], entry: /^(tmp_[a-z]+_)?\d{8}_/ },
  deleting: { tables: ['rejects', 'rollup_blocks', 'rollup_clients'], entry: /^mutation_/ },
} as const;

const sums = `
  SELECT
    (SELECT count() FROM requests) AS requests,
    (SELECT count() FROM logs) AS logs,
    (SELECT count() FROM rejects) AS rejects,
    (SELECT sum(rows) FROM deletions FINAL WHERE state = 'deleted' AND table_name = 'requests') AS deleted_requests,
    (SELECT sum(rows) FROM deletions FINAL WHERE state = 'deleted' AND table_name = 'logs') AS deleted_logs,
    (SELECT sum(rows) FROM deletions FINAL WHERE state = 'deleted' AND table_name = 'rejects') AS deleted_rejects,
    (SELECT count() FROM deletions FINAL WHERE state = 'planned') AS planned,
    (SELECT count() FROM rollup_blocks WHERE start < today() - ${keptDays}) AS old_sums`;

test(`a retention run that is killed ${keepKills} times deletes what is too old, counts it once, and nothing else`, async () => {
  const folder = makeScratchFolder();
  const template = await fillStore(folder);
  const config = join(folder, 'tailrace.yaml');
  const month = monthBefore(Date.now());
  const rejects = Math.round((Date.now() - month - (rejectDays.limit - 1) * dayMs) / 1000);
  writeFileSync(
    config,
    JSON.stringify({ retention: { requests: `${keptDays}d`, logs: `${keptDays}d`, rejects: `${rejects}s` } }),
  );
  const retain = (store: string) => ['retain', '--store', store, '--config', config, '--json'];
  const left = keptDays + 1;
  await killOnCopies({
    template,
    signs,
    command: retain,
    goOn: [retain],
    check: async (directory) => {
      const { engine, close } = await openStore({ directory });
      try {
        expect(await engine.rows({ sql: sums })).toEqual([
          {
            ...{ requests: left * rowsOfDay, logs: left, rejects: days },
            ...{ deleted_requests: (days - left) * rowsOfDay, deleted_logs: days - left, deleted_rejects: days },
            ...{ planned: 0, old_sums: 0 },
          },
        ]);
        const verified = await verifyStore(engine);
        expect(isSound(verified)).toBe(true);
        expect(verified.accounts.map(({ unrecorded }) => unrecorded)).toEqual([0, 0, 0]);
      } finally {
        await close();
      }
    },
  });
});

/** The first day of the month before. */
function monthBefore(ms: number): number {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1);
}

/** Requests and logs of some days until today, rejected lines of the month before, and sums. @returns the directory */
async function fillStore(folder: string): Promise<string> {
  const directory = copyPreparedStore(join(folder, 'template'));
  const store = await openStore({ directory });
  const paths = Array.from({ length: days }, (_, ago) =>
    new Date(Date.now() - ago * dayMs).toISOString().slice(0, 10),
  ).flatMap((day) => {
    const [access, app] = [join(folder, `${day}.log`), join(folder, `${day}.json`)];
    const requests = lines(rowsOfDay, day).replaceAll('2026-03-01\t', `${day}\t`);
    writeFileSync(access, `${header}${requests}no line of it\nand no other\n`);
    writeFileSync(app, `{"level":"info","time":"${day}T10:00:00Z","msg":"hello"}\n`);
    return [access, app];
  });
  expect(await ingestFiles(store, paths)).toMatchObject({ failed: [], rejected: 2 * days });
  await moveRejects(store.engine);
  const rollups = new RollupKeeper(store.engine);
  await rollups.look();
  await rollups.look();
  await store.close();
  return directory;
}

/** As if rejected lines had come last month, and what the ledger says of them. */
async function moveRejects(engine: Engine): Promise<void> {
  const run = (sql: string) => engine.run({ sql, settings: { mutations_sync: 2 } });
  const month = monthBefore(Date.now()) / 1000;
  const at = `toDateTime64(${month} + 86400 * if(line LIKE 'no%', ${rejectDays.old - 1}, ${rejectDays.kept - 1}), 3, 'UTC')`;
  await run(`INSERT INTO rejects SELECT * REPLACE (${at} AS at) FROM rejects`);
  await run('ALTER TABLE rejects DELETE WHERE at > now() - INTERVAL 1 HOUR');
  await run(`ALTER TABLE ledger UPDATE stored_at = toDateTime64(${month}, 3, 'UTC') WHERE 1`);
}
