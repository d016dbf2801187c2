import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ingestFiles } from './ingest-files.ts';
import { header, lines, ScratchStore } from './test-doubles/scratch-store.ts';

/** As in a container of 1 GiB, of which the engine gets its share. */
const constrained = vi.spyOn(process, 'constrainedMemory').mockReturnValue(1024 ** 3);

let scratch: ScratchStore;
beforeAll(async () => {
  scratch = await ScratchStore.open();
});
afterAll(async () => {
  await scratch?.close();
  constrained.mockRestore();
});

const ingest = (path: string) => ingestFiles(scratch.store, [path], { spoolDirectory: scratch.spoolDirectory });

test('many lines that are nearly too long fit into an INSERT', async () => {
  const long = Buffer.alloc(3_900_000, 'x');
  const content = [
    Buffer.from(header + lines(1)),
    ...Array.from({ length: 40 }, () => [long, Buffer.from('\n')]).flat(),
  ];
  const path = scratch.file('long.log', Buffer.concat(content));
  expect(await ingest(path)).toMatchObject({ rows: 1, rejected: 40, failed: [] });
});

test('so do a hundred thousand usual ones', async () => {
  const path = scratch.file('usual.log', header + lines(100_000, 'a'.repeat(150)));
  expect(await ingest(path)).toMatchObject({ rows: 100_000, failed: [] });
});
