import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { countViewer } from '../../src/ledger/forget-viewer.ts';
import { isSound, verifyStore } from '../../src/ledger/verify/verify-store.ts';
import { ingestFiles } from '../../src/pipeline/ingest-files.ts';
import { header, lines } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { RollupKeeper } from '../../src/rollups/keep-rollups.ts';
import { openStore } from '../../src/store/open-store.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { filesWith } from '../search-parts.ts';
import { keepKills, killOnCopies } from './kill-copies.ts';
import { makeScratchFolder } from './scratch-folder.ts';

vi.setConfig({ testTimeout: 600_000 + keepKills * 60_000 });

const address = '203.0.113.77';
const others = ['203.0.113.7', '203.0.113.78'];
const rowsOfViewer = 40;
const signs = {
  listing: { tables: ['forgetting'], entry: /^(tmp_insert_)?\d+_/ },
  recording: { tables: ['forgets', 'corrections'], entry: /^(tmp_insert_)?all_/ },
  deleting: { tables: ['requests', 'logs', 'rejects', 'rollup_blocks', 'rollup_clients'], entry: /^mutation_/ },
} as const;
/** Of the tables, and of the books. */
const counts = `
  SELECT
    (SELECT count() FROM requests) AS requests,
    (SELECT count() FROM logs) AS logs,
    (SELECT count() FROM rejects) AS rejects,
    (SELECT -sum(lines) FROM corrections WHERE forget != 0) AS forgotten,
    (SELECT sum(requests + logs + rejects) FROM forgets FINAL WHERE state = 'done') AS recorded,
    (SELECT count() FROM forgets FINAL WHERE state != 'done') AS unfinished,
    (SELECT count() FROM forgetting) AS listed`;

test(`a forget that is killed ${keepKills} times forgets the viewer, once, and nobody else`, async () => {
  const template = await fillStore(makeScratchFolder());
  const forget = (store: string) => ['forget', '--store', store, '--client-ip', address, '--json'];
  const ofViewer = rowsOfViewer + 2;
  await killOnCopies({
    template,
    signs,
    command: forget,
    goOn: [forget, (store) => ['retain', '--store', store, '--json']],
    check: async (directory) => {
      const { engine, close } = await openStore({ directory });
      try {
        expect(await countViewer(engine, { address })).toEqual({ requests: 0, logs: 0, rejects: 0, rollups: 0 });
        const left = { requests: others.length * rowsOfViewer, logs: others.length, rejects: others.length };
        expect(await engine.rows({ sql: counts })).toEqual([
          { ...left, forgotten: ofViewer, recorded: ofViewer, unfinished: 0, listed: 0 },
        ]);
        const verified = await verifyStore(engine);
        expect(isSound(verified)).toBe(true);
        expect(verified.accounts.map(({ unrecorded }) => unrecorded)).toEqual([0, 0, 0]);
      } finally {
        await close();
      }
      expect(await filesWith(directory, address)).toEqual([]);
    },
  });
});

/** Each address has requests, a line of a log, a rejected line and sums. @returns the directory */
async function fillStore(folder: string): Promise<string> {
  const directory = copyPreparedStore(join(folder, 'template'));
  const store = await openStore({ directory });
  const paths = [address, ...others].flatMap((ip, at) => {
    const [access, app] = [join(folder, `${at}.log`), join(folder, `${at}.json`)];
    const requests = lines(rowsOfViewer, `viewer-${at}`).replaceAll('203.0.113.7', ip);
    writeFileSync(access, `${header}${requests}no line of it: ${ip}:443\n`);
    writeFileSync(app, `{"level":"info","time":"2026-03-01T10:00:00Z","msg":"${ip} logged in"}\n`);
    return [access, app];
  });
  expect(await ingestFiles(store, paths)).toMatchObject({ failed: [] });
  const rollups = new RollupKeeper(store.engine);
  await rollups.look();
  await rollups.look();
  await store.close();
  return directory;
}
