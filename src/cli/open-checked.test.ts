import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { EngineProcess } from '../engine/embedded/engine-process.ts';
import { ingestFiles } from '../pipeline/ingest-files.ts';
import { header, lines } from '../pipeline/test-doubles/scratch-store.ts';
import { openToStore, openWatched } from './open-checked.ts';

/** Each statement costs some milliseconds of CPU before the user has an answer. */
test('opening a store, storing a file and closing take few statements', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tailrace-statements-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const location = { directory: join(root, 'store') };
  const file = join(root, 'one.log');
  const statements = vi.spyOn(EngineProcess.prototype, 'run');
  const sent = () => {
    const texts = statements.mock.calls.map(([{ sql }]) => sql.trim());
    statements.mockClear();
    return texts;
  };

  for (const tag of ['first', 'second']) {
    writeFileSync(file, header + lines(2, tag));
    const { watch: _, spoolDirectory, ...store } = await openToStore(location, { readable: ['/'] });
    expect(sent().length).toBeLessThanOrEqual(11);
    expect(await ingestFiles(store, [file], { spoolDirectory })).toMatchObject({ rows: 2 });
    expect(sent().length).toBeLessThanOrEqual(9);
    await store.close();
    expect(sent().length).toBeLessThanOrEqual(4);
  }

  const read = await openWatched(location);
  await read.looked;
  expect(sent().length).toBeLessThanOrEqual(7);
  await read.close();
});
